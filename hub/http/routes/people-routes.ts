import { z } from 'zod';
import { administering, managing } from '../../accounts/access.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { AuditTrail } from '../../accounts/audit-trail.ts';
import type { TabletStream } from '../../announce/tablet-stream.ts';
import { auditPage, auditQuery, newPerson, person, personChange } from '../../contract/api.ts';
import { uuid } from '../../contract/ids.ts';
import type { RecordDeed } from '../auditing.ts';
import type { HubApp } from '../hub-app.ts';
import { refusals } from '../refusals.ts';

export interface PeopleParts {
  accounts: Accounts;
  audit: AuditTrail;
  stream: TabletStream;
  record: RecordDeed;
}

/** Who may log in, and what was done in their names. */
export function peopleRoutes(app: HubApp, { accounts, audit, stream, record }: PeopleParts): void {
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
        summary: 'Give someone an account',
        body: newPerson,
        response: { 201: person, ...refusals },
      },
    },
    async (request, reply) => {
      const added = await accounts.addPerson(request.body);
      await record(request, { action: 'person_added', target: added.id, details: { role: added.role } });
      return reply.code(201).send(added);
    },
  );

  app.patch(
    '/api/v1/people/:id',
    {
      config: { access: administering },
      schema: {
        operationId: 'changePerson',
        summary: 'Disable someone, which ends their sessions and streams, or enable them again',
        params: z.strictObject({ id: uuid }),
        body: personChange,
        response: { 200: person, ...refusals },
      },
    },
    async (request) => {
      const { disabled } = request.body;
      const changed = await accounts.setDisabled(request.params.id, disabled);
      if (disabled) stream.closePerson(changed.id);
      await record(request, {
        action: disabled ? 'person_disabled' : 'person_enabled',
        target: changed.id,
      });
      return changed;
    },
  );

  app.get(
    '/api/v1/audit',
    {
      config: { access: managing },
      schema: {
        operationId: 'readAudit',
        summary: 'Who looked at people, changed rules or dealt with alerts, newest first',
        querystring: auditQuery,
        response: { 200: auditPage, ...refusals },
      },
    },
    (request) => audit.page(request.query),
  );
}
