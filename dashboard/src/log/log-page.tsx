import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { useHub } from '../api/hub-context.ts';
import { ExportMenu } from '../exports/export-menu.tsx';
import { useWords } from '../i18n/language.tsx';
import { useLive } from '../live/live-context.tsx';
import { MoreRows } from '../office/more-rows.tsx';
import { OfficeTheme } from '../office/office-theme.tsx';
import { Loading, Note, Refused } from '../office/query-note.tsx';
import { isUnfiltered, type LogFilter, readFilter, toQuery, wholeWeek, writeFilter } from './log-filter.ts';
import { LogFilters } from './log-filters.tsx';
import { LogTable } from './log-table.tsx';
import './log-page.css';

const pageSize = 50;

/** The trajectory log: who came when, where did this car go. The address holds the search, so that it can be sent on. */
export function LogPage() {
  return (
    <OfficeTheme>
      <Log />
    </OfficeTheme>
  );
}

function Log() {
  const hub = useHub();
  const words = useWords();
  const search = useSearch();
  const [, go] = useLocation();
  const filter = useMemo(() => readFilter(search), [search]);
  const { live } = useLive();
  const [seen, setSeen] = useState(live.sightingsHeard);

  const log = useInfiniteQuery({
    queryKey: ['sightings', writeFilter(filter)],
    queryFn: ({ pageParam }) =>
      hub.sightings({ ...toQuery(filter, hub.now()), cursor: pageParam, limit: pageSize }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
  const alerts = useQuery({ queryKey: ['alerts', 'recent'], queryFn: () => hub.alerts({ limit: 200 }) });

  const entries = useMemo(() => (log.data?.pages ?? []).flatMap(({ items }) => items), [log.data]);
  const alertsById = useMemo(
    () => new Map((alerts.data?.items ?? []).map((alert) => [alert.id, live.alerts.get(alert.id) ?? alert])),
    [alerts.data, live.alerts],
  );
  const newer = live.sightingsHeard - seen;

  function apply(next: LogFilter) {
    const written = writeFilter(next);
    go(written ? `/log?${written}` : '/log');
  }

  function refresh() {
    setSeen(live.sightingsHeard);
    void log.refetch();
    void alerts.refetch();
  }

  return (
    <div className="office log">
      <div className="office-head">
        <h1>{words.log.title}</h1>
        {entries.length > 0 && <p>{words.log.count(entries.length, log.hasNextPage)}</p>}
        <div className="office-head-end">
          {newer > 0 && (
            <button type="button" className="chip log-newer" data-tone="good" onClick={refresh}>
              {words.log.newer(newer)}
            </button>
          )}
          <ExportMenu what="sightings" query={() => toQuery(filter, hub.now())} />
        </div>
      </div>
      <LogFilters filter={filter} entries={entries} onChange={apply} />
      {log.isPending ? (
        <Loading />
      ) : log.isError && entries.length === 0 ? (
        <Refused error={log.error} onRetry={() => void log.refetch()} />
      ) : entries.length === 0 ? (
        <Empty filter={filter} onClear={() => apply({ ...wholeWeek, range: 'all' })} />
      ) : (
        <>
          <LogTable entries={entries} alerts={alertsById} fading={log.isPlaceholderData} />
          <MoreRows
            has={log.hasNextPage}
            busy={log.isFetchingNextPage}
            onMore={() => void log.fetchNextPage()}
          />
        </>
      )}
    </div>
  );
}

function Empty({ filter, onClear }: { filter: LogFilter; onClear: () => void }) {
  const words = useWords();
  if (isUnfiltered(filter) && filter.range === 'all') {
    return <Note icon="log" title={words.log.emptyEver} help={words.log.emptyEverHelp} />;
  }
  return (
    <Note icon="search" title={words.log.empty} help={words.log.emptyHelp}>
      <button type="button" className="button" onClick={onClear}>
        {words.log.clear}
      </button>
    </Note>
  );
}
