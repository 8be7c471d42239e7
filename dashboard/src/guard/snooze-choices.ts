import type { Snooze } from '../../../hub/contract/alerting.ts';
import type { Alert, Session } from '../../../hub/contract/api.ts';
import type { Flag } from '../../../hub/contract/policy.ts';
import { sortedFlags } from './severity.ts';

/** What can be kept from ringing because of an alert, always at its gate: one of its flags, or its subject. */
export type SnoozeTarget = { flag: Flag } | { subject: string };

/** The flags, the weightiest first, then the subject when the lens knew it. */
export function snoozeTargets({ flags, subject }: Pick<Alert, 'flags' | 'subject'>): SnoozeTarget[] {
  return [...sortedFlags(flags).map((flag) => ({ flag })), ...(subject === undefined ? [] : [{ subject }])];
}

/** How long it is not to ring. */
export type SnoozeLength = 'minutes15' | 'hour1' | 'shiftEnd';

/** When each length ends; the end of the shift only while one runs that lasts longer than a minute. */
export function snoozeEnds(now: number, shiftEnd: string | undefined): Partial<Record<SnoozeLength, string>> {
  const after = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
  const lasts = shiftEnd !== undefined && Date.parse(shiftEnd) > now + 60_000;
  return { minutes15: after(15), hour1: after(60), ...(lasts ? { shiftEnd } : {}) };
}

/** Guards decide about the gate where they are on duty, managers about every gate. */
export function maySnooze({ gate }: Pick<Snooze, 'gate'>, { person, duty }: Session): boolean {
  return person.role === 'guard' ? gate !== undefined && duty?.gate === gate : person.role !== 'installer';
}
