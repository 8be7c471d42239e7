import { z } from 'zod';
import { managing } from '../../accounts/access.ts';
import { erasureCertificate, newErasure } from '../../contract/api.ts';
import { uuid } from '../../contract/ids.ts';
import type { ErasureDesk } from '../../erasure/erasure-desk.ts';
import { HubError } from '../../errors.ts';
import type { SightingLog } from '../../trajectory/sighting-log.ts';
import type { RecordDeed } from '../auditing.ts';
import { scopeOfRequest, sessionOf } from '../authentication.ts';
import type { HubApp } from '../hub-app.ts';
import { refusals } from '../refusals.ts';

export interface ErasureParts {
  site: string;
  erasures: ErasureDesk;
  sightings: SightingLog;
  record: RecordDeed;
}

/** Forgetting a person on all boxes, and the certificate of it. */
export function erasureRoutes(app: HubApp, { site, erasures, sightings, record }: ErasureParts): void {
  app.post(
    '/api/v1/subjects/:subject/erasure',
    {
      config: { access: managing },
      schema: {
        operationId: 'forgetSubject',
        summary: 'Have every box forget a person’s face; asked twice it is one erasure',
        params: z.strictObject({ subject: uuid }),
        body: newErasure,
        response: { 201: erasureCertificate, ...refusals },
      },
    },
    async (request, reply) => {
      const { subject } = request.params;
      const { items } = await sightings.search({ subject, limit: 1 }, scopeOfRequest(request));
      if (items.length === 0) throw new HubError('SUBJECT_UNKNOWN');
      const { id, displayName } = sessionOf(request).person;
      const certificate = await erasures.ask(site, subject, request.body.reason, { id, displayName });
      await record(request, {
        action: 'subject_forgotten',
        target: subject,
        details: { erasure: certificate.id },
      });
      return reply.code(201).send(certificate);
    },
  );

  app.get(
    '/api/v1/erasures',
    {
      config: { access: managing },
      schema: {
        operationId: 'listErasures',
        summary: 'Everyone who was forgotten, newest first',
        response: { 200: z.array(erasureCertificate), ...refusals },
      },
    },
    () => erasures.list(site),
  );

  app.get(
    '/api/v1/erasures/:id',
    {
      config: { access: managing },
      schema: {
        operationId: 'readErasure',
        summary: 'What was erased, when, and which boxes have confirmed it',
        params: z.strictObject({ id: uuid }),
        response: { 200: erasureCertificate, ...refusals },
      },
    },
    (request) => erasures.certificate(request.params.id),
  );
}
