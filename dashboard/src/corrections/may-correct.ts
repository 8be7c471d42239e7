import type { Session } from '../../../hub/contract/api.ts';

/** How far back a guard may look, ms; the hub holds to the same. */
const guardLookBackMs = 24 * 3_600_000;

/** Guards correct what was seen at the gate of their duty within a day, managers and admins the whole log. */
export function mayCorrect(
  { person, duty }: Session,
  seen: { gate: string; occurredAt: string },
  now: number,
): boolean {
  if (person.role === 'manager' || person.role === 'admin') return true;
  if (person.role !== 'guard') return false;
  return duty?.gate === seen.gate && now - Date.parse(seen.occurredAt) < guardLookBackMs;
}
