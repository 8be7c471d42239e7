import type { Query } from '../api/hub.ts';
import type { KindChoice } from '../office/narrowing.tsx';
import { daysAfter, instantOf, wallTimeAt } from '../roster/site-time.ts';

/** Who is in now, who has been, who was there in between. */
export const presenceViews = ['inside', 'past', 'window'] as const;
type PresenceView = (typeof presenceViews)[number];

/** Windows of finished visits, and of who was there; they move with the clock. */
const visitRanges = ['day', 'today', 'yesterday', 'week', 'custom'] as const;
export const presenceWindows = ['hour', 'today', 'evening', 'night', 'custom'] as const;
type VisitRange = (typeof visitRanges)[number];
type PresenceWindow = (typeof presenceWindows)[number];

const marginMs = 60_000;

/** Hours after which somebody has been in for too long. */
const stayLimits = [4, 12, 24, 72, 168] as const;

/** What is looked at, as the address of the page holds it. */
export interface PresenceFilter {
  view: PresenceView;
  kind: KindChoice;
  gate: string;
  hours: number;
  /** Only those who have been in for too long. */
  isLong: boolean;
  range: VisitRange;
  window: PresenceWindow;
  /** Instants; only with `custom`. */
  from: string;
  to: string;
}

/** The filter that an empty address means. */
export const insideNow: PresenceFilter = {
  view: 'inside',
  kind: '',
  gate: '',
  hours: 24,
  isLong: false,
  range: 'week',
  window: 'evening',
  from: '',
  to: '',
};

/** The filter that an address holds; what it does not know it leaves out. */
export function readFilter(search: string): PresenceFilter {
  const given = new URLSearchParams(search);
  const known = <T>(choices: readonly T[], name: string, otherwise: T) =>
    choices.find((each) => String(each) === given.get(name)) ?? otherwise;
  return {
    view: known(presenceViews, 'view', insideNow.view),
    kind: known(['person', 'vehicle'] as const, 'kind', '' as PresenceFilter['kind']),
    gate: given.get('gate') ?? '',
    hours: known(stayLimits, 'hours', insideNow.hours as (typeof stayLimits)[number]),
    isLong: given.get('long') === 'true',
    range: known(visitRanges, 'range', insideNow.range),
    window: known(presenceWindows, 'window', insideNow.window),
    from: given.get('from') ?? '',
    to: given.get('to') ?? '',
  };
}

/** The address of a filter, without what it means anyway. */
export function writeFilter(filter: PresenceFilter): string {
  const { isLong, ...fields } = filter;
  const written = new URLSearchParams();
  for (const [name, value] of Object.entries(fields))
    if (value !== insideNow[name as keyof typeof fields]) written.set(name, String(value));
  if (isLong) written.set('long', 'true');
  return written.toString();
}

/** What a role may choose from. Guards look back one day, in which nobody can have been in for longer. */
export function choicesFor(isGuard: boolean): { ranges: readonly VisitRange[]; limits: readonly number[] } {
  if (!isGuard) return { ranges: ['today', 'yesterday', 'week', 'custom'], limits: stayLimits };
  return { ranges: ['day', 'today', 'custom'], limits: stayLimits.filter((hours) => hours < 24) };
}

/** The filter as far as a role may choose: what is beyond it becomes the nearest that is not. */
export function withinChoices(filter: PresenceFilter, isGuard: boolean): PresenceFilter {
  const { ranges, limits } = choicesFor(isGuard);
  return {
    ...filter,
    range: ranges.includes(filter.range) ? filter.range : isGuard ? 'day' : insideNow.range,
    hours: limits.includes(filter.hours) ? filter.hours : limits[limits.length - 1],
  };
}

/** A span of time: from (inclusive) and to (exclusive). */
export interface Span {
  from: string;
  to: string;
}

/** What the view spans, on the clock of the site; undefined while one's own choice is not complete. */
export function spanOf(filter: PresenceFilter, now: number, timeZone: string): Span | undefined {
  const today = wallTimeAt(now, timeZone).day;
  const midnight = (days: number) => instantOf({ day: daysAfter(today, days), time: '00:00' }, timeZone);
  const lastNight = (until: string): Span => ({
    from: instantOf({ day: daysAfter(today, -1), time: '22:00' }, timeZone),
    to: instantOf({ day: today, time: until }, timeZone),
  });
  const toNow = (from: string): Span => ({ from, to: new Date(now).toISOString() });
  switch (filter.view === 'past' ? filter.range : filter.window) {
    case 'day':
      // A little less: by the hub’s clock it is later when it hears the question.
      return toNow(new Date(now - 24 * 3_600_000 + marginMs).toISOString());
    case 'hour':
      return toNow(new Date(now - 3_600_000).toISOString());
    case 'today':
      return toNow(midnight(0));
    case 'yesterday':
      return { from: midnight(-1), to: midnight(0) };
    case 'week':
      return toNow(midnight(-6));
    case 'evening':
      return lastNight('02:00');
    case 'night':
      return lastNight('06:00');
    case 'custom':
      return filter.from && filter.to ? { from: filter.from, to: filter.to } : undefined;
  }
}

/** What the hub is asked for visits. */
export function visitQuery(filter: PresenceFilter, span: Span | undefined): Query {
  const { view, kind, gate, hours, isLong } = filter;
  if (view === 'inside') return { state: isLong ? 'overstayed' : 'open', hours, kind, gate };
  return { state: 'closed', kind, gate, from: span?.from, to: span?.to };
}
