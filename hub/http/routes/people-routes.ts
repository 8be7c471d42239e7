import { z } from 'zod';
import { administering } from '../../accounts/access.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { SecondFactors } from '../../accounts/second-factors.ts';
import type { TabletStream } from '../../announce/tablet-stream.ts';
import { newPerson, oneTimePassword, person, personChange } from '../../contract/api.ts';
import { uuid } from '../../contract/ids.ts';
import type { RecordDeed } from '../auditing.ts';
import type { HubApp } from '../hub-app.ts';
import { refusals } from '../refusals.ts';

export interface PeopleParts {
  accounts: Accounts;
  secondFactors: SecondFactors;
  stream: TabletStream;
  record: RecordDeed;
}

const byId = z.strictObject({ id: uuid });

/** Who may log in. */
export function peopleRoutes(app: HubApp, { accounts, secondFactors, stream, record }: PeopleParts): void {
  app.get(
    '/api/v1/people',
    {
      config: { access: administering },
      schema: {
        operationId: 'listPeople',
        summary: 'Everyone who has an account',
        response: { 200: z.array(person), ...refusals },
      },
    },
    () => accounts.listPeople(),
  );

  app.post(
    '/api/v1/people',
    {
      config: { access: administering },
      schema: {
        operationId: 'addPerson',
        summary: 'Give someone an account; they choose their own password at the first log-in',
        body: newPerson,
        response: { 201: person, ...refusals },
      },
    },
    async (request, reply) => {
      const added = await accounts.addPerson(request.body, { mustChangePassword: true });
      const { role, gates } = added;
      await record(request, { action: 'person_added', target: added.id, details: { role, gates } });
      return reply.code(201).send(added);
    },
  );

  app.patch(
    '/api/v1/people/:id',
    {
      config: { access: administering },
      schema: {
        operationId: 'changePerson',
        summary:
          'Change name, role or gates; disable someone, which ends their sessions and streams, or enable them',
        params: byId,
        body: personChange,
        response: { 200: person, ...refusals },
      },
    },
    async (request) => {
      const { disabled, ...update } = request.body;
      const { id } = request.params;
      // Streams end at any change: they come back at once, with the new rights.
      if (Object.keys(update).length > 0) {
        const changed = await accounts.changePerson(id, update);
        stream.closePerson(id);
        await record(request, { action: 'person_changed', target: id, details: update });
        if (disabled === undefined) return changed;
      }
      const changed = await accounts.setDisabled(id, disabled === true);
      if (disabled) stream.closePerson(id);
      await record(request, { action: disabled ? 'person_disabled' : 'person_enabled', target: id });
      return changed;
    },
  );

  app.post(
    '/api/v1/people/:id/password-reset',
    {
      config: { access: administering },
      schema: {
        operationId: 'resetPassword',
        summary: 'A password for one log-in, told once; sessions end, locks are lifted',
        params: byId,
        response: { 200: oneTimePassword, ...refusals },
      },
    },
    async (request) => {
      const { id } = request.params;
      const password = await accounts.resetPassword(id);
      stream.closePerson(id);
      await record(request, { action: 'password_reset', target: id });
      return { password };
    },
  );

  app.post(
    '/api/v1/people/:id/second-factor-reset',
    {
      config: { access: administering },
      schema: {
        operationId: 'resetSecondFactor',
        summary: 'Remove someone’s second factor, because the phone is lost; sessions end',
        params: byId,
        response: { 204: z.null(), ...refusals },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await accounts.endSessions(id);
      await secondFactors.remove(id);
      stream.closePerson(id);
      await record(request, { action: 'second_factor_reset', target: id });
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/api/v1/people/:id/sessions',
    {
      config: { access: administering },
      schema: {
        operationId: 'logOutPerson',
        summary: 'Log someone out everywhere',
        params: byId,
        response: { 204: z.null(), ...refusals },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const sessions = await accounts.endSessions(id);
      stream.closePerson(id);
      await record(request, { action: 'sessions_ended', target: id, details: { sessions } });
      return reply.code(204).send(null);
    },
  );
}
