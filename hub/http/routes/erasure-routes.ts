import { z } from 'zod';
import { managing } from '../../accounts/access.ts';
import { erasureCertificate, erasureVerification, newErasure } from '../../contract/api.ts';
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

const bySubject = z.strictObject({
  subject: z.string().min(1).max(60).describe('a person’s pseudonymous id or a plate'),
});

/** Forgetting a person or a vehicle, on the hub and on all boxes, and the certificate of it. */
export function erasureRoutes(app: HubApp, { site, erasures, sightings, record }: ErasureParts): void {
  app.post(
    '/api/v1/subjects/:subject/erasure',
    {
      config: { access: managing },
      schema: {
        operationId: 'forgetSubject',
        summary:
          'Forget a person or a plate, here and on every box; asked twice it is one erasure, up to now',
        params: bySubject,
        body: newErasure,
        response: { 201: erasureCertificate, ...refusals },
      },
    },
    async (request, reply) => {
      const { subject } = request.params;
      const { items } = await sightings.search({ subject, limit: 1 }, scopeOfRequest(request));
      if (items.length === 0 && !(await erasures.ofSubject(site, subject)))
        throw new HubError('SUBJECT_UNKNOWN');
      const { id, displayName } = sessionOf(request).person;
      const certificate = await erasures.ask(site, subject, request.body.reason, { id, displayName });
      await record(request, {
        action: 'subject_forgotten',
        target: certificate.subject,
        details: { erasure: certificate.id },
      });
      return reply.code(201).send(certificate);
    },
  );

  app.get(
    '/api/v1/subjects/:subject/erasure',
    {
      config: { access: managing },
      schema: {
        operationId: 'readErasureOfSubject',
        summary: 'The certificate of a person or a plate, if it was forgotten',
        params: bySubject,
        response: { 200: erasureCertificate, ...refusals },
      },
    },
    async (request) => {
      const certificate = await erasures.ofSubject(site, request.params.subject);
      if (!certificate) throw new HubError('ERASURE_UNKNOWN');
      return certificate;
    },
  );

  app.post(
    '/api/v1/erasures/verification',
    {
      config: { access: managing },
      bodyLimit: 8 * 1024 * 1024,
      schema: {
        operationId: 'verifyErasure',
        summary: 'Whether a certificate is one that this hub gave out, unchanged',
        body: erasureCertificate,
        response: { 200: erasureVerification, ...refusals },
      },
    },
    async (request) => ({ isOurs: erasures.isOurs(request.body) }),
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
