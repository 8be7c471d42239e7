import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { Session } from '../../../hub/contract/api.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech, useWords } from '../i18n/language.tsx';
import { MoreRows } from '../office/more-rows.tsx';
import { OfficeTheme } from '../office/office-theme.tsx';
import { Loading, Note, Refused } from '../office/query-note.tsx';
import { saySpan } from '../roster/shift-words.ts';
import { useKnownSiteZone } from '../roster/use-roster.ts';
import { Icon } from '../ui/icons.tsx';
import { useNow } from '../ui/use-now.ts';
import { InsideCards } from './inside-cards.tsx';
import {
  insideNow,
  type PresenceFilter,
  readFilter,
  spanOf,
  visitQuery,
  withinChoices,
  writeFilter,
} from './presence-filter.ts';
import { PresenceFilters } from './presence-filters.tsx';
import { PresenceTable } from './presence-table.tsx';
import { VisitTable } from './visit-table.tsx';
import './presence.css';

const pageSize = 50;
const hourMs = 3_600_000;
/** Who is in changes with every passing; nothing tells this page. */
const refreshMs = 30_000;

/** Who and what is in now, who has been, and who was there in a window. The address holds what is looked at. */
export function VisitsPage({ session }: { session: Session }) {
  return (
    <OfficeTheme>
      <Visits session={session} />
    </OfficeTheme>
  );
}

function Visits({ session }: { session: Session }) {
  const words = useWords();
  const search = useSearch();
  const [, go] = useLocation();
  const isGuard = session.person.role === 'guard';
  const filter = useMemo(() => withinChoices(readFilter(search), isGuard), [search, isGuard]);
  const mayFollow = !isGuard;
  const timeZone = useKnownSiteZone();

  function apply(next: PresenceFilter) {
    const written = writeFilter(next);
    go(written ? `/visits?${written}` : '/visits');
  }

  return (
    <div className="office presence">
      <div className="office-head">
        <h1>{words.visits.title}</h1>
        {isGuard && <p>{words.visits.lastDay}</p>}
      </div>
      <PresenceFilters filter={filter} gates={session.gates} isGuard={isGuard} onChange={apply} />
      {filter.view === 'inside' && <InsideCards filter={filter} onChange={apply} />}
      {timeZone === undefined ? (
        <Loading />
      ) : filter.view === 'window' ? (
        <WhoWasThere filter={filter} timeZone={timeZone} mayFollow={mayFollow} onChange={apply} />
      ) : (
        <VisitList
          key={filter.view}
          filter={filter}
          timeZone={timeZone}
          mayFollow={mayFollow}
          onChange={apply}
        />
      )}
    </div>
  );
}

interface ListProps {
  filter: PresenceFilter;
  /** Of the site. */
  timeZone: string;
  mayFollow: boolean;
  onChange: (filter: PresenceFilter) => void;
}

