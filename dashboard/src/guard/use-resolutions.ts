import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Alert, Disposition } from '../../../hub/contract/api.ts';
import { HubRefusal, isUnreachable } from '../api/hub.ts';
import { useHub } from '../api/hub-context.ts';
import { useLive } from '../live/live-context.tsx';

/** How an alert ended, said but not sent yet. */
export interface Pending {
  alert: Alert;
  disposition: Disposition;
  note?: string;
  /** Milliseconds by this page's clock; before it, undo takes it back. */
  sendAt: number;
  /** The hub could not be reached: it is tried again until it can. */
  unsent: boolean;
}

/** How long what was said can be taken back. */
export const undoMs = 5000;
const retryMs = 3000;

/** Dealing with alerts: taking them, saying how they ended with a moment to undo, and what was refused. */
export interface Resolutions {
  pending: ReadonlyMap<string, Pending>;
  /** The alert that is being taken right now. */
  taking: string | undefined;
  fault: HubRefusal | undefined;
  take: (alert: Alert) => Promise<boolean>;
  resolve: (alert: Alert, disposition: Disposition, note?: string) => void;
  undo: (id: string) => void;
  clearFault: () => void;
}

/** `beforeTaking` clocks a guard in at the alert's gate when that is needed. */
export function useResolutions(beforeTaking: (alert: Alert) => Promise<unknown>): Resolutions {
  const hub = useHub();
  const { dispatch } = useLive();
  const [pending, setPending] = useState<ReadonlyMap<string, Pending>>(new Map());
  const [taking, setTaking] = useState<string>();
  const [fault, setFault] = useState<HubRefusal>();
  const newest = useRef(pending);
  newest.current = pending;

  const put = useCallback((id: string, entry: Pending | undefined) => {
    setPending((held) => {
      const next = new Map(held);
      if (entry) next.set(id, entry);
      else next.delete(id);
      return next;
    });
  }, []);

  const refuse = useCallback((error: unknown) => {
    setFault(
      error instanceof HubRefusal
        ? error
        : new HubRefusal(0, { code: 'PAGE_FAULT', message: String(error), remedy: '' }),
    );
  }, []);

  const take = useCallback(
    async (alert: Alert) => {
      setTaking(alert.id);
      setFault(undefined);
      try {
        await beforeTaking(alert);
        dispatch({ type: 'alert', alert: await hub.acknowledge(alert.id) });
        return true;
      } catch (error) {
        refuse(error);
        return false;
      } finally {
        setTaking(undefined);
      }
    },
    [hub, dispatch, beforeTaking, refuse],
  );

  const send = useCallback(
    async ({ alert, disposition, note }: Pending, mayRetry: boolean) => {
      const { id } = alert;
      try {
        dispatch({ type: 'alert', alert: await hub.resolve(id, disposition, note) });
        put(id, undefined);
      } catch (error) {
        if (mayRetry && isUnreachable(error)) {
          put(id, {
            alert,
            disposition,
            ...(note ? { note } : {}),
            sendAt: Date.now() + retryMs,
            unsent: true,
          });
          return;
        }
        put(id, undefined);
        refuse(error);
      }
    },
    [hub, dispatch, put, refuse],
  );

  useEffect(() => {
    const due = [...pending.values()].reduce(
      (first, { sendAt }) => Math.min(first, sendAt),
      Number.POSITIVE_INFINITY,
    );
    if (due === Number.POSITIVE_INFINITY) return;
    const timer = setTimeout(
      () => {
        for (const entry of newest.current.values()) {
          if (entry.sendAt > Date.now()) continue;
          put(entry.alert.id, { ...entry, sendAt: Date.now() + 30_000 });
          void send(entry, true);
        }
      },
      Math.max(0, due - Date.now()) + 10,
    );
    return () => clearTimeout(timer);
  }, [pending, put, send]);

  // A page that is put away sends at once what waits for undo.
  useEffect(() => {
    const flush = () => {
      for (const entry of newest.current.values()) void send(entry, false);
    };
    window.addEventListener('pagehide', flush);
    return () => {
      window.removeEventListener('pagehide', flush);
      flush();
    };
  }, [send]);

  const resolve = useCallback(
    (alert: Alert, disposition: Disposition, note?: string) => {
      const entry = {
        alert,
        disposition,
        ...(note ? { note } : {}),
        sendAt: Date.now() + undoMs,
        unsent: false,
      };
      put(alert.id, entry);
      if (alert.state !== 'open') return;
      // Others should know at once that someone is on it; only how it ended waits for undo.
      void take(alert).then((taken) => {
        if (!taken) put(alert.id, undefined);
      });
    },
    [put, take],
  );

  const undo = useCallback((id: string) => put(id, undefined), [put]);
  const clearFault = useCallback(() => setFault(undefined), []);

  return useMemo(
    () => ({ pending, taking, fault, take, resolve, undo, clearFault }),
    [pending, taking, fault, take, resolve, undo, clearFault],
  );
}
