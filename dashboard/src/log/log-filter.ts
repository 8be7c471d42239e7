import type { Query } from '../api/hub.ts';

/** Ranges that move with the clock; a link with one of them always means the latest. */
export const quickRanges = ['hour', 'today', 'yesterday', 'week', 'all'] as const;
type QuickRange = (typeof quickRanges)[number];

/** What is searched for, as the address of the page holds it. */
export interface LogFilter {
  plate: string;
  subject: string;
  gate: string;
  camera: string;
  kind: string;
  flag: string;
  range: QuickRange | 'custom';
  /** Instants; only with `custom`. */
  from: string;
  to: string;
}

/** The filter that an empty address means. */
export const wholeWeek: LogFilter = {
  plate: '',
  subject: '',
  gate: '',
  camera: '',
  kind: '',
  flag: '',
  range: 'week',
  from: '',
  to: '',
};

const textFields = ['plate', 'subject', 'gate', 'camera', 'kind', 'flag'] as const;

/** The filter that an address holds; what it does not know it leaves out. */
export function readFilter(search: string): LogFilter {
  const given = new URLSearchParams(search);
  const filter = { ...wholeWeek };
  for (const field of textFields) filter[field] = given.get(field) ?? '';
  filter.from = given.get('from') ?? '';
  filter.to = given.get('to') ?? '';
  const range = quickRanges.find((each) => each === given.get('range'));
  filter.range = range ?? (filter.from || filter.to ? 'custom' : wholeWeek.range);
  return filter;
}

/** The address of a filter, without what it means anyway. */
export function writeFilter(filter: LogFilter): string {
  const written = new URLSearchParams();
  for (const field of textFields) if (filter[field]) written.set(field, filter[field]);
  if (filter.range === 'custom') {
    if (filter.from) written.set('from', filter.from);
    if (filter.to) written.set('to', filter.to);
  } else if (filter.range !== wholeWeek.range) {
    written.set('range', filter.range);
  }
  return written.toString();
}

/** True when nothing narrows the search but its time. */
export function isUnfiltered(filter: LogFilter): boolean {
  return textFields.every((field) => filter[field] === '');
}

/** How many conditions the filter has beside its time. */
export function countConditions(filter: LogFilter): number {
  return textFields.filter((field) => filter[field] !== '').length;
}

/** What the hub is asked: quick ranges become instants, plates are spelled as on the car. */
export function toQuery(filter: LogFilter, now: number): Query {
  const { from, to } = filter.range === 'custom' ? filter : rangeInstants(filter.range, now);
  return {
    plate: spellPlate(filter.plate),
    subject: filter.subject.trim(),
    gate: filter.gate,
    camera: filter.camera,
    kind: filter.kind,
    flag: filter.flag,
    from,
    to,
  };
}

/** Capitals, half-width signs, no spaces and no dot: what people type for a plate. */
export function spellPlate(typed: string): string {
  return typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s·.•-]/g, '');
}

function rangeInstants(range: QuickRange, now: number): { from: string; to: string } {
  const midnight = new Date(now);
  midnight.setHours(0, 0, 0, 0);
  const instant = (at: number) => new Date(at).toISOString();
  const daysAgo = (days: number) => {
    const at = new Date(midnight);
    at.setDate(at.getDate() - days);
    return at.getTime();
  };
  switch (range) {
    case 'hour':
      return { from: instant(now - 3_600_000), to: '' };
    case 'today':
      return { from: instant(midnight.getTime()), to: '' };
    case 'yesterday':
      return { from: instant(daysAgo(1)), to: instant(midnight.getTime()) };
    case 'week':
      return { from: instant(daysAgo(6)), to: '' };
    case 'all':
      return { from: '', to: '' };
  }
}
