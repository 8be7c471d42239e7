import { type Clock, toInstant } from '../clock.ts';
import type { Duty } from '../contract/api.ts';
import { HubError } from '../errors.ts';
import type { Announcer } from '../event-log.ts';
import { clockedIn, clockedOut } from './duty.ts';
import type { DutyStore } from './duty-store.ts';

/** Where people clock in and out at gates. */
export class DutyDesk {
  readonly #store: DutyStore;
  readonly #announcer: Announcer;
  readonly #clock: Clock;

  constructor(store: DutyStore, announcer: Announcer, clock: Clock) {
    this.#store = store;
    this.#announcer = announcer;
    this.#clock = clock;
  }

  /** Everyone on duty now. */
  onDuty(): Promise<Duty[]> {
    return this.#store.current();
  }

  async of(person: string): Promise<Duty | undefined> {
    return (await this.#store.current()).find((duty) => duty.person === person);
  }

  /** Moves the person when they are on duty elsewhere; clocking in twice at one gate keeps the first time. */
  async clockIn(person: { id: string; displayName: string }, gate: string): Promise<Duty> {
    const since = toInstant(this.#clock.now());
    const starting: Duty = { person: person.id, displayName: person.displayName, gate, since };
    const { duties } = await this.#change((current) => clockedIn(current, starting), since);
    return duties.find((duty) => duty.person === person.id) ?? starting;
  }

  /** Refused with NOT_ON_DUTY when the person is at no gate. */
  async clockOut(person: string): Promise<void> {
    if (!(await this.of(person))) throw new HubError('NOT_ON_DUTY');
    await this.#change((current) => clockedOut(current, person), toInstant(this.#clock.now()));
  }

  async #change(rule: (duties: Duty[]) => Duty[], at: string) {
    const change = await this.#store.change(rule, at);
    this.#announcer.announce(change.events);
    return change;
  }
}
