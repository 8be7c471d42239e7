import type { PlannedGap, PlannedShift } from '../../../hub/contract/roster.ts';
import { daysBetween, wallTimeAt } from './site-time.ts';

/** Where something lies in the week, in days from its beginning: 1.5 is Tuesday noon. */
interface Place {
  start: number;
  end: number;
  /** It began before the week. */
  fromBefore: boolean;
  /** It goes on after the week. */
  goesOn: boolean;
}

/** A shift in its row; those at the same time lie below each other, the first lane is 0. */
export interface PlacedShift extends Place {
  shift: PlannedShift;
  lane: number;
}

/** Hours without anybody in their row. */
export interface PlacedGap extends Place {
  gap: PlannedGap;
}

/** A gate, or those who answer for all of them. */
export interface WeekRow {
  key: string;
  role: PlannedShift['role'];
  /** Absent for leaders and those on call. */
  gate?: string;
  lanes: number;
  shifts: PlacedShift[];
  gaps: PlacedGap[];
}

/** What a week is laid out from. */
export interface WeekParts {
  shifts: readonly PlannedShift[];
  gaps: readonly PlannedGap[];
  /** Gates that have a row even when nobody is planned there, in their order. */
  gates: readonly string[];
  /** The first day of the seven. */
  monday: string;
  timeZone: string;
}

/** Rows of the week: the gates, then leaders, then those on call. */
export function layOutWeek({ shifts, gaps, gates, monday, timeZone }: WeekParts): WeekRow[] {
  const place = (span: { from: string; until: string }) => placeIn(span, monday, timeZone);
  const guards = shifts.filter(({ role }) => role === 'guard');
  const others = [...guards.flatMap((shift) => shift.gates), ...gaps.map(({ gate }) => gate)];
  const allGates = [...new Set([...gates, ...others.sort()])];
  const row = (key: string, role: PlannedShift['role'], held: readonly PlannedShift[]): WeekRow => {
    const placed = inLanes(held.map((shift) => ({ shift, ...place(shift) })).filter(isVisible));
    return { key, role, lanes: Math.max(1, ...placed.map(({ lane }) => lane + 1)), shifts: placed, gaps: [] };
  };
  return [
    ...allGates.map((gate) => ({
      ...row(
        gate,
        'guard',
        guards.filter((shift) => shift.gates.includes(gate)),
      ),
      gate,
      gaps: gaps
        .filter((gap) => gap.gate === gate)
        .map((gap) => ({ gap, ...place(gap) }))
        .filter(isVisible),
    })),
    ...(['leader', 'on_call'] as const).map((role) =>
      row(
        role,
        role,
        shifts.filter((shift) => shift.role === role),
      ),
    ),
  ];
}

/** Where an instant lies, in days from the beginning of the week by the clock of the site. */
export function positionOf(instant: string | number, monday: string, timeZone: string): number {
  const { day, time } = wallTimeAt(instant, timeZone);
  const [hours, minutes] = time.split(':').map(Number);
  return daysBetween(monday, day) + (hours * 60 + minutes) / 1440;
}

/** What begins on a day, by time; what began before the week and still lasts is said on its first day. */
export function onDay<T extends { from: string }>(
  items: readonly T[],
  day: string,
  { monday, timeZone }: Pick<WeekParts, 'monday' | 'timeZone'>,
): T[] {
  const dayOf = ({ from }: T) => {
    const began = wallTimeAt(from, timeZone).day;
    return began < monday ? monday : began;
  };
  return items.filter((item) => dayOf(item) === day).sort((a, b) => a.from.localeCompare(b.from));
}

function placeIn(span: { from: string; until: string }, monday: string, timeZone: string): Place {
  const [from, until] = [span.from, span.until].map((at) => positionOf(at, monday, timeZone));
  return { start: Math.max(0, from), end: Math.min(7, until), fromBefore: from < 0, goesOn: until > 7 };
}

function isVisible({ start, end }: Place): boolean {
  return start < end;
}

/** Each takes the first lane that is free when it begins. */
function inLanes<T extends Place>(placed: readonly T[]): (T & { lane: number })[] {
  const ends: number[] = [];
  return [...placed]
    .sort((a, b) => a.start - b.start || a.end - b.end)
    .map((item) => {
      const free = ends.findIndex((end) => end <= item.start);
      const lane = free === -1 ? ends.length : free;
      ends[lane] = item.end;
      return { ...item, lane };
    });
}
