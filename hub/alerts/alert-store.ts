import type { GateScope } from '../accounts/scope.ts';
import type { Alert, AlertPage, AlertQuery } from '../contract/api.ts';
import type { LoggedEvent } from '../event-log.ts';
import type { Told } from './escalation.ts';

/** An alert as saved, with the events that the same commit logged. */
export interface AlertChange {
  alert: Alert;
  events: LoggedEvent[];
}

/** Keeps alerts. Every method is one unit of work. */
export interface AlertStore {
  get(id: string): Promise<Alert | undefined>;
  /** How many are open and acknowledged, by gate. */
  countLive(): Promise<{ state: 'open' | 'acknowledged'; gate: string; count: number }[]>;
  /** Of the gates in the scope, newest first, pages by cursor. */
  list(query: AlertQuery, scope: GateScope): Promise<AlertPage>;
  /**
   * Reads, applies the pure rule, saves and logs in one transaction. What the rule throws is thrown and nothing is
   * saved; undefined when there is no such alert.
   */
  change(id: string, rule: (alert: Alert) => Alert): Promise<AlertChange | undefined>;
  /** Applies the rule to every open alert that opened before this instant. */
  changeOpenedBefore(before: string, rule: (alert: Alert) => Alert): Promise<AlertChange[]>;
  /** Applies the rule to open alerts whose next stage is due by this instant, with the notices that it asks for. */
  changeDue(at: string, rule: (alert: Alert) => Told): Promise<AlertChange[]>;
}
