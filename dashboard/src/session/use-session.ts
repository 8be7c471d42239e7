import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { Session } from '../../../hub/contract/api.ts';
import { HubRefusal } from '../api/hub.ts';
import { useHub } from '../api/hub-context.ts';

/** The query key of the session. */
export const sessionKey = ['session'] as const;

/** Who is logged in, as far as this page knows; null is nobody. */
export interface SessionView {
  state: 'unknown' | 'unreachable' | 'known';
  session: Session | null;
  ask: () => void;
  enter: (session: Session) => void;
  forget: () => void;
  logOut: () => Promise<void>;
}

/** Asks the hub who is logged in, and keeps the answer. */
export function useSession(): SessionView {
  const hub = useHub();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: sessionKey,
    queryFn: () =>
      hub.session().catch((error: unknown) => {
        if (error instanceof HubRefusal && error.status === 401) return null;
        throw error;
      }),
    retry: false,
    staleTime: 60_000,
    // Gates are known from their boxes: until one has connected there is nowhere to clock in.
    refetchInterval: ({ state }) => (state.data?.gates.length === 0 ? 3000 : false),
  });

  const ask = useCallback(() => void refetch(), [refetch]);
  const enter = useCallback((entered: Session) => queries.setQueryData(sessionKey, entered), [queries]);
  const forget = useCallback(() => {
    queries.clear();
    queries.setQueryData(sessionKey, null);
  }, [queries]);
  const logOut = useCallback(async () => {
    await hub.logOut().catch(() => {});
    queries.clear();
    queries.setQueryData(sessionKey, null);
  }, [hub, queries]);

  return useMemo(() => {
    const state = data !== undefined ? 'known' : error ? 'unreachable' : 'unknown';
    return { state, session: data ?? null, ask, enter, forget, logOut };
  }, [data, error, ask, enter, forget, logOut]);
}