function VisitList({ filter, timeZone, mayFollow, onChange }: ListProps) {
  const hub = useHub();
  const words = useWords();
  const isInside = filter.view === 'inside';
  const isReady = isInside || spanOf(filter, hub.now(), timeZone) !== undefined;
  const found = useInfiniteQuery({
    queryKey: ['visits', writeFilter(filter), timeZone],
    queryFn: ({ pageParam }) =>
      hub.visits({
        ...visitQuery(filter, spanOf(filter, hub.now(), timeZone)),
        cursor: pageParam,
        limit: pageSize,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: isInside ? refreshMs : false,
    enabled: isReady,
  });
  const visits = useMemo(() => (found.data?.pages ?? []).flatMap(({ items }) => items), [found.data]);

  if (!isReady) return <NotChosen />;
  if (found.isPending) return <Loading />;
  if (found.isError && visits.length === 0)
    return <Refused error={found.error} onRetry={() => void found.refetch()} />;
  if (visits.length === 0) return <Nobody filter={filter} onChange={onChange} />;
  return (
    <>
      <VisitTable
        visits={visits}
        isInside={isInside}
        hours={filter.hours}
        timeZone={timeZone}
        mayFollow={mayFollow}
        fading={found.isPlaceholderData}
        caption={words.visits.count(visits.length, found.hasNextPage)}
      />
      <MoreRows
        has={found.hasNextPage}
        busy={found.isFetchingNextPage}
        onMore={() => void found.fetchNextPage()}
      />
      {isInside && <UnknownDirections gate={filter.gate} />}
    </>
  );
}

function WhoWasThere({ filter, timeZone, mayFollow, onChange }: ListProps) {
  const hub = useHub();
  const { language, words } = useSpeech();
  // To the minute, so that the window stays the same while it is looked at.
  const minute = Math.floor(useNow(60_000) / 60_000) * 60_000;
  const span = spanOf(filter, minute, timeZone);
  const found = useInfiniteQuery({
    queryKey: ['presence', writeFilter(filter), timeZone],
    queryFn: ({ pageParam }) => {
      const { kind, gate } = filter;
      return hub.presence({
        ...spanOf(filter, hub.now(), timeZone),
        kind,
        gate,
        cursor: pageParam,
        limit: pageSize,
      });
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    enabled: span !== undefined,
  });
  const present = useMemo(() => (found.data?.pages ?? []).flatMap(({ items }) => items), [found.data]);
  const unknown = found.data?.pages[0].unknown;

  if (!span) return <NotChosen />;
  if (found.isPending) return <Loading />;
  if (found.isError && present.length === 0)
    return <Refused error={found.error} onRetry={() => void found.refetch()} />;
  const unnamed = unknown && words.visits.unknownSubjects(unknown.person, unknown.vehicle);
  return (
    <>
      <p className="presence-span muted">
        {saySpan({ from: span.from, until: span.to }, timeZone, language, words)}
        <span>{words.visits.recorded}</span>
      </p>
      {unnamed && (
        <p className="presence-honest">
          <Icon name="question" size={20} />
          <span>
            {unnamed}
            {language === 'en' ? '. ' : '。'}
            {words.visits.unknownSubjectsHelp}
          </span>
        </p>
      )}
      {present.length === 0 ? (
        <Nobody filter={filter} onChange={onChange} />
      ) : (
        <>
          <PresenceTable
            present={present}
            timeZone={timeZone}
            mayFollow={mayFollow}
            fading={found.isPlaceholderData}
            caption={words.visits.count(present.length, found.hasNextPage)}
          />
          <MoreRows
            has={found.hasNextPage}
            busy={found.isFetchingNextPage}
            onMore={() => void found.fetchNextPage()}
          />
        </>
      )}
    </>
  );
}

/** Who is in cannot be known where a lens could not tell in from out: so much of the last day. */
function UnknownDirections({ gate }: { gate: string }) {
  const hub = useHub();
  const words = useWords();
  const found = useQuery({
    queryKey: ['flows', 'unknown', gate],
    queryFn: () => {
      // Whole hours, and none older than a day: guards may look no further.
      const to = Math.floor(hub.now() / hourMs) * hourMs + hourMs;
      return hub.flows({
        from: new Date(to - 24 * hourMs).toISOString(),
        to: new Date(to).toISOString(),
        gate,
      });
    },
  });
  const count = (found.data?.items ?? []).reduce(
    (sum, { person, vehicle }) => sum + person.unknown + vehicle.unknown,
    0,
  );
  if (count === 0) return null;
  return (
    <p className="presence-honest">
      <Icon name="question" size={20} />
      <span>{words.visits.unknownDirection(count)}</span>
    </p>
  );
}

function NotChosen() {
  const words = useWords();
  return <Note icon="calendar" title={words.visits.custom} help={words.visits.customEmpty} />;
}

function Nobody({
  filter,
  onChange,
}: {
  filter: PresenceFilter;
  onChange: (filter: PresenceFilter) => void;
}) {
  const words = useWords();
  const { view } = filter;
  const isNarrowed = filter.kind !== '' || filter.gate !== '' || filter.isLong;
  return (
    <Note
      icon={view === 'inside' ? 'gate' : 'search'}
      title={words.visits.nobody[view]}
      help={words.visits.nobodyHelp[view]}
    >
      {isNarrowed && (
        <button
          type="button"
          className="button"
          onClick={() => onChange({ ...filter, kind: insideNow.kind, gate: '', isLong: false })}
        >
          {words.visits.clear}
        </button>
      )}
    </Note>
  );
}
