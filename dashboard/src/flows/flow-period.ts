import type { KindChoice } from '../office/narrowing.tsx';
import type { Span } from '../presence/presence-filter.ts';
import { daysAfter, instantOf, weekOf } from '../roster/site-time.ts';

/** A day, the week or the month around it, on the clock of the site. */
export interface FlowPeriod {
  unit: 'day' | 'week' | 'month';
  /** `2026-11-01`, any day of it. */
  day: string;
}

/** The lengths that one can look at. */
export const periodUnits = ['day', 'week', 'month'] as const;

/** The days of a period, in order. */
export function daysOf({ unit, day }: FlowPeriod): string[] {
  if (unit === 'day') return [day];
  if (unit === 'week') return weekOf(day);
  const first = `${day.slice(0, 8)}01`;
  const days = [first];
  while (daysAfter(first, days.length).slice(0, 7) === first.slice(0, 7))
    days.push(daysAfter(first, days.length));
  return days;
}

/** From the midnight at which a period begins to the one at which it ends. */
export function spanOfPeriod(period: FlowPeriod, timeZone: string): Span {
  const days = daysOf(period);
  const midnight = (day: string) => instantOf({ day, time: '00:00' }, timeZone);
  return { from: midnight(days[0]), to: midnight(daysAfter(days[days.length - 1], 1)) };
}

/** The period before (−1) or after (1). */
export function stepPeriod(period: FlowPeriod, step: -1 | 1): FlowPeriod {
  const days = daysOf(period);
  return { ...period, day: step === 1 ? daysAfter(days[days.length - 1], 1) : daysAfter(days[0], -1) };
}

/** What is looked at, as the address of the page holds it. */
export interface FlowFilter extends FlowPeriod {
  by: 'hour' | 'day';
  gate: string;
  kind: KindChoice;
}

/** The filter that an address holds: this month by day, unless it says otherwise. */
export function readFilter(search: string, today: string): FlowFilter {
  const given = new URLSearchParams(search);
  const unit = periodUnits.find((each) => each === given.get('unit')) ?? 'month';
  const day = given.get('day') ?? '';
  const by = given.get('by') === 'hour' || given.get('by') === 'day' ? given.get('by') : undefined;
  const kind = given.get('kind');
  return {
    unit,
    day: isDay(day) ? day : today,
    by:
      unit === 'day' ? 'hour' : ((by as FlowFilter['by'] | undefined) ?? (unit === 'month' ? 'day' : 'hour')),
    gate: given.get('gate') ?? '',
    kind: kind === 'person' || kind === 'vehicle' ? kind : '',
  };
}

/** The address of a filter. */
export function writeFilter({ unit, day, by, gate, kind }: FlowFilter): string {
  const written = new URLSearchParams({ unit, day, by });
  if (gate) written.set('gate', gate);
  if (kind) written.set('kind', kind);
  return written.toString();
}

function isDay(day: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(`${day}T00:00:00.000Z`));
}
