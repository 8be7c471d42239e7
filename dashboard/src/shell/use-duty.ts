import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useHub } from '../api/hub-context.ts';
import { sessionKey } from '../session/use-session.ts';

/** Clocking in at a gate and out again; the session follows. */
export function useDuty() {
  const hub = useHub();
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: sessionKey });
  const clockIn = useMutation({ mutationFn: hub.clockIn, onSuccess: refresh });
  const clockOut = useMutation({ mutationFn: hub.clockOut, onSettled: refresh });
  return { clockIn, clockOut };
}
