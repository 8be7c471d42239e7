import type { z } from 'zod';
import { isActive } from '../accounts/access.ts';
import { type Clock, toInstant } from '../clock.ts';
import type { Person } from '../contract/api.ts';
import { newId } from '../contract/ids.ts';
import type {
  Holiday,
  ListedHoliday,
  ListedPattern,
  newSwap,
  PlannedShift,
  RosterSettings,
  RosterView,
  ShiftChange,
  ShiftPattern,
  SingleShift,
  Swap,
} from '../contract/roster.ts';
import { HubError } from '../errors.ts';
import type { DutyBoard } from './duty-board.ts';
import { findGaps } from './gaps.ts';
import { plannedShifts, type Roster, type Span } from './planned-shifts.ts';
import type { RosterItem, RosterItems, RosterStore } from './roster-store.ts';

const dayMs = 24 * 3_600_000;
/** The longest span that is worked out at once. */
const longestViewMs = 62 * dayMs;
const longestShiftMs = 24 * 3_600_000;
/** Who clocked out within this time is remembered, longer than any shift lasts. */
const leftWithinMs = 2 * dayMs;

/** What the desk needs of others. */
export interface RosterDeskParts {
  site: string;
  store: RosterStore;
  /** Everyone with an account. */
  people: () => Promise<Person[]>;
  settings: () => Promise<RosterSettings>;
  board: DutyBoard;
  clock: Clock;
}

/** Where the roster is read and changed; after every change the board knows. */
export class RosterDesk {
  readonly #parts: RosterDeskParts;

  constructor(parts: RosterDeskParts) {
    this.#parts = parts;
  }

  /** Reads everything anew: at the start, after changes, and now and then, because people come and go. */
  async refresh(): Promise<void> {
    const { board, store, clock } = this.#parts;
    const { roster, plannedGates, settings, people } = await this.#read();
    const active = people.filter((person) => isActive(person, clock.now()));
    const managers = active.filter(({ role }) => role === 'manager');
    const answering = managers.length > 0 ? managers : active.filter(({ role }) => role === 'admin');
    board.take({
      roster,
      settings,
      plannedGates,
      managers: answering.map(({ id, displayName }) => ({ id, displayName })),
      gone: new Set(people.filter((person) => !active.includes(person)).map(({ id }) => id)),
      leftAt: await store.leftSince(toInstant(clock.now() - leftWithinMs)),
    });
  }

  /** Refused with ROSTER_SPAN_INVALID when it ends before it starts or is longer than two months. */
  async view(span: Span): Promise<RosterView> {
    if (span.until <= span.from || span.until - span.from > longestViewMs) {
      throw new HubError('ROSTER_SPAN_INVALID');
    }
    const { items, roster, plannedGates, settings } = await this.#read();
    const shifts = plannedShifts(roster, span);
    return {
      from: toInstant(span.from),
      until: toInstant(span.until),
      shifts,
      gaps: findGaps({ settings, plannedGates }, shifts, span),
      patterns: items.patterns,
      holidays: items.holidays,
      swaps: items.swaps.filter(({ state }) => state === 'asked'),
    };
  }

