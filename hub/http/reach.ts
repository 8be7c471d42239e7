import { type Clock, toInstant } from '../clock.ts';
import type { Role } from '../contract/api.ts';
import { HubError } from '../errors.ts';

/** How far back a guard may look: long enough for a shift, too short to follow someone's life. */
const guardLookBackMs = 24 * 3_600_000;

/** The query as far as this role may look back. Throws LOOK_UP_TOO_OLD when it asks for more. */
export function withinReach<Q extends { from?: string | undefined }>(query: Q, role: Role, clock: Clock): Q {
  if (role !== 'guard') return query;
  const earliest = toInstant(clock.now() - guardLookBackMs);
  if (query.from !== undefined && query.from < earliest) {
    throw new HubError('LOOK_UP_TOO_OLD', undefined, { details: { earliest } });
  }
  return { ...query, from: query.from ?? earliest };
}
