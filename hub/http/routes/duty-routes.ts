import { z } from 'zod';
import { watching } from '../../accounts/access.ts';
import { covers, requireGate } from '../../accounts/scope.ts';
import { clockIn, duty } from '../../contract/api.ts';
import { HubError } from '../../errors.ts';
import type { BoxStore } from '../../ingest/box-store.ts';
import type { DutyDesk } from '../../roster/duty-desk.ts';
import type { RecordDeed } from '../auditing.ts';
import { scopeOfRequest, sessionOf } from '../authentication.ts';
import type { HubApp } from '../hub-app.ts';
import { refusals } from '../refusals.ts';

export interface DutyParts {
  site: string;
  duties: DutyDesk;
  boxes: BoxStore;
  record: RecordDeed;
}

/** Who is on duty where, and clocking in and out. */
export function dutyRoutes(app: HubApp, { site, duties, boxes, record }: DutyParts): void {
  app.get(
    '/api/v1/duty',
    {
      config: { access: watching, scope: 'gate' },
      schema: {
        operationId: 'listDuty',
        summary: 'Everyone on duty now',
        response: { 200: z.array(duty), ...refusals },
      },
    },
    async (request) => {
      const scope = scopeOfRequest(request);
      return (await duties.onDuty()).filter(({ gate }) => covers(scope, gate));
    },
  );

  app.post(
    '/api/v1/duty/clock-in',
    {
      config: { access: watching, scope: 'gate' },
      schema: {
        operationId: 'clockIn',
        summary: 'Start duty at a gate; moves a person who is on duty elsewhere',
        body: clockIn,
        response: { 200: duty, ...refusals },
      },
    },
    async (request) => {
      const { gate } = request.body;
      requireGate(scopeOfRequest(request), gate);
      const gates = await boxes.gates(site);
      if (!gates.includes(gate)) throw new HubError('GATE_UNKNOWN', undefined, { details: { gates } });
      const started = await duties.clockIn(sessionOf(request).person, gate);
      await record(request, { action: 'clocked_in', target: gate });
      return started;
    },
  );

  app.post(
    '/api/v1/duty/clock-out',
    {
      config: { access: watching, scope: 'gate' },
      schema: {
        operationId: 'clockOut',
        summary: 'End one’s duty',
        response: { 204: z.null(), ...refusals },
      },
    },
    async (request, reply) => {
      await duties.clockOut(sessionOf(request).person.id);
      await record(request, { action: 'clocked_out' });
      return reply.code(204).send(null);
    },
  );
}
