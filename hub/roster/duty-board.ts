import type { Clock } from '../clock.ts';
import type { AlertStage, Duty } from '../contract/api.ts';
import type { PlannedShift, RosterSettings } from '../contract/roster.ts';
import { staffedGatesAt } from './gaps.ts';
import { type DutyFacts, lateAt, type OnDuty, onDutyAt, plannedFor } from './on-duty.ts';
import { plannedShifts, type Roster } from './planned-shifts.ts';
import { daysAfter, wallTimeAt, weekdayOf } from './zoned-time.ts';

const hourMs = 3_600_000;
/** Shifts are worked out for this long ahead and behind, and again when half of it has passed. */
const horizonMs = 24 * hourMs;

/** Everything the board answers from. */
export interface BoardFacts {
  clockedIn: Duty[];
  leftAt: Map<string, number>;
  roster: Roster;
  settings: RosterSettings;
  /** Gates that somebody is planned for on any day. */
  plannedGates: string[];
  /** Those who answer when nobody is on call: the active managers, or the admins where there is no manager. */
  managers: { id: string; displayName: string }[];
  /** Whose account is closed: they are on duty nowhere, although they never clocked out. */
  gone: ReadonlySet<string>;
  /** Who helps at a gate; without an entry all others do. */
  neighbours: Map<string, string[]>;
}

/** Nobody anywhere, until something is taken. */
const emptyBoard: BoardFacts = {
  clockedIn: [],
  leftAt: new Map(),
  roster: { timeZone: 'UTC', patterns: [], singles: [], changes: [], holidays: [], people: new Map() },
  settings: { timeZone: 'UTC', clockInRequired: true, graceMinutes: 10, forgottenHours: 16, staffed: [] },
  plannedGates: [],
  managers: [],
  gone: new Set(),
  neighbours: new Map(),
};

/** Who is on duty where now, in memory, so that an alert knows it without a question to the database. */
export class DutyBoard {
  readonly #clock: Clock;
  #facts: BoardFacts = { ...emptyBoard, leftAt: new Map() };
  #planned: PlannedShift[] = [];
  #plannedAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes what has changed; what is not named stays. */
  take(changed: Partial<BoardFacts>): void {
    this.#facts = { ...this.#facts, ...changed };
    if (changed.roster) this.#plannedAt = Number.NEGATIVE_INFINITY;
  }

  /** Somebody has clocked out: not expected back for the shift that they were on. */
  noteLeft(person: string, at: number): void {
    this.#facts.leftAt.set(person, at);
  }

  onDuty(gate: string): OnDuty[] {
    return onDutyAt(gate, this.#clock.now(), this.#dutyFacts());
  }

  /** Who a stage consists of at this gate now. */
  peopleAt(stage: AlertStage, gate: string): { id: string; displayName: string }[] {
    switch (stage) {
      case 'on_duty':
        return this.onDuty(gate).map(identify);
      case 'next_gate':
        return this.#helpersOf(gate).flatMap((helper) => this.onDuty(helper).map(identify));
      case 'shift_leader':
        return plannedFor('leader', gate, this.#clock.now(), this.#dutyFacts().planned).map(identify);
      case 'manager': {
        const onCall = plannedFor('on_call', gate, this.#clock.now(), this.#dutyFacts().planned);
        return onCall.length > 0 ? onCall.map(identify) : this.#facts.managers;
      }
    }
  }

  /** Gates that must be staffed now and at which nobody is, with those who should have come. */
  vacantGates(): { gate: string; late: string[] }[] {
    const { settings, plannedGates } = this.#facts;
    return staffedGatesAt({ settings, plannedGates }, this.#clock.now())
      .filter((gate) => this.onDuty(gate).length === 0)
      .map((gate) => ({ gate, late: lateAt(gate, this.#clock.now(), this.#dutyFacts()) }));
  }

  /** What the clock at the site shows now. */
  wallClock(): { weekday: number; weekdayBefore: number; time: string } {
    const { day, time } = wallTimeAt(this.#clock.now(), this.#facts.settings.timeZone);
    return { weekday: weekdayOf(day), weekdayBefore: weekdayOf(daysAfter(day, -1)), time };
  }

  #helpersOf(gate: string): string[] {
    const { neighbours, clockedIn, plannedGates } = this.#facts;
    const all = [...new Set([...clockedIn.map((duty) => duty.gate), ...plannedGates])].sort();
    return neighbours.get(gate) ?? all.filter((other) => other !== gate);
  }

  #dutyFacts(): DutyFacts {
    const now = this.#clock.now();
    if (Math.abs(now - this.#plannedAt) > horizonMs / 2) {
      this.#planned = plannedShifts(this.#facts.roster, { from: now - horizonMs, until: now + horizonMs });
      this.#plannedAt = now;
    }
    const { leftAt, settings, gone } = this.#facts;
    const clockedIn = this.#facts.clockedIn.filter(({ person }) => !gone.has(person));
    return { clockedIn, leftAt, settings, planned: this.#planned };
  }
}

function identify({ person, displayName }: OnDuty): { id: string; displayName: string } {
  return { id: person, displayName };
}
