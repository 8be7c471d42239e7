import type { EventLog, Replay } from '../event-log.ts';

/**
 * The event log as many tablets read it that wake at the same moment: those that stand at the same place share one
 * reading. What was read holds until the next turn of the event loop, or until something new is announced, so that
 * nobody who was woken is told again that there is nothing.
 */
export class SharedEventLog implements EventLog {
  readonly #log: EventLog;
  readonly #readings = new Map<string, Promise<Replay>>();

  constructor(log: EventLog) {
    this.#log = log;
  }

  lastId(): Promise<number> {
    return this.#log.lastId();
  }

  after(id: number, limit: number): Promise<Replay> {
    const place = `${id} ${limit}`;
    const shared = this.#readings.get(place);
    if (shared) return shared;
    if (this.#readings.size === 0) setImmediate(() => this.forget());
    const reading = this.#log.after(id, limit);
    this.#readings.set(place, reading);
    return reading;
  }

  /** There is something new: whoever reads from now on reads again. */
  forget(): void {
    this.#readings.clear();
  }
}
