import { z } from 'zod';
import { watching } from '../../accounts/access.ts';
import type { AlertDesk } from '../../alerts/alert-desk.ts';
import { alert, alertPage, alertQuery, type Person, resolveAlert } from '../../contract/api.ts';
import { uuid } from '../../contract/ids.ts';
import { HubError } from '../../errors.ts';
import type { DutyDesk } from '../../roster/duty-desk.ts';
import type { RecordDeed } from '../auditing.ts';
import { sessionOf } from '../authentication.ts';
import type { HubApp } from '../hub-app.ts';
import { perMinute } from '../rate-limits.ts';
import { refusals } from '../refusals.ts';

export interface AlertParts {
  alerts: AlertDesk;
  duties: DutyDesk;
  record: RecordDeed;
}

const byId = z.strictObject({ id: uuid });

/** Everyone who watches sees all alerts; a guard deals with those of the own gate and those that the guard was told of. */
export function alertRoutes(app: HubApp, { alerts, duties, record }: AlertParts): void {
  app.get(
    '/api/v1/alerts',
    {
      config: { access: watching, rateLimit: perMinute.search },
      schema: {
        operationId: 'listAlerts',
        summary: 'Alerts, newest first',
        querystring: alertQuery,
        response: { 200: alertPage, ...refusals },
      },
    },
    (request) => alerts.list(request.query),
  );

  app.get(
    '/api/v1/alerts/:id',
    {
      config: { access: watching },
      schema: {
        operationId: 'readAlert',
        summary: 'One alert',
        params: byId,
        response: { 200: alert, ...refusals },
      },
    },
    (request) => alerts.get(request.params.id),
  );

  app.post(
    '/api/v1/alerts/:id/acknowledge',
    {
      config: { access: watching },
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
      await requireDuty(person, id);
      const acknowledged = await alerts.acknowledge(id, person);
      await record(request, { action: 'alert_acknowledged', target: id });
      return acknowledged;
    },
  );

  app.post(
    '/api/v1/alerts/:id/resolve',
    {
      config: { access: watching },
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
      await requireDuty(person, id);
      const resolved = await alerts.resolve(id, person, request.body);
      await record(request, {
        action: 'alert_resolved',
        target: id,
        details: { disposition: request.body.disposition },
      });
      return resolved;
    },
  );

  async function requireDuty(person: Person, alertId: string): Promise<void> {
    if (person.role !== 'guard') return;
    const { gate, steps } = await alerts.get(alertId);
    if (steps.some(({ people }) => people.some(({ id }) => id === person.id))) return;
    const duty = await duties.of(person.id);
    if (duty?.gate !== gate) throw new HubError('NOT_ON_DUTY_AT_GATE', undefined, { details: { gate } });
  }
}
