import { servicing } from '../../accounts/access.ts';
import { auditQuery, deadLetterPage } from '../../contract/api.ts';
import type { DeadLetterStore } from '../../ingest/dead-letter.ts';
import type { HubApp } from '../hub-app.ts';
import { refusals } from '../refusals.ts';

const deadLetterQuery = auditQuery.pick({ cursor: true, limit: true });

/** Why a box is not understood. */
export function deadLetterRoutes(app: HubApp, deadLetters: DeadLetterStore): void {
  app.get(
    '/api/v1/dead-letters',
    {
      config: { access: servicing },
      schema: {
        operationId: 'listDeadLetters',
        summary: 'Messages that were refused for good, with the reason, newest first',
        querystring: deadLetterQuery,
        response: { 200: deadLetterPage, ...refusals },
      },
    },
    (request) => deadLetters.list(request.query.cursor, request.query.limit),
  );
}
