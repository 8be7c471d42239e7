import { type Clock, toInstant } from '../clock.ts';
import type { NewSnooze, Snooze } from '../contract/alerting.ts';
import { newId } from '../contract/ids.ts';
import { HubError } from '../errors.ts';
import type { Guard } from './alert.ts';
import type { SnoozeStore } from './snooze-store.ts';

const hourMs = 3_600_000;

/** Where people say what is not to ring for a while; what holds now is in memory for the judgement. */
export class SnoozeDesk {
  readonly #site: string;
  readonly #store: SnoozeStore;
  readonly #clock: Clock;
  #kept: Snooze[] = [];

  constructor(site: string, store: SnoozeStore, clock: Clock) {
    this.#site = site;
    this.#store = store;
    this.#clock = clock;
  }

  async load(): Promise<void> {
    this.#kept = await this.#store.endingAfter(this.#site, toInstant(this.#clock.now()));
  }

  /** Those that hold now, newest first. */
  current(): Snooze[] {
    const now = toInstant(this.#clock.now());
    return this.#kept.filter(({ until, ended }) => until > now && ended === undefined);
  }

  /** Refused with SNOOZE_TOO_LONG beyond `longestHours`. */
  async add(asked: NewSnooze, guard: Guard, longestHours: number): Promise<Snooze> {
    const now = this.#clock.now();
    const latest = toInstant(now + longestHours * hourMs);
    if (asked.until > latest) {
      throw new HubError('SNOOZE_TOO_LONG', undefined, { details: { latest } });
    }
    const by = { id: guard.id, displayName: guard.displayName, at: toInstant(now) };
    const snooze: Snooze = { ...asked, id: newId(now), by };
    await this.#keep(snooze);
    return snooze;
  }

  /** Throws SNOOZE_UNKNOWN for one that is over. */
  get(id: string): Snooze {
    const snooze = this.current().find((one) => one.id === id);
    if (!snooze) throw new HubError('SNOOZE_UNKNOWN');
    return snooze;
  }

  async end(id: string, guard: Guard): Promise<Snooze> {
    const at = toInstant(this.#clock.now());
    const ended = { ...this.get(id), ended: { id: guard.id, displayName: guard.displayName, at } };
    await this.#keep(ended);
    return ended;
  }

  async #keep(snooze: Snooze): Promise<void> {
    await this.#store.save(this.#site, snooze);
    this.#kept = [snooze, ...this.#kept.filter(({ id }) => id !== snooze.id)];
  }
}
