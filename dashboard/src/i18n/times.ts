import type { Language } from './language.tsx';

// A `timeZone` is an IANA name; without one, instants are shown on the clock of this device.

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

type Unit = 'second' | 'minute' | 'hour' | 'day';

const ladder: [Unit, number][] = [
  ['day', day],
  ['hour', hour],
  ['minute', minute],
  ['second', second],
];

/** Milliseconds as the largest whole unit: 90 000 is 1 minute. */
function largestUnit(milliseconds: number): [Unit, number] {
  const size = Math.max(0, milliseconds);
  const [unit, length] = ladder.find(([, each]) => size >= each) ?? ladder[3];
  return [unit, Math.floor(size / length)];
}

/** `12秒前`, `12 seconds ago`; never in the future, whatever the clocks say. */
export function formatAgo(milliseconds: number, language: Language): string {
  const [unit, count] = largestUnit(milliseconds);
  if (unit === 'second' && count < 3) return language === 'en' ? 'just now' : '刚刚';
  if (language === 'zh-CN') return `${formatLength(milliseconds, language)}前`;
  return new Intl.RelativeTimeFormat(language, { numeric: 'always', style: 'short' }).format(-count, unit);
}

const chineseUnits: Record<Unit, string> = { second: '秒', minute: '分钟', hour: '小时', day: '天' };

/** `12 秒`, `3 分钟`, `2 小时 5 分钟`; milliseconds in, two units at most. */
export function formatLength(milliseconds: number, language: Language): string {
  const [unit, count] = largestUnit(milliseconds);
  const rest = Math.max(0, milliseconds) - count * (ladder.find(([name]) => name === unit)?.[1] ?? 0);
  const minutes = Math.floor(rest / minute);
  const hours = Math.floor(rest / hour);
  const parts: [Unit, number][] = [[unit, count]];
  if (unit === 'hour' && minutes > 0) parts.push(['minute', minutes]);
  if (unit === 'day' && hours > 0) parts.push(['hour', hours]);
  return parts.map(([name, value]) => formatUnit(name, value, language)).join(' ');
}

function formatUnit(unit: Unit, value: number, language: Language): string {
  if (language === 'zh-CN') return `${value} ${chineseUnits[unit]}`;
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
}

/** Time of day to the second, on the 24-hour clock of this device. */
export function formatClock(instant: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { hourCycle: 'h23', timeStyle: 'medium' }).format(
    new Date(instant),
  );
}

/** Time of day to the minute. */
export function formatHourMinute(instant: string, language: Language, timeZone?: string): string {
  const format = { timeZone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat(language, format).format(new Date(instant));
}

/** Month and day, with the weekday. */
export function formatDay(instant: string, language: Language, timeZone?: string): string {
  const at = new Date(instant);
  const [day, weekday] = [
    { timeZone, month: 'short', day: 'numeric' },
    { timeZone, weekday: 'short' },
  ] as const;
  if (language === 'en') return new Intl.DateTimeFormat(language, { ...day, ...weekday }).format(at);
  return [day, weekday].map((format) => new Intl.DateTimeFormat(language, format).format(at)).join(' ');
}

/** Month, day, hour and minute; with the year when it is not this one. */
export function formatDayTime(
  instant: string,
  language: Language,
  { now = Date.now(), timeZone }: { now?: number; timeZone?: string } = {},
): string {
  const at = new Date(instant);
  const sameYear = localDay(instant, timeZone).slice(0, 4) === localDay(now, timeZone).slice(0, 4);
  return new Intl.DateTimeFormat(language, {
    timeZone,
    ...(sameYear ? {} : { year: 'numeric' }),
    month: 'short',
    day: 'numeric',
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
  }).format(at);
}

/** `2026年3月1日`, `Mar 1, 2026`: what is read on paper, long after, says its year. */
export function formatDate(instant: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(new Date(instant));
}

/** The day with its year, hour and minute. */
export function formatDateTime(instant: string, language: Language): string {
  const [day, time] = [formatDate(instant, language), formatHourMinute(instant, language)];
  return language === 'en' ? `${day}, ${time}` : `${day} ${time}`;
}

/** `2026-03-01`: what groups sightings by day. */
export function localDay(instant: string | number, timeZone?: string): string {
  // The Swedish way to write a date is that of ISO 8601.
  return new Intl.DateTimeFormat('sv-SE', { timeZone }).format(new Date(instant));
}

/** Whether a line for a new day comes before this row. `before`: of the row before, where there is one. */
export function isNewDay(instant: string, before: string | undefined, timeZone?: string): boolean {
  return before === undefined || localDay(instant, timeZone) !== localDay(before, timeZone);
}
