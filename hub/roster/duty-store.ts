import type { Duty } from '../contract/api.ts';
import type { LoggedEvent } from '../event-log.ts';

/** The roster as saved, with the events that the same commit logged. */
export interface DutyChange {
  duties: Duty[];
  events: LoggedEvent[];
}

/** Keeps who is on duty now, and the finished shifts. Every method is one unit of work. */
export interface DutyStore {
  /** Everyone on duty, longest first. */
  current(): Promise<Duty[]>;
  /** Applies the pure rule to the roster, ends the shifts of those who left, saves and logs. */
  change(rule: (duties: Duty[]) => Duty[], at: string): Promise<DutyChange>;
}
