import { z } from 'zod';
import { managing, watching } from '../../accounts/access.ts';
import { auditQuery, policyEdit, policyHistory, policyProposal } from '../../contract/api.ts';
import { uuid } from '../../contract/ids.ts';
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

const byId = z.strictObject({ id: uuid });

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
      config: { access: watching, scope: 'none' },
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
        summary:
          'Replace the policy: what flags no more than before holds at once, the rest waits for a second person',
        querystring: basedOn,
        body: policyEdit,
        response: { 200: policy, 202: policyProposal, ...refusals },
      },
    },
    async (request, reply) => {
      const { person } = sessionOf(request);
      const outcome = await policies.request(site, request.body, person, request.query.basedOn);
      if (outcome.kind === 'proposed') {
        const { id, changes } = outcome.proposal;
        const rules = changes.map(({ field }) => field);
        await record(request, { action: 'policy_proposed', target: site, details: { proposal: id, rules } });
        return reply.code(202).send(outcome.proposal);
      }
      const { version } = outcome.policy;
      await record(request, { action: 'policy_changed', target: site, details: { version } });
      return reply.send(outcome.policy);
    },
  );

  app.get(
    '/api/v1/policy/proposals',
    {
      config: { access: managing },
      schema: {
        operationId: 'listProposals',
        summary: 'Rules that wait for a second person, and what became of earlier ones; newest first',
        response: { 200: z.array(policyProposal), ...refusals },
      },
    },
    () => policies.proposals(site),
  );

  app.post(
    '/api/v1/policy/proposals/:id/confirm',
    {
      config: { access: managing },
      schema: {
        operationId: 'confirmProposal',
        summary: 'Switch on what somebody else has proposed; the boxes get it at once',
        params: byId,
        response: { 200: policy, ...refusals },
      },
    },
    async (request) => {
      const { id } = request.params;
      const changed = await policies.confirm(site, id, sessionOf(request).person);
      await record(request, {
        action: 'policy_confirmed',
        target: site,
        details: { proposal: id, version: changed.version },
      });
      return changed;
    },
  );

  app.post(
    '/api/v1/policy/proposals/:id/reject',
    {
      config: { access: managing },
      schema: {
        operationId: 'rejectProposal',
        summary: 'Leave it as it is; whoever proposed it withdraws it so',
        params: byId,
        response: { 200: policyProposal, ...refusals },
      },
    },
    async (request) => {
      const { id } = request.params;
      const rejected = await policies.reject(site, id, sessionOf(request).person);
      await record(request, {
        action: 'policy_rejected',
        target: site,
        details: { proposal: id, state: rejected.state },
      });
      return rejected;
    },
  );

  app.get(
    '/api/v1/policy/history',
    {
      config: { access: managing },
      schema: {
        operationId: 'readPolicyHistory',
        summary: 'Who changed what when, newest first',
        querystring: auditQuery.pick({ cursor: true, limit: true }),
        response: { 200: policyHistory, ...refusals },
      },
    },
    (request) => policies.history(site, request.query.cursor, request.query.limit),
  );
}
