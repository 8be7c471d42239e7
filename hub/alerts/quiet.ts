import type { QuietHours, Snooze } from '../contract/alerting.ts';
import type { Alert } from '../contract/api.ts';
import type { Flag } from '../contract/policy.ts';

/** What may keep an alert from ringing. */
export interface QuietRules {
  snoozes: Snooze[];
  quietHours: QuietHours[];
  /** ISO 8601 day of the week and `HH:MM` on the clock of the site, now and a day earlier. */
  wallClock: { weekday: number; weekdayBefore: number; time: string };
}

/**
 * Why a new alert rings nobody; undefined when it rings. Every one of its flags must be quiet: a watched plate rings
 * also where first-time entrants are snoozed.
 */
export function quietOf(
  { gate, flags, subject }: Pick<Alert, 'gate' | 'flags' | 'subject'>,
  { snoozes, quietHours, wallClock }: QuietRules,
  at: string,
): Alert['quiet'] {
  const holding = snoozes.filter(
    (snooze) =>
      snooze.until > at &&
      snooze.ended === undefined &&
      (snooze.gate ?? gate) === gate &&
      (snooze.subject === undefined || snooze.subject === subject),
  );
  const snoozed = flags.map((flag) => holding.find((snooze) => (snooze.flag ?? flag) === flag));
  const muted = flags.map((flag) => quietHours.some((hours) => mutes(hours, flag, gate, wallClock)));
  if (!flags.every((_, at) => snoozed[at] || muted[at])) return undefined;
  const first = snoozed.find((snooze) => snooze !== undefined);
  return first ? { why: 'snooze', until: first.until, reason: first.reason } : { why: 'quiet_hours' };
}

/** Hours that end at or before their start belong to the day on which they began. */
function mutes(
  { flags, gates, weekdays, startsAt, endsAt }: QuietHours,
  flag: Flag,
  gate: string,
  { weekday, weekdayBefore, time }: QuietRules['wallClock'],
): boolean {
  if (!flags.includes(flag) || (gates.length > 0 && !gates.includes(gate))) return false;
  if (startsAt < endsAt) return weekdays.includes(weekday) && time >= startsAt && time < endsAt;
  return (
    (weekdays.includes(weekday) && time >= startsAt) || (weekdays.includes(weekdayBefore) && time < endsAt)
  );
}
