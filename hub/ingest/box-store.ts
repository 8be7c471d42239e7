import type { BoxHealth } from '../contract/api.ts';
import type { BoxStatus, Telemetry } from '../contract/status.ts';
import type { BoxAddress } from '../contract/topics.ts';
import type { LoggedEvent } from '../event-log.ts';

/** Keeps the boxes: who may log in, and what each last said about itself. Every method is one unit of work. */
export interface BoxStore {
  /** Admits a box, or gives it a new token; only the hash is kept. */
  admit(address: BoxAddress, tokenHash: string, at: string): Promise<void>;
  tokenHash(address: BoxAddress): Promise<string | undefined>;
  /** Every box that was admitted or heard of, by site and name. */
  list(): Promise<BoxHealth[]>;
  /** Gates that a camera was ever heard of at, by name. */
  gates(site: string): Promise<string[]>;
  recordStatus(address: BoxAddress, status: BoxStatus, receivedAt: string): Promise<LoggedEvent[]>;
  recordTelemetry(address: BoxAddress, telemetry: Telemetry, receivedAt: string): Promise<LoggedEvent[]>;
  /** The embedded broker starts without connections: every box is offline until it says otherwise. */
  markAllOffline(): Promise<void>;
}
