import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import type { AuditFact, AuditTrail } from '../accounts/audit-trail.ts';
import { type Clock, toInstant } from '../clock.ts';
import { sessionOf } from './authentication.ts';

/** What a route adds to who, when and from where. */
type AuditedDeed = Pick<AuditFact, 'action' | 'target' | 'details'>;

/** Records what the person behind a request did; rejects when the trail cannot be written. */
export type RecordDeed = (request: FastifyRequest, deed: AuditedDeed) => Promise<void>;

export function auditDeeds(trail: AuditTrail, clock: Clock): RecordDeed {
  return (request, deed) => {
    const { id, displayName } = sessionOf(request).person;
    return trail.record({
      ...deed,
      at: toInstant(clock.now()),
      actor: { id, displayName },
      address: request.ip,
    });
  };
}

/**
 * Reads while the disk takes the record: the commit comes first, its flush beside the reading, and the answer after
 * both. Rejects when either does.
 */
export async function readRecorded<T>(recorded: Promise<void>, read: () => Promise<T>): Promise<T> {
  const [found] = await Promise.all([nextTurn().then(read), recorded]);
  return found;
}
