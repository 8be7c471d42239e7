import type { Duty } from '../contract/api.ts';
import type { PlannedShift, RosterSettings } from '../contract/roster.ts';

/** Somebody who is on duty at a gate, and how we know. */
export interface OnDuty {
  person: string;
  displayName: string;
  /** `expected`: planned, the shift has just begun, and not clocked in yet. */
  how: 'clocked_in' | 'expected';
}

/** What the question is answered from. */
export interface DutyFacts {
  clockedIn: Duty[];
  /** All that touch the instant. */
  planned: PlannedShift[];
  /** When each person last clocked out, ms since the epoch: who has left early is not expected back. */
  leftAt: Map<string, number>;
  settings: Pick<RosterSettings, 'clockInRequired' | 'graceMinutes' | 'forgottenHours'>;
}

const minuteMs = 60_000;

/**
 * Who is on duty at this gate at this instant (ms since the epoch): whoever has clocked in there, until they clock
 * out, also beyond the end of their shift; and whoever is planned there, is nowhere else, and may still be on the way.
 */
export function onDutyAt(gate: string, at: number, facts: DutyFacts): OnDuty[] {
  const present = presentAt(at, facts);
  const clockedIn = present
    .filter((duty) => duty.gate === gate)
    .map(({ person, displayName }): OnDuty => ({ person, displayName, how: 'clocked_in' }));
  const expected = guardShifts(gate, at, facts)
    .filter((shift) => isExpected(shift, at, facts) && !present.some(({ person }) => person === shift.person))
    .map(({ person, displayName }): OnDuty => ({ person, displayName, how: 'expected' }));
  return [...clockedIn, ...withoutRepeats(expected)];
}

/** Who is planned at this gate, has not come within the grace and stands at no other gate. */
export function lateAt(gate: string, at: number, facts: DutyFacts): string[] {
  const present = presentAt(at, facts);
  const late = guardShifts(gate, at, facts).filter(
    (shift) => !isExpected(shift, at, facts) && !present.some(({ person }) => person === shift.person),
  );
  return [...new Set(late.map(({ displayName }) => displayName))];
}

/** Who leads a gate, or answers for it on call: planned is enough, they need not stand at a gate. */
export function plannedFor(
  role: 'leader' | 'on_call',
  gate: string,
  at: number,
  planned: PlannedShift[],
): OnDuty[] {
  const shifts = planned.filter(
    (shift) =>
      shift.role === role && holds(shift, at) && (shift.gates.length === 0 || shift.gates.includes(gate)),
  );
  return withoutRepeats(
    shifts.map(({ person, displayName }): OnDuty => ({ person, displayName, how: 'expected' })),
  );
}

/** A duty that nobody ended counts for so long and no longer. */
function presentAt(at: number, { clockedIn, settings }: DutyFacts): Duty[] {
  const oldest = at - settings.forgottenHours * 60 * minuteMs;
  return clockedIn.filter(({ since }) => Date.parse(since) <= at && Date.parse(since) > oldest);
}

function guardShifts(gate: string, at: number, { planned }: DutyFacts): PlannedShift[] {
  return planned.filter((shift) => shift.role === 'guard' && shift.gates.includes(gate) && holds(shift, at));
}

function isExpected({ person, from }: PlannedShift, at: number, { leftAt, settings }: DutyFacts): boolean {
  if ((leftAt.get(person) ?? Number.NEGATIVE_INFINITY) > Date.parse(from)) return false;
  return !settings.clockInRequired || at < Date.parse(from) + settings.graceMinutes * minuteMs;
}

function holds({ from, until }: PlannedShift, at: number): boolean {
  return Date.parse(from) <= at && at < Date.parse(until);
}

function withoutRepeats(people: OnDuty[]): OnDuty[] {
  return people.filter(({ person }, at) => people.findIndex((other) => other.person === person) === at);
}
