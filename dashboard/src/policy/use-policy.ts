import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { Person, PolicyProposal } from '../../../hub/contract/api.ts';
import type { Policy } from '../../../hub/contract/policy.ts';
import { useHub } from '../api/hub-context.ts';

/** Where the policy lies among the queries. */
export const policyKey = ['policy'] as const;
/** Where the proposals lie. */
export const proposalsKey = ['policy-proposals'] as const;
/** Where the history lies. */
export const historyKey = ['policy-history'] as const;

/** The policy of the site as the hub has it. */
export function usePolicy(): UseQueryResult<Policy> {
  const hub = useHub();
  return useQuery({ queryKey: policyKey, queryFn: hub.policy });
}

/** How often it is looked whether somebody else has proposed or decided. */
const lookAgainMs = 20_000;

/** Rules that wait for a second person. */
export function useOpenProposals({ enabled = true } = {}): readonly PolicyProposal[] {
  const hub = useHub();
  const found = useQuery({
    queryKey: proposalsKey,
    queryFn: hub.proposals,
    refetchInterval: lookAgainMs,
    enabled,
  });
  return (found.data ?? []).filter(({ state }) => state === 'open');
}

/** How many rules wait for this person to confirm or reject them. */
export function useProposalsToConfirm({ id, role, gates }: Person): number {
  const mayConfirm = (role === 'manager' || role === 'admin') && gates === undefined;
  return useOpenProposals({ enabled: mayConfirm }).filter(({ proposedBy }) => proposedBy.id !== id).length;
}
