import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { Channel } from '../../../hub/contract/channels.ts';
import { useHub } from '../api/hub-context.ts';

/** Where the channels lie among the queries. */
export const channelsKey = ['channels'] as const;

/** The channels of the site, with how they are doing. */
export function useChannels(): UseQueryResult<Channel[]> {
  const hub = useHub();
  return useQuery({ queryKey: channelsKey, queryFn: hub.channels, refetchInterval: 15_000 });
}