  /** Everyone active who watches gates. */
  async colleagues(): Promise<Pick<Person, 'id' | 'displayName' | 'role'>[]> {
    const people = await this.#parts.people();
    return people
      .filter((person) => isActive(person, this.#parts.clock.now()) && person.role !== 'installer')
      .map(({ id, displayName, role }) => ({ id, displayName, role }));
  }

  async savePattern(pattern: ShiftPattern, id: string = this.#newId()): Promise<ListedPattern> {
    if (pattern.role === 'guard' && pattern.gates.length === 0) throw new HubError('SHIFT_WITHOUT_GATE');
    if (pattern.lastDay !== undefined && pattern.lastDay < pattern.firstDay) {
      throw new HubError('SHIFT_ENDS_BEFORE_IT_STARTS');
    }
    await this.#requirePerson(pattern.person);
    return this.#save({ kind: 'pattern', item: { ...pattern, id } });
  }

  /** Throws ROSTER_ITEM_UNKNOWN. */
  async changePattern(id: string, pattern: ShiftPattern): Promise<ListedPattern> {
    const { patterns } = await this.#parts.store.read(this.#parts.site);
    if (!patterns.some((known) => known.id === id)) throw new HubError('ROSTER_ITEM_UNKNOWN');
    return this.savePattern(pattern, id);
  }

  async addShift(shift: SingleShift): Promise<SingleShift & { id: string }> {
    if (shift.role === 'guard' && shift.gates.length === 0) throw new HubError('SHIFT_WITHOUT_GATE');
    const lasts = Date.parse(shift.until) - Date.parse(shift.from);
    if (lasts <= 0) throw new HubError('SHIFT_ENDS_BEFORE_IT_STARTS');
    if (lasts > longestShiftMs) throw new HubError('SHIFT_TOO_LONG');
    await this.#requirePerson(shift.person);
    return this.#save({ kind: 'single', item: { ...shift, id: this.#newId() } });
  }

  /** Another person takes one shift, or it falls away. Throws SHIFT_UNKNOWN. */
  async changeShift(change: ShiftChange): Promise<ShiftChange & { id: string }> {
    await this.#requireShift(change.shift);
    if (change.person !== undefined) await this.#requirePerson(change.person);
    return this.#save({ kind: 'change', item: { ...change, id: this.#newId() } });
  }

  async addHoliday(holiday: Holiday): Promise<ListedHoliday> {
    return this.#save({ kind: 'holiday', item: { ...holiday, id: this.#newId() } });
  }

  /** Throws ROSTER_ITEM_UNKNOWN. */
  async remove(kind: 'pattern' | 'single' | 'change' | 'holiday', id: string): Promise<void> {
    const { store, site } = this.#parts;
    if (!(await store.remove(site, kind, id))) throw new HubError('ROSTER_ITEM_UNKNOWN');
    await this.refresh();
  }

  /** Only whoever has the shift may ask, and only for a shift that has not begun. */
  async askSwap(asked: z.infer<typeof newSwap>, from: string): Promise<Swap> {
    const shift = await this.#requireShift(asked.shift);
    if (shift.person !== from) throw new HubError('SWAP_NOT_YOURS');
    await this.#requirePerson(asked.to);
    const now = this.#parts.clock.now();
    if (Date.parse(shift.from) <= now) throw new HubError('SWAP_TOO_LATE');
    const swap: Swap = { ...asked, id: newId(now), from, askedAt: toInstant(now), state: 'asked' };
    return this.#save({ kind: 'swap', item: swap });
  }

  /** Whoever was asked accepts or declines; whoever asked may withdraw. */
  async answerSwap(id: string, by: string, answer: 'accepted' | 'declined' | 'withdrawn'): Promise<Swap> {
    const { store, site, clock } = this.#parts;
    const { swaps } = await store.read(site);
    const swap = swaps.find((known) => known.id === id);
    if (!swap) throw new HubError('ROSTER_ITEM_UNKNOWN');
    if (swap.state !== 'asked')
      throw new HubError('SWAP_ANSWERED', undefined, { details: { state: swap.state } });
    if (by !== (answer === 'withdrawn' ? swap.from : swap.to)) throw new HubError('SWAP_NOT_YOURS');
    const shift = await this.#requireShift(swap.shift);
    if (answer === 'accepted' && (shift.person !== swap.from || Date.parse(shift.from) <= clock.now())) {
      throw new HubError('SWAP_TOO_LATE');
    }
    const answered: Swap = { ...swap, state: answer, answeredAt: toInstant(clock.now()) };
    const items: RosterItem[] = [{ kind: 'swap', item: answered }];
    if (answer === 'accepted') {
      const change = { id: this.#newId(), shift: swap.shift, person: swap.to, reason: swap.reason };
      items.push({ kind: 'change', item: change });
    }
    await store.save(site, items);
    await this.refresh();
    return answered;
  }

  async #save<T extends RosterItem>({ kind, item }: T): Promise<T['item']> {
    await this.#parts.store.save(this.#parts.site, [{ kind, item } as RosterItem]);
    await this.refresh();
    return item;
  }

  async #read(): Promise<{
    items: RosterItems;
    roster: Roster;
    plannedGates: string[];
    settings: RosterSettings;
    people: Person[];
  }> {
    const { store, site, settings: readSettings, people: readPeople } = this.#parts;
    const [items, settings, people] = await Promise.all([store.read(site), readSettings(), readPeople()]);
    const active = people.filter(({ disabledAt }) => disabledAt === undefined);
    const leavesAt = (endsAt: string | undefined) =>
      endsAt === undefined ? {} : { leavesAt: Date.parse(endsAt) };
    const roster: Roster = {
      timeZone: settings.timeZone,
      ...items,
      people: new Map(
        active.map(({ id, displayName, endsAt }) => [id, { displayName, ...leavesAt(endsAt) }]),
      ),
    };
    return { items, roster, plannedGates: gatesOf(items), settings, people };
  }

  async #requirePerson(id: string): Promise<void> {
    const people = await this.#parts.people();
    const person = people.find((known) => known.id === id);
    if (!person || !isActive(person, this.#parts.clock.now())) throw new HubError('PERSON_UNKNOWN');
  }

  /** A shift by its key: of a pattern and a day, or a single one. */
  async #requireShift(key: string): Promise<PlannedShift> {
    const { roster } = await this.#read();
    const day = key.split('/')[1];
    const single = roster.singles.find(({ id }) => id === key);
    const at = Date.parse(single?.from ?? `${day}T12:00:00.000Z`);
    const near = Number.isNaN(at)
      ? []
      : plannedShifts(roster, { from: at - 2 * dayMs, until: at + 2 * dayMs });
    const shift = near.find((known) => known.key === key);
    if (!shift) throw new HubError('SHIFT_UNKNOWN');
    return shift;
  }

  #newId(): string {
    return newId(this.#parts.clock.now());
  }
}

/** Gates that somebody is planned for, now or on another day. */
function gatesOf({ patterns, singles }: RosterItems): string[] {
  const guards = [...patterns, ...singles].filter(({ role }) => role === 'guard');
  return [...new Set(guards.flatMap(({ gates }) => gates))].sort();
}
