import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { managing, watching } from '../../accounts/access.ts';
import { covers } from '../../accounts/scope.ts';
import type { Clock } from '../../clock.ts';
import { correctedSighting, newCorrection, newMerge, newSplit } from '../../contract/correction.ts';
import { uuid } from '../../contract/ids.ts';
import { HubError } from '../../errors.ts';
import type { DutyDesk } from '../../roster/duty-desk.ts';
import type { CorrectionDesk } from '../../trajectory/correction-desk.ts';
import type { RecordDeed } from '../auditing.ts';
import { scopeOfRequest, sessionOf } from '../authentication.ts';
import type { HubApp } from '../hub-app.ts';
import { withinReach } from '../reach.ts';
import { refusals } from '../refusals.ts';

export interface CorrectionParts {
  corrections: CorrectionDesk;
  duties: DutyDesk;
  record: RecordDeed;
  clock: Clock;
}

const byId = z.strictObject({ id: uuid });
const bySubject = z.strictObject({ subject: uuid });
const named = z.strictObject({ subject: uuid });

/** What people say in place of what the lens saw. Guards correct what they have before them; managers the log. */
export function correctionRoutes(app: HubApp, { corrections, duties, record, clock }: CorrectionParts): void {
  app.get(
    '/api/v1/sightings/:id/corrections',
    {
      config: { access: watching, scope: 'gate' },
      schema: {
        operationId: 'readCorrections',
        summary: 'A sighting as the box told it, what was corrected since, and what holds',
        params: byId,
        response: { 200: correctedSighting, ...refusals },
      },
    },
    async (request) => {
      const found = await readOwn(request, request.params.id);
      withinReach({ from: found.original.occurredAt }, sessionOf(request).person.role, clock);
      return found;
    },
  );

  app.post(
    '/api/v1/sightings/:id/corrections',
    {
      config: { access: watching, scope: 'gate' },
      schema: {
        operationId: 'correctSighting',
        summary: 'Correct a plate, a verdict or a direction; the rules run again and alerts follow',
        params: byId,
        body: newCorrection,
        response: { 201: correctedSighting, ...refusals },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { fact, reason } = request.body;
      const { person } = sessionOf(request);
      await requireOwn(request, id);
      const corrected = await corrections.correct(id, fact, reason, person);
      await record(request, { action: 'sighting_corrected', target: id, details: { of: fact.of, reason } });
      return reply.code(201).send(corrected);
    },
  );

  app.post(
    '/api/v1/corrections/:id/undo',
    {
      config: { access: watching, scope: 'gate' },
      schema: {
        operationId: 'undoCorrection',
        summary: 'Take one correction back; the others hold on',
        params: byId,
        response: { 200: correctedSighting, ...refusals },
      },
    },
    async (request) => {
      const { person } = sessionOf(request);
      const known = await corrections.get(request.params.id);
      await requireOwn(request, known.sighting);
      if (person.role === 'guard' && known.fact.of === 'subject') {
        throw new HubError('ROLE_NOT_ALLOWED', undefined, { details: { roles: managing } });
      }
      const corrected = await corrections.undo(known.id, person);
      await record(request, { action: 'correction_undone', target: corrected.original.id });
      return corrected;
    },
  );

  app.post(
    '/api/v1/subjects/:subject/merge',
    {
      config: { access: managing },
      schema: {
        operationId: 'mergeSubjects',
        summary: 'Two ids are one person; the boxes learn it, and it cannot be taken back on them',
        params: bySubject,
        body: newMerge,
        response: { 200: named, ...refusals },
      },
    },
    async (request) => {
      const { with: other, reason } = request.body;
      const subject = await corrections.merge(request.params.subject, other);
      await record(request, { action: 'subjects_merged', target: subject, details: { reason } });
      return { subject };
    },
  );

  app.post(
    '/api/v1/subjects/:subject/split',
    {
      config: { access: managing },
      schema: {
        operationId: 'splitSubject',
        summary: 'Some sightings of a person are somebody else’s, who gets a new id',
        params: bySubject,
        body: newSplit,
        response: { 201: named, ...refusals },
      },
    },
    async (request, reply) => {
      const { sightings, reason } = request.body;
      const { person } = sessionOf(request);
      const { subject } = request.params;
      const somebodyElse = await corrections.split(subject, sightings, reason, person);
      await record(request, {
        action: 'subject_split',
        target: subject,
        details: { sightings: sightings.length, reason },
      });
      return reply.code(201).send({ subject: somebodyElse });
    },
  );

  /** What lies outside of one's gates is as if it were not. */
  async function readOwn(request: FastifyRequest, sighting: string) {
    const found = await corrections.read(sighting);
    if (!covers(scopeOfRequest(request), found.original.gate)) throw new HubError('SIGHTING_UNKNOWN');
    return found;
  }

  /** A guard corrects what was seen at the own gate within the time that a guard may look back. */
  async function requireOwn(request: FastifyRequest, sighting: string): Promise<void> {
    const { original } = await readOwn(request, sighting);
    const { person } = sessionOf(request);
    if (person.role !== 'guard') return;
    withinReach({ from: original.occurredAt }, person.role, clock);
    const duty = await duties.of(person.id);
    if (duty?.gate !== original.gate) {
      throw new HubError('NOT_ON_DUTY_AT_GATE', undefined, { details: { gate: original.gate } });
    }
  }
}
