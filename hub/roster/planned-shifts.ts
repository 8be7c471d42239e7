import { toInstant } from '../clock.ts';
import type { Holiday, ListedPattern, PlannedShift, ShiftChange, SingleShift } from '../contract/roster.ts';
import { daysAfter, instantOf, wallTimeAt, weekdayOf } from './zoned-time.ts';

/** Everything the roster is made of. */
export interface Roster {
  timeZone: string;
  patterns: ListedPattern[];
  singles: (SingleShift & { id: string })[];
  /** Oldest first: the last one about a shift holds. */
  changes: ShiftChange[];
  holidays: Holiday[];
  /** Everyone who may stand on it; who is missing or has left is planned for nothing. */
  people: Map<string, RosterPerson>;
}

/** A person as the roster sees them. */
interface RosterPerson {
  displayName: string;
  /** ms since the epoch; volunteers and temporary staff. */
  leavesAt?: number;
}

/** Hours from one instant to another, ms since the epoch. */
export interface Span {
  from: number;
  until: number;
}

/** The shifts that touch a span of time, by their start. Pure; the span may be of any place and length. */
export function plannedShifts(roster: Roster, span: Span): PlannedShift[] {
  const all = [
    ...roster.patterns.flatMap((pattern) => shiftsOfPattern(pattern, roster, span)),
    ...roster.singles.map(({ id, ...shift }) => ({ ...shift, key: id })),
  ];
  return all
    .flatMap((shift) => applyChange(shift, roster))
    .filter(({ from, until }) => Date.parse(from) < span.until && Date.parse(until) > span.from)
    .sort((a, b) => a.from.localeCompare(b.from) || a.key.localeCompare(b.key));
}

type Unchanged = Omit<PlannedShift, 'displayName'>;

/** A day earlier too: a night shift that began then reaches into the span. */
function shiftsOfPattern(pattern: ListedPattern, { timeZone, holidays }: Roster, span: Span): Unchanged[] {
  const { id, person, role, gates, weekdays, startsAt, endsAt, firstDay, lastDay, onHolidays } = pattern;
  const lastInSpan = wallTimeAt(span.until, timeZone).day;
  const shifts: Unchanged[] = [];
  let day = daysAfter(wallTimeAt(span.from, timeZone).day, -1);
  if (day < firstDay) day = firstDay;
  for (; day <= lastInSpan && (lastDay === undefined || day <= lastDay); day = daysAfter(day, 1)) {
    if (!weekdays.includes(weekdayOf(day))) continue;
    const isHoliday = holidays.some((holiday) => holiday.day === day);
    if (isHoliday ? onHolidays === 'off' : onHolidays === 'only') continue;
    const { from, until } = hoursOn(day, startsAt, endsAt, timeZone);
    const key = `${id}/${day}`;
    shifts.push({ key, person, role, gates, from: toInstant(from), until: toInstant(until), pattern: id });
  }
  return shifts;
}

/** Hours that start on a day; ending at or before the start means the day after. */
export function hoursOn(day: string, startsAt: string, endsAt: string, timeZone: string): Span {
  const lastDay = endsAt <= startsAt ? daysAfter(day, 1) : day;
  return {
    from: instantOf({ day, time: startsAt }, timeZone),
    until: instantOf({ day: lastDay, time: endsAt }, timeZone),
  };
}

/** Nothing when the shift falls away, or the one who has it is gone by then. */
function applyChange(shift: Unchanged, { changes, people }: Roster): PlannedShift[] {
  const change = changes.findLast((candidate) => candidate.shift === shift.key);
  if (change && change.person === undefined) return [];
  const taker = change?.person ?? shift.person;
  const person = people.get(taker);
  if (!person || (person.leavesAt !== undefined && person.leavesAt <= Date.parse(shift.from))) return [];
  const before = taker === shift.person ? undefined : people.get(shift.person)?.displayName;
  return [
    {
      ...shift,
      person: taker,
      displayName: person.displayName,
      ...(before === undefined ? {} : { insteadOf: before }),
    },
  ];
}
