import type { Snooze } from '../contract/alerting.ts';

/** Keeps what is not to ring for a while. */
export interface SnoozeStore {
  /** Those that end after an instant, newest first. */
  endingAfter(site: string, at: string): Promise<Snooze[]>;
  save(site: string, snooze: Snooze): Promise<void>;
}
