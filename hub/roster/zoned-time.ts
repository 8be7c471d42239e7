const dayMs = 24 * 3_600_000;

/** A day and a time of day on the wall clock of a time zone. */
export interface WallTime {
  /** `2026-10-01`. */
  day: string;
  /** `22:00`. */
  time: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the wall clock of a zone shows at an instant (ms since the epoch). */
export function wallTimeAt(at: number, timeZone: string): WallTime {
  const shown = formatIn(timeZone).format(at);
  return { day: shown.slice(0, 10), time: shown.slice(11, 16) };
}

/**
 * The instant (ms since the epoch) at which the wall clock shows this. In the hour that is skipped in spring, as long
 * after the change as it would have been; in the hour that comes twice in autumn, the first time (RFC 5545, 3.3.5).
 */
export function instantOf({ day, time }: WallTime, timeZone: string): number {
  const asUtc = Date.parse(`${day}T${time}:00.000Z`);
  const offsets = [asUtc - dayMs, asUtc + dayMs].map((at) => offsetAt(at, timeZone));
  const meant = offsets.map((offset) => asUtc - offset).filter((at) => at + offsetAt(at, timeZone) === asUtc);
  return meant.length > 0 ? Math.min(...meant) : asUtc - offsets[0];
}

/** The day that comes `days` after a day. */
export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00.000Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** ISO 8601: 1 is Monday, 7 is Sunday. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00.000Z`).getUTCDay() || 7;
}

/** Milliseconds that the wall clock is ahead of UTC. */
function offsetAt(at: number, timeZone: string): number {
  const { day, time } = wallTimeAt(at, timeZone);
  return Date.parse(`${day}T${time}:00.000Z`) - Math.floor(at / 60_000) * 60_000;
}

function formatIn(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    // The Swedish form is the ISO 8601 one.
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      dateStyle: 'short',
      timeStyle: 'short',
    });
    formats.set(timeZone, format);
  }
  return format;
}
