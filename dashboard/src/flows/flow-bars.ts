import type { FlowCount, FlowRow } from '../../../hub/contract/log.ts';
import { weekdayOf } from '../roster/site-time.ts';

/** How many passed in an hour, or on a day, of the clock of the site. */
export interface FlowBar {
  day: string;
  /** 0–23; undefined for the whole day. */
  hour: number | undefined;
  person: FlowCount;
  vehicle: FlowCount;
}

const nobody: FlowCount = { entry: 0, exit: 0, unknown: 0, flagged: 0 };

/** Says on which day and in which hour of a zone an instant lies. */
export function hourClock(timeZone: string): (instant: string) => { day: string; hour: number } {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hourCycle: 'h23',
  });
  const known = new Map<string, { day: string; hour: number }>();
  return (instant) => {
    const before = known.get(instant);
    if (before) return before;
    const parts = format.formatToParts(new Date(instant));
    const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
    const at = { day: `${part('year')}-${part('month')}-${part('day')}`, hour: Number(part('hour')) };
    known.set(instant, at);
    return at;
  };
}

/**
 * Counts of hours and gates as bars, of all gates together: one for each hour or day of these days, also where nobody
 * passed. The hour that comes twice in autumn is one bar; rows outside of the days are left out.
 */
export function gatherBars(
  rows: readonly FlowRow[],
  days: readonly string[],
  by: 'hour' | 'day',
  timeZone: string,
): FlowBar[] {
  const clock = hourClock(timeZone);
  const hours = by === 'hour' ? [...Array(24).keys()] : [undefined];
  const bars = days.flatMap((day) =>
    hours.map((hour): FlowBar => ({ day, hour, person: { ...nobody }, vehicle: { ...nobody } })),
  );
  const places = new Map(bars.map((bar) => [keyOf(bar.day, bar.hour), bar]));
  for (const row of rows) {
    const { day, hour } = clock(row.from);
    const bar = places.get(keyOf(day, by === 'hour' ? hour : undefined));
    if (!bar) continue;
    addTo(bar.person, row.person);
    addTo(bar.vehicle, row.vehicle);
  }
  return bars;
}

/** The counts of a bar, of one kind or of both. */
export function countOf(
  { person, vehicle }: Pick<FlowBar, 'person' | 'vehicle'>,
  kind: '' | 'person' | 'vehicle',
): FlowCount {
  const count = { ...nobody };
  if (kind !== 'vehicle') addTo(count, person);
  if (kind !== 'person') addTo(count, vehicle);
  return count;
}

/** Everybody who passed, whichever way. */
export function passesOf({ entry, exit, unknown }: FlowCount): number {
  return entry + exit + unknown;
}

/** All bars together. */
export function totalOf(bars: readonly FlowBar[], kind: '' | 'person' | 'vehicle'): FlowCount {
  const total = { ...nobody };
  for (const bar of bars) addTo(total, countOf(bar, kind));
  return total;
}

/** The bar with the most passings, the first of several; undefined when nobody passed at all. */
export function busiestOf(bars: readonly FlowBar[], kind: '' | 'person' | 'vehicle'): FlowBar | undefined {
  let busiest: FlowBar | undefined;
  let most = 0;
  for (const bar of bars) {
    const passes = passesOf(countOf(bar, kind));
    if (passes > most) [busiest, most] = [bar, passes];
  }
  return busiest;
}

/** One hour of one weekday: how many passed on average on the days that have been. */
export interface HeatCell {
  mean: number;
  /** Days that count. */
  days: number;
}

/**
 * Weekdays from Monday by hours 0–23. An hour counts once it has begun, and from the first one in which anybody was
 * counted: a month in which the hub was set up would otherwise look quiet.
 */
export function heatOf(
  hours: readonly FlowBar[],
  kind: '' | 'person' | 'vehicle',
  until: { day: string; hour: number },
): HeatCell[][] {
  const week = [...Array(7)].map(() => [...Array(24)].map(() => ({ total: 0, days: 0 })));
  let hasBegun = false;
  for (const bar of hours) {
    const passes = passesOf(countOf(bar, kind));
    hasBegun ||= passesOf(countOf(bar, '')) > 0;
    const hour = bar.hour ?? 0;
    if (!hasBegun || bar.day > until.day || (bar.day === until.day && hour > until.hour)) continue;
    const cell = week[weekdayOf(bar.day) - 1][hour];
    cell.total += passes;
    cell.days += 1;
  }
  return week.map((day) => day.map(({ total, days }) => ({ mean: days === 0 ? 0 : total / days, days })));
}

/** Steps of 1 to 5 times a power of ten, as few as reach the largest value: at least one, at most `most`. */
export function ticksTo(largest: number, most: number): number[] {
  const raw = Math.max(1, largest) / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max(
    1,
    [1, 2, 3, 4, 5, 10].map((times) => times * power).find((size) => size >= raw) ?? raw,
  );
  return [...Array(Math.max(1, Math.ceil(largest / step))).keys()].map((at) => (at + 1) * step);
}

function addTo(sum: FlowCount, more: FlowCount): void {
  sum.entry += more.entry;
  sum.exit += more.exit;
  sum.unknown += more.unknown;
  sum.flagged += more.flagged;
}

function keyOf(day: string, hour: number | undefined): string {
  return `${day} ${hour ?? ''}`;
}
