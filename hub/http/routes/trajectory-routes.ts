import { z } from 'zod';
import { managing, watching } from '../../accounts/access.ts';
import { requireGate } from '../../accounts/scope.ts';
import type { Clock } from '../../clock.ts';
import {
  sightingPage,
  sightingQuery,
  trajectory,
  trajectoryEntry,
  trajectoryQuery,
} from '../../contract/api.ts';
import { uuid } from '../../contract/ids.ts';
import { HubError } from '../../errors.ts';
import type { EvidenceStore } from '../../ingest/evidence-store.ts';
import type { SightingLog } from '../../trajectory/sighting-log.ts';
import { type RecordDeed, readRecorded } from '../auditing.ts';
import { scopeOfRequest, sessionOf } from '../authentication.ts';
import type { HubApp } from '../hub-app.ts';
import { asParsed } from '../parsed-reply.ts';
import { perMinute } from '../rate-limits.ts';
import { withinReach } from '../reach.ts';
import { refusals } from '../refusals.ts';

const byId = z.strictObject({ id: uuid });

export interface TrajectoryParts {
  site: string;
  sightings: SightingLog;
  evidence: EvidenceStore;
  record: RecordDeed;
  clock: Clock;
}

/** The trajectory log and its pictures. Looking a subject up is recorded before it is answered. */
export function trajectoryRoutes(
  app: HubApp,
  { site, sightings, evidence, record, clock }: TrajectoryParts,
): void {
  app.get(
    '/api/v1/sightings',
    {
      config: { access: watching, scope: 'gate', rateLimit: perMinute.search },
      serializerCompiler: asParsed,
      schema: {
        operationId: 'searchSightings',
        summary: 'Search the log, newest first; guards see the last 24 hours',
        querystring: sightingQuery,
        response: { 200: sightingPage, ...refusals },
      },
    },
    async (request) => {
      const scope = scopeOfRequest(request);
      requireGate(scope, request.query.gate);
      const query = withinReach(request.query, sessionOf(request).person.role, clock);
      const target = query.subject ?? query.plate;
      if (target === undefined) return sightings.search(query, scope);
      const recorded = record(request, { action: 'sightings_searched', target });
      return readRecorded(recorded, () => sightings.search(query, scope));
    },
  );

  app.get(
    '/api/v1/sightings/:id',
    {
      config: { access: watching, scope: 'gate' },
      schema: {
        operationId: 'readSighting',
        summary: 'One sighting, in its newest revision',
        params: byId,
        response: { 200: trajectoryEntry, ...refusals },
      },
    },
    async (request) => {
      const entry = await sightings.get(request.params.id, scopeOfRequest(request));
      if (!entry) throw new HubError('SIGHTING_UNKNOWN');
      withinReach({ from: entry.occurredAt }, sessionOf(request).person.role, clock);
      return entry;
    },
  );

  app.get(
    '/api/v1/subjects/:subject/trajectory',
    {
      config: { access: managing, scope: 'gate', rateLimit: perMinute.search },
      serializerCompiler: asParsed,
      schema: {
        operationId: 'readTrajectory',
        summary: 'A subject’s sightings in time across cameras; every look is recorded',
        params: z.strictObject({ subject: z.string().min(1).max(60) }),
        querystring: trajectoryQuery,
        response: { 200: trajectory, ...refusals },
      },
    },
    async (request) => {
      const { subject } = request.params;
      const recorded = record(request, { action: 'trajectory_viewed', target: subject });
      const found = await readRecorded(recorded, () =>
        sightings.trajectory({ site, subject }, request.query, scopeOfRequest(request)),
      );
      if (!found) throw new HubError('SUBJECT_UNKNOWN');
      return found;
    },
  );

  app.get(
    '/api/v1/evidence/:id',
    {
      config: { access: watching, scope: 'gate', rateLimit: perMinute.picture },
      schema: {
        operationId: 'readEvidence',
        summary: 'A picture that a verdict was read from',
        params: byId,
        produces: ['image/jpeg'],
        response: { 200: z.any().describe('JPEG bytes'), ...refusals },
      },
    },
    async (request, reply) => {
      const kept = await evidence.read(request.params.id, scopeOfRequest(request));
      if (!kept) throw new HubError('EVIDENCE_UNKNOWN');
      return reply
        .type('image/jpeg')
        .header('cache-control', 'private, max-age=86400, immutable')
        .header('etag', `"${kept.sha256}"`)
        .send(Buffer.from(kept.jpeg));
    },
  );
}
