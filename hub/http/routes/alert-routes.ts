import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { watching } from '../../accounts/access.ts';
import type { AlertDesk } from '../../alerts/alert-desk.ts';
import { alert, alertPage, alertQuery, resolveAlert } from '../../contract/api.ts';
import { uuid } from '../../contract/ids.ts';
import { HubError } from '../../errors.ts';
import type { DutyDesk } from '../../roster/duty-desk.ts';
import type { RecordDeed } from '../auditing.ts';
import { scopeOfRequest, sessionOf } from '../authentication.ts';
import type { HubApp } from '../hub-app.ts';
import { perMinute } from '../rate-limits.ts';
import { refusals } from '../refusals.ts';

export interface AlertParts {
  alerts: AlertDesk;
  duties: DutyDesk;
  record: RecordDeed;
}

const byId = z.strictObject({ id: uuid });

/**
 * Everyone who watches sees all alerts of their gates; a guard deals with those of the gate where the guard is on duty, and
 * those that the guard was told of.
 */
export function alertRoutes(app: HubApp, { alerts, duties, record }: AlertParts): void {
  app.get(
    '/api/v1/alerts',
    {
      config: { access: watching, scope: 'gate', rateLimit: perMinute.search },
      schema: {
        operationId: 'listAlerts',
        summary: 'Alerts, newest first',
        querystring: alertQuery,
        response: { 200: alertPage, ...refusals },
      },
    },
    (request) => alerts.list(request.query, scopeOfRequest(request)),
  );

  app.get(
    '/api/v1/alerts/:id',
    {
      config: { access: watching, scope: 'gate' },
      schema: {
        operationId: 'readAlert',
        summary: 'One alert',
        params: byId,
        response: { 200: alert, ...refusals },
      },
    },
    (request) => alerts.get(request.params.id, scopeOfRequest(request)),
  );

  app.post(
    '/api/v1/alerts/:id/acknowledge',
    {
      config: { access: watching, scope: 'gate' },
      schema: {
        operationId: 'acknowledgeAlert',
        summary: 'Take an alert on; refused a second time, naming who was first',
        params: byId,
        response: { 200: alert, ...refusals },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { person } = sessionOf(request);
      await requireMayAct(request, id);
      const acknowledged = await alerts.acknowledge(id, person);
      await record(request, { action: 'alert_acknowledged', target: id });
      return acknowledged;
    },
  );

  app.post(
    '/api/v1/alerts/:id/resolve',
    {
      config: { access: watching, scope: 'gate' },
      schema: {
        operationId: 'resolveAlert',
        summary: 'Say what was done about an alert',
        params: byId,
        body: resolveAlert,
        response: { 200: alert, ...refusals },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { person } = sessionOf(request);
      await requireMayAct(request, id);
      const resolved = await alerts.resolve(id, person, request.body);
      await record(request, {
        action: 'alert_resolved',
        target: id,
        details: { disposition: request.body.disposition },
      });
      return resolved;
    },
  );

  async function requireMayAct(request: FastifyRequest, alertId: string): Promise<void> {
    const { gate, steps } = await alerts.get(alertId, scopeOfRequest(request));
    const { person } = sessionOf(request);
    if (person.role !== 'guard') return;
    if (steps.some(({ people }) => people.some(({ id }) => id === person.id))) return;
    const duty = await duties.of(person.id);
    if (duty?.gate !== gate) throw new HubError('NOT_ON_DUTY_AT_GATE', undefined, { details: { gate } });
  }
}
