import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { managing, watching } from '../../accounts/access.ts';
import { covers, requireGate } from '../../accounts/scope.ts';
import type { SnoozeDesk } from '../../alerts/snooze-desk.ts';
import { alertSettings, newSnooze, snooze } from '../../contract/alerting.ts';
import { uuid } from '../../contract/ids.ts';
import { rosterSettings } from '../../contract/roster.ts';
import { HubError } from '../../errors.ts';
import type { DutyDesk } from '../../roster/duty-desk.ts';
import type { SettingsDesk } from '../../settings/settings-desk.ts';
import type { RecordDeed } from '../auditing.ts';
import { scopeOfRequest, sessionOf } from '../authentication.ts';
import type { HubApp } from '../hub-app.ts';
import { refusals } from '../refusals.ts';

export interface AlertingParts {
  snoozes: SnoozeDesk;
  settings: SettingsDesk;
  duties: DutyDesk;
  /** Takes a changed setting into use. */
  applySetting: (name: 'alerting' | 'roster') => Promise<void>;
  record: RecordDeed;
}

/** A guard quiets for the length of a shift, a manager for a month. */
const longestHours = { guard: 12, other: 31 * 24 };

const basedOn = z.strictObject({
  basedOn: z.coerce
    .number()
    .int()
    .nonnegative()
    .describe('the version that was edited; refused with SETTING_CONFLICT when there is a newer one'),
});

function versioned<T extends z.ZodType>(value: T) {
  return z.strictObject({ version: z.number().int().nonnegative(), value });
}

/** How loudly the site rings: what is snoozed, and the settings of alerts and duty. */
export function alertingRoutes(
  app: HubApp,
  { snoozes, settings, duties, applySetting, record }: AlertingParts,
): void {
  app.get(
    '/api/v1/snoozes',
    {
      config: { access: watching, scope: 'gate' },
      schema: {
        operationId: 'listSnoozes',
        summary: 'What is not to ring now, newest first',
        response: { 200: z.array(snooze), ...refusals },
      },
    },
    async (request) => {
      const scope = scopeOfRequest(request);
      return snoozes.current().filter(({ gate }) => gate === undefined || covers(scope, gate));
    },
  );

  app.post(
    '/api/v1/snoozes',
    {
      config: { access: watching, scope: 'gate' },
      schema: {
        operationId: 'addSnooze',
        summary: 'Let something not ring for a while; guards at their own gate and for 12 hours at most',
        body: newSnooze,
        response: { 201: snooze, ...refusals },
      },
    },
    async (request, reply) => {
      const { person } = sessionOf(request);
      await requireOwnGate(request, request.body.gate);
      const hours = person.role === 'guard' ? longestHours.guard : longestHours.other;
      const added = await snoozes.add(request.body, person, hours);
      const { gate, flag, until, reason } = added;
      await record(request, {
        action: 'alerts_snoozed',
        target: added.id,
        details: { gate, flag, until, reason },
      });
      return reply.code(201).send(added);
    },
  );

  app.delete(
    '/api/v1/snoozes/:id',
    {
      config: { access: watching, scope: 'gate' },
      schema: {
        operationId: 'endSnooze',
        summary: 'Let it ring again',
        params: z.strictObject({ id: uuid }),
        response: { 200: snooze, ...refusals },
      },
    },
    async (request) => {
      const { person } = sessionOf(request);
      await requireOwnGate(request, snoozes.get(request.params.id).gate);
      const ended = await snoozes.end(request.params.id, person);
      await record(request, { action: 'snooze_ended', target: ended.id });
      return ended;
    },
  );

  app.get(
    '/api/v1/settings/alerting',
    {
      config: { access: watching, scope: 'none' },
      schema: {
        operationId: 'readAlertingSettings',
        summary: 'Settings: how loudly alerts ring',
        response: { 200: versioned(alertSettings), ...refusals },
      },
    },
    () => settings.read('alerting'),
  );

  app.put(
    '/api/v1/settings/alerting',
    {
      config: { access: managing },
      schema: {
        operationId: 'changeAlertingSettings',
        summary: 'Change settings: how loudly alerts ring; holds at once',
        querystring: basedOn,
        body: alertSettings,
        response: { 200: versioned(alertSettings), ...refusals },
      },
    },
    async (request) => {
      const { id } = sessionOf(request).person;
      const changed = await settings.change('alerting', request.body, id, request.query.basedOn);
      await apply(request, 'alerting', changed.version);
      return changed;
    },
  );

  app.get(
    '/api/v1/settings/roster',
    {
      config: { access: watching, scope: 'none' },
      schema: {
        operationId: 'readRosterSettings',
        summary: 'Settings: how duty is counted',
        response: { 200: versioned(rosterSettings), ...refusals },
      },
    },
    () => settings.read('roster'),
  );

  app.put(
    '/api/v1/settings/roster',
    {
      config: { access: managing },
      schema: {
        operationId: 'changeRosterSettings',
        summary: 'Change settings: how duty is counted; holds at once',
        querystring: basedOn,
        body: rosterSettings,
        response: { 200: versioned(rosterSettings), ...refusals },
      },
    },
    async (request) => {
      const { id } = sessionOf(request).person;
      const changed = await settings.change('roster', request.body, id, request.query.basedOn);
      await apply(request, 'roster', changed.version);
      return changed;
    },
  );

  async function apply(
    request: FastifyRequest,
    which: 'alerting' | 'roster',
    version: number,
  ): Promise<void> {
    await applySetting(which);
    await record(request, { action: 'settings_changed', target: which, details: { version } });
  }

  /** Who has to do with certain gates quiets one of them; a guard the one of the duty. */
  async function requireOwnGate(request: FastifyRequest, gate: string | undefined): Promise<void> {
    const { person } = sessionOf(request);
    const scope = scopeOfRequest(request);
    if (scope !== 'all') requireGate(scope, gate ?? '');
    if (person.role !== 'guard') return;
    const duty = await duties.of(person.id);
    if (duty === undefined || duty.gate !== gate) {
      throw new HubError('NOT_ON_DUTY_AT_GATE', undefined, { details: { gate } });
    }
  }
}
