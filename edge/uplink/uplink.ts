import type { Policy } from '../../hub/contract/policy.ts';
import type { Telemetry } from '../../hub/contract/status.ts';

/** The box's one line to the hub. It never gives up and never loses: what is not receipted stays in the outbox. */
export interface Uplink {
  start(): void;
  /** Something new is in the outbox. */
  wake(): void;
  /** Best effort, QoS 0; nothing when offline. */
  report(telemetry: Telemetry): void;
  /** Says `offline` in the clear and disconnects. */
  stop(): Promise<void>;
  readonly connected: boolean;
  /** The last coded error while not connected. */
  readonly lastError: Error | undefined;
  /** Rising counters of messages from the hub that were not understood, and of sends that were repeated. */
  readonly counters: Readonly<Record<string, number>>;
}

/** What the box does with what the hub says. */
export interface UplinkListener {
  policyChanged(policy: Policy): void;
}
