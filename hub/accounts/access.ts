import type { Person, Role } from '../contract/api.ts';

/** Who may use a route: anyone at all, or the roles named. */
export type Access = 'public' | readonly Role[];

/** Everyone who is logged in. */
export const everyone = ['guard', 'manager', 'installer', 'admin'] as const satisfies Access;

/** People who deal with alerts and see people: installers do not. */
export const watching = ['guard', 'manager', 'admin'] as const satisfies Access;

/** People who answer for the log and the rules. */
export const managing = ['manager', 'admin'] as const satisfies Access;

/** People who keep the boxes working. */
export const servicing = ['manager', 'installer', 'admin'] as const satisfies Access;

/** People who decide who may log in. */
export const administering = ['admin'] as const satisfies Access;

/** Whether an account is open at an instant, ms since the epoch: not disabled, and its end not reached. */
export function isActive(
  { disabledAt, endsAt }: Pick<Person, 'disabledAt' | 'endsAt'>,
  now: number,
): boolean {
  return disabledAt === undefined && (endsAt === undefined || Date.parse(endsAt) > now);
}
