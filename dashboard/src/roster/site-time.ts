const dayMs = 24 * 3_600_000;

/** A day and a time of day on the wall clock of the site: the roster is meant there, wherever the page is open. */
export interface WallTime {
  /** `2026-10-01`. */
  day: string;
  /** `22:00`. */
  time: string;
}

/** What the clock of a zone shows at an instant. */
export function wallTimeAt(instant: string | number, timeZone: string): WallTime {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(instant));
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  return {
    day: `${part('year')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}`,
  };
}

/**
 * The instant at which the clock of a zone shows this. In the hour that is skipped in spring, as long after the change
 * as it would have been; in the hour that comes twice in autumn, the first time (RFC 5545, 3.3.5).
 */
export function instantOf({ day, time }: WallTime, timeZone: string): string {
  const asUtc = Date.parse(`${day}T${time}:00.000Z`);
  const offsets = [asUtc - dayMs, asUtc + dayMs].map((at) => offsetAt(at, timeZone));
  const meant = offsets.map((offset) => asUtc - offset).filter((at) => at + offsetAt(at, timeZone) === asUtc);
  return new Date(meant.length > 0 ? Math.min(...meant) : asUtc - offsets[0]).toISOString();
}

/** The day that comes `days` after a day. */
export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00.000Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** How many days one day comes after another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayMs);
}

/** ISO 8601: 1 is Monday, 7 is Sunday. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00.000Z`).getUTCDay() || 7;
}

/** The seven days of the week in which a day lies, from Monday. */
export function weekOf(day: string): string[] {
  const monday = daysAfter(day, 1 - weekdayOf(day));
  return [0, 1, 2, 3, 4, 5, 6].map((days) => daysAfter(monday, days));
}

/** Milliseconds that the clock of a zone is ahead of UTC. */
function offsetAt(at: number, timeZone: string): number {
  const { day, time } = wallTimeAt(at, timeZone);
  return Date.parse(`${day}T${time}:00.000Z`) - Math.floor(at / 60_000) * 60_000;
}
