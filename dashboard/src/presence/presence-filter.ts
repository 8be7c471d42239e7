import type { Query } from '../api/hub.ts';
import { daysAfter, instantOf, wallTimeAt } from '../roster/site-time.ts';

/** Who is in now, who has been, who was there in between. */
export const presenceViews = ['inside', 'past', 'window'] as const;
type PresenceView = (typeof presenceViews)[number];

/** Windows of finished visits, and of who was there; they move with the clock. */
export const visitRanges = ['today', 'yesterday', 'week', 'custom'] as const;
export const presenceWindows = ['hour', 'today', 'evening', 'night', 'custom'] as const;
type VisitRange = (typeof visitRanges)[number];
type PresenceWindow = (typeof presenceWindows)[number];

/** Hours after which somebody has been in for too long. */
export const stayLimits = [12, 24, 72, 168] as const;

/** What is looked at, as the address of the page holds it. */
export interface PresenceFilter {
  view: PresenceView;
  kind: '' | 'person' | 'vehicle';
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
