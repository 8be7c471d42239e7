import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { Policy } from '../../../hub/contract/policy.ts';
import { useHub } from '../api/hub-context.ts';

/** Where the policy lies among the queries. */
export const policyKey = ['policy'] as const;

/** The policy of the site as the hub has it. */
export function usePolicy(): UseQueryResult<Policy> {
  const hub = useHub();
  return useQuery({ queryKey: policyKey, queryFn: hub.policy });
}
