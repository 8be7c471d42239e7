import { type Clock, toInstant } from '../clock.ts';
import type { Duty } from '../contract/api.ts';
import { HubError } from '../errors.ts';
import type { Announcer } from '../event-log.ts';
import { clockedIn, clockedOut } from './duty.ts';
import type { DutyBoard } from './duty-board.ts';
import type { DutyStore } from './duty-store.ts';

/** Where people clock in and out at gates; the board knows after every change. */
export class DutyDesk {
  readonly #store: DutyStore;
  readonly #announcer: Announcer;
  readonly #board: Pick<DutyBoard, 'take' | 'noteLeft'>;
  readonly #clock: Clock;

  constructor(
    store: DutyStore,
    announcer: Announcer,
    board: Pick<DutyBoard, 'take' | 'noteLeft'>,
    clock: Clock,
  ) {
    this.#store = store;
    this.#announcer = announcer;
    this.#board = board;
    this.#clock = clock;
  }

  /** Tells the board who is on duty: at the start. */
  async load(): Promise<void> {
    this.#board.take({ clockedIn: await this.#store.current() });
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
    const now = this.#clock.now();
    await this.#change((current) => clockedOut(current, person), toInstant(now));
    this.#board.noteLeft(person, now);
  }

  async #change(rule: (duties: Duty[]) => Duty[], at: string) {
    const change = await this.#store.change(rule, at);
    this.#board.take({ clockedIn: change.duties });
    this.#announcer.announce(change.events);
    return change;
  }
}
