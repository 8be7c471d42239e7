import { useQueryClient } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useCallback, useMemo, useState } from 'react';
import type { Session } from '../../../hub/contract/api.ts';
import { HubRefusal } from '../api/hub.ts';
import { useHub } from '../api/hub-context.ts';
import { FaultToast } from '../guard/fault-toast.tsx';
import { useLive } from '../live/live-context.tsx';
import { CorrectionToast, type Said } from './correction-toast.tsx';
import { type Corrections, CorrectionsContext } from './corrections-context.ts';
import { mayCorrect } from './may-correct.ts';

const CorrectSheet = lazy(() =>
  import('./correct-sheet.tsx').then((file) => ({ default: file.CorrectSheet })),
);
const HistorySheet = lazy(() =>
  import('./history-sheet.tsx').then((file) => ({ default: file.HistorySheet })),
);

/** The sheets and toasts of corrections, above whatever page is open. */
export function CorrectionsProvider({ session, children }: { session: Session; children: ReactNode }) {
  const hub = useHub();
  const queries = useQueryClient();
  const { dispatch } = useLive();
  const [open, setOpen] = useState<{ sheet: 'correct' | 'history'; sighting: string }>();
  const [said, setSaid] = useState<Said>();
  const [fault, setFault] = useState<HubRefusal>();
  const close = useCallback(() => setOpen(undefined), []);

  const refresh = useCallback(
    async (sighting?: string) => {
      const keys = ['sightings', 'trajectory', 'alerts', 'alert', 'corrections'];
      const reloaded = Promise.all(
        keys.map((key) => queries.invalidateQueries({ queryKey: [key], predicate: isNoReport })),
      );
      const entry = sighting === undefined ? undefined : await hub.sighting(sighting);
      const alert = entry?.alert === undefined ? undefined : await hub.alert(entry.alert);
      if (alert) dispatch({ type: 'alert', alert });
      void reloaded;
      return alert;
    },
    [hub, queries, dispatch],
  );

  const corrections = useMemo<Corrections>(
    () => ({
      may: (seen) => mayCorrect(session, seen, hub.now()),
      correct: (sighting) => setOpen({ sheet: 'correct', sighting }),
      showHistory: (sighting) => setOpen({ sheet: 'history', sighting }),
      refresh,
      say: (next) => {
        setFault(undefined);
        setSaid(next);
      },
    }),
    [session, hub, refresh],
  );

  async function undo({ undo: takeBack }: Said) {
    setSaid(undefined);
    try {
      await takeBack?.();
    } catch (error) {
      setFault(
        error instanceof HubRefusal
          ? error
          : new HubRefusal(0, { code: 'PAGE_FAULT', message: String(error), remedy: '' }),
      );
    }
  }

  return (
    <CorrectionsContext value={corrections}>
      {children}
      <Suspense fallback={null}>
        {open?.sheet === 'correct' && (
          <CorrectSheet key={open.sighting} sighting={open.sighting} onClose={close} />
        )}
        {open?.sheet === 'history' && (
          <HistorySheet key={open.sighting} sighting={open.sighting} onClose={close} />
        )}
      </Suspense>
      {said && (
        <CorrectionToast
          key={said.key}
          said={said}
          onUndo={() => void undo(said)}
          onClose={() => setSaid(undefined)}
        />
      )}
      {fault && <FaultToast fault={fault} onClose={() => setFault(undefined)} />}
    </CorrectionsContext>
  );
}

/** Every call for a report is recorded in the person's name: none is made by itself. */
function isNoReport({ queryKey }: { queryKey: readonly unknown[] }): boolean {
  return queryKey.at(-1) !== 'report';
}
