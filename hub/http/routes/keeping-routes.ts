import { z } from 'zod';
import { managing } from '../../accounts/access.ts';
import { uuid } from '../../contract/ids.ts';
import {
  legalHold,
  legalHoldQuery,
  liftLegalHold,
  newLegalHold,
  retentionReport,
  retentionSettings,
} from '../../contract/keeping.ts';
import type { ErasureDesk } from '../../erasure/erasure-desk.ts';
import type { HoldDesk } from '../../keeping/hold-desk.ts';
import type { RetentionDesk } from '../../keeping/retention-desk.ts';
import type { RecordDeed } from '../auditing.ts';
import { sessionOf } from '../authentication.ts';
import type { HubApp } from '../hub-app.ts';
import { perMinute } from '../rate-limits.ts';
import { refusals } from '../refusals.ts';

export interface KeepingParts {
  site: string;
  retention: RetentionDesk;
  holds: HoldDesk;
  /** What a hold kept from an erasure goes when it is lifted. */
  erasures: Pick<ErasureDesk, 'carryOutAll'>;
  record: RecordDeed;
}

const basedOn = z.strictObject({
  basedOn: z.coerce
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe('the version that was edited; refused with RETENTION_CONFLICT when there is a newer one'),
});

/** How long things are kept, what was removed, and the incidents that are kept whatever that says. */
export function keepingRoutes(app: HubApp, { site, retention, holds, erasures, record }: KeepingParts): void {
  app.get(
    '/api/v1/retention',
    {
      config: { access: managing, rateLimit: perMinute.search },
      schema: {
        operationId: 'readRetention',
        summary: 'How long things are kept, what was removed, and what would be removed now',
        response: { 200: retentionReport, ...refusals },
      },
    },
    () => retention.report(site),
  );

  app.put(
    '/api/v1/retention',
    {
      config: { access: managing },
      schema: {
        operationId: 'changeRetention',
        summary: 'Change how long things are kept; the next run, within the hour, removes what is older',
        querystring: basedOn,
        body: retentionSettings,
        response: { 200: retentionReport, ...refusals },
      },
    },
    async (request) => {
      const { id } = sessionOf(request).person;
      const version = await retention.change(site, request.body, id, request.query.basedOn);
      await record(request, {
        action: 'retention_changed',
        target: site,
        details: { version, ...request.body },
      });
      return retention.report(site);
    },
  );

  app.get(
    '/api/v1/holds',
    {
      config: { access: managing },
      schema: {
        operationId: 'listHolds',
        summary: 'Incidents that are or were kept from retention and erasure, newest first',
        querystring: legalHoldQuery,
        response: { 200: z.array(legalHold), ...refusals },
      },
    },
    (request) => holds.list(site, request.query),
  );

  app.post(
    '/api/v1/holds',
    {
      config: { access: managing },
      schema: {
        operationId: 'placeHold',
        summary:
          'Keep one incident, with its sightings and pictures, until the hold is lifted or its time is over',
        body: newLegalHold,
        response: { 201: legalHold, ...refusals },
      },
    },
    async (request, reply) => {
      const { id, displayName } = sessionOf(request).person;
      const hold = await holds.place(site, request.body, { id, displayName });
      await record(request, { action: 'hold_placed', target: hold.about.id, details: { hold: hold.id } });
      return reply.code(201).send(hold);
    },
  );

  app.post(
    '/api/v1/holds/:id/lift',
    {
      config: { access: managing },
      schema: {
        operationId: 'liftHold',
        summary: 'End a hold; what retention or an erasure would have removed goes then',
        params: z.strictObject({ id: uuid }),
        body: liftLegalHold,
        response: { 200: legalHold, ...refusals },
      },
    },
    async (request) => {
      const { id, displayName } = sessionOf(request).person;
      const hold = await holds.lift(request.params.id, request.body.reason, { id, displayName });
      await record(request, { action: 'hold_lifted', target: hold.about.id, details: { hold: hold.id } });
      await erasures.carryOutAll();
      return hold;
    },
  );
}
