import { type UseQueryResult, useQuery } from '@tanstack/react-query';
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
