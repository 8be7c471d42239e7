import { useCallback, useEffect, useRef, useState } from 'react';
import type { Query } from '../api/hub.ts';
import { useHub } from '../api/hub-context.ts';
import { localDay } from '../i18n/times.ts';
import { saveFile, takeDownload } from './take-download.ts';

/** What can be exported, and as what. */
export type Exported = 'sightings' | 'alerts';
export type Format = 'csv' | 'xlsx';

/** How far an export has come. */
export type ExportState =
  | { phase: 'idle' }
  | { phase: 'running'; bytes: number; rows: number | undefined }
  | { phase: 'done'; bytes: number; rows: number | undefined }
  | { phase: 'failed'; error: unknown };

/** One export at a time: fetched, counted, saved, or given up. Leaving the page gives it up. */
export function useExport(what: Exported) {
  const hub = useHub();
  const [state, setState] = useState<ExportState>({ phase: 'idle' });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const cancel = useCallback(() => {
    running.current?.abort();
    setState({ phase: 'idle' });
  }, []);

  async function begin(format: Format, query: Query): Promise<void> {
    running.current?.abort();
    const abort = new AbortController();
    running.current = abort;
    setState({ phase: 'running', bytes: 0, rows: undefined });
    try {
      const response = await hub.exportFile(what, format, query, abort.signal);
      const said = response.headers.get('x-expected-rows');
      const rows = said === null ? undefined : Number(said);
      const file = await takeDownload(response, (bytes) => {
        if (!abort.signal.aborted) setState({ phase: 'running', bytes, rows });
      });
      if (abort.signal.aborted) return;
      saveFile(`gatehouse-${what}-${localDay(new Date(hub.now()).toISOString())}.${format}`, file);
      setState({ phase: 'done', bytes: file.size, rows });
    } catch (error) {
      if (!abort.signal.aborted) setState({ phase: 'failed', error });
    }
  }

  return { state, begin, cancel };
}
