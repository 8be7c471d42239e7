import { z } from 'zod';
import { managing, watching } from '../../accounts/access.ts';
import { policyEdit } from '../../contract/api.ts';
import { policy } from '../../contract/policy.ts';
import type { PolicyDesk } from '../../policy/policy-desk.ts';
import type { RecordDeed } from '../auditing.ts';
import { sessionOf } from '../authentication.ts';
import type { HubApp } from '../hub-app.ts';
import { refusals } from '../refusals.ts';

export interface PolicyParts {
  site: string;
  policies: PolicyDesk;
  record: RecordDeed;
}

const basedOn = z.strictObject({
  basedOn: z.coerce
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe('the version that was edited; refused with POLICY_CONFLICT when there is a newer one'),
});

/** What the site wants flagged, why and until when. */
export function policyRoutes(app: HubApp, { site, policies, record }: PolicyParts): void {
  app.get(
    '/api/v1/policy',
    {
      config: { access: watching },
      schema: {
        operationId: 'readPolicy',
        summary: 'What is flagged now',
        response: { 200: policy, ...refusals },
      },
    },
    () => policies.current(site),
  );

  app.put(
    '/api/v1/policy',
    {
      config: { access: managing },
      schema: {
        operationId: 'changePolicy',
        summary: 'Replace the policy; the boxes get it at once',
        querystring: basedOn,
        body: policyEdit,
        response: { 200: policy, ...refusals },
      },
    },
    async (request) => {
      const { id } = sessionOf(request).person;
      const changed = await policies.change(site, request.body, id, request.query.basedOn);
      await record(request, {
        action: 'policy_changed',
        target: site,
        details: { version: changed.version },
      });
      return changed;
    },
  );
}
