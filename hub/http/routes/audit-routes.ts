import { managing } from '../../accounts/access.ts';
import type { AuditTrail } from '../../accounts/audit-trail.ts';
import { auditHead, auditPage, auditQuery } from '../../contract/api.ts';
import type { HubApp } from '../hub-app.ts';
import { refusals } from '../refusals.ts';

export interface AuditParts {
  audit: AuditTrail;
}

/** What was done in whose name, and the place to which the chain of it leads. */
export function auditRoutes(app: HubApp, { audit }: AuditParts): void {
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

  app.get(
    '/api/v1/audit/head',
    {
      config: { access: managing },
      schema: {
        operationId: 'readAuditHead',
        summary: 'The newest place of the trail: noted elsewhere, it proves everything before it',
        response: { 200: auditHead, ...refusals },
      },
    },
    () => audit.head(),
  );
}
