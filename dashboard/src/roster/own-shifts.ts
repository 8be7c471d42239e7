import type { PlannedShift, RosterView, Swap } from '../../../hub/contract/roster.ts';

/** A swap that waits for an answer, with the shift that it is about. */
export interface AskedSwap {
  swap: Swap;
  shift: PlannedShift;
}

/** What one person sees of the roster. */
export interface OwnShifts {
  /** Running or to come, soonest first. */
  shifts: PlannedShift[];
  /** Swaps that others ask of this person. */
  askedOfMe: AskedSwap[];
  /** Swaps that this person has asked for, by the key of the shift. */
  askedByMe: ReadonlyMap<string, Swap>;
}

/** Whoever comes this much early clocks in for the shift that is about to begin. */
const earlyMs = 60 * 60_000;

/** One person's part of the roster; a swap whose shift has begun or gone to somebody else is over. */
export function ownShifts(view: RosterView, person: string, now: number): OwnShifts {
  const shifts = view.shifts
    .filter((shift) => shift.person === person && Date.parse(shift.until) > now)
    .sort((a, b) => a.from.localeCompare(b.from));
  const waiting = view.swaps.flatMap((swap) => {
    const shift = view.shifts.find(({ key, from, person: holder }) => {
      return key === swap.shift && holder === swap.from && Date.parse(from) > now;
    });
    return shift && swap.state === 'asked' ? [{ swap, shift }] : [];
  });
  return {
    shifts,
    askedOfMe: waiting.filter(({ swap }) => swap.to === person),
    askedByMe: new Map(
      waiting.filter(({ swap }) => swap.from === person).map(({ swap }) => [swap.shift, swap]),
    ),
  };
}

/** The shift at a gate that is running, or is about to begin: where this person will want to clock in. */
export function shiftToClockIn(shifts: readonly PlannedShift[], now: number): PlannedShift | undefined {
  return shifts.find(
    ({ role, gates, from }) => role === 'guard' && gates.length > 0 && Date.parse(from) - earlyMs <= now,
  );
}

/** When the running shift ends; undefined when none runs. */
export function shiftEnd(shifts: readonly PlannedShift[], now: number): string | undefined {
  return shifts.find(({ from, until }) => Date.parse(from) <= now && now < Date.parse(until))?.until;
}
