import { useQuery } from '@tanstack/react-query';
import type { ThisDevice } from '../../../hub/contract/api.ts';
import { useHub } from '../api/hub-context.ts';

/** Where the tablet that shows this page lies among the queries. */
export const thisDeviceKey = ['this-device'] as const;

/** The paired tablet that shows this page; undefined when it is none, or not known yet. */
export function useThisDevice(): ThisDevice['device'] {
  const hub = useHub();
  const { data } = useQuery({
    queryKey: thisDeviceKey,
    queryFn: hub.thisDevice,
    staleTime: 60_000,
    retry: 1,
  });
  return data?.device;
}
