import { useInfiniteQuery, useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Alert, Trajectory, TrajectoryEntry, TrajectoryStep } from '../../../hub/contract/api.ts';
import type { Plate } from '../../../hub/contract/sighting.ts';
import { useHub } from '../api/hub-context.ts';
import { CorrectButton, CorrectedMark } from '../corrections/corrected-mark.tsx';
import { SamePerson } from '../corrections/same-person.tsx';
import { useSpeech } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import {
  formatClock,
  formatDay,
  formatDayTime,
  formatHourMinute,
  formatLength,
  localDay,
} from '../i18n/times.ts';
import { HoldButton } from '../keeping/hold-button.tsx';
import { AlertOutcome } from '../office/alert-outcome.tsx';
import { BackLink } from '../office/back-link.tsx';
import { EvidenceThumb } from '../office/evidence-thumb.tsx';
import { Judgement } from '../office/judgement.tsx';
import { OfficeTheme } from '../office/office-theme.tsx';
import { personCode } from '../office/person-code.ts';
import { Loading, Note, Refused } from '../office/query-note.tsx';
import { PlateChip } from '../plates/plate-chip.tsx';
import { Icon } from '../ui/icons.tsx';
import { Companions } from './companions.tsx';
import { Erasure } from './erasure.tsx';
import { groupByDay } from './timeline.ts';
import { meanStayMs } from './visit-stays.ts';
import './subject-page.css';

const pageSize = 50;

/** One person or vehicle in time: visits, and every sighting with its picture, day by day. */
export function SubjectPage({ subject }: { subject: string }) {
  return (
    <OfficeTheme>
      <Subject subject={decodeURIComponent(subject)} />
    </OfficeTheme>
  );
}

function Subject({ subject }: { subject: string }) {
  const hub = useHub();
  const { words } = useSpeech();
  const found = useInfiniteQuery({
    queryKey: ['trajectory', subject],
    queryFn: ({ pageParam }) => hub.trajectory(subject, { cursor: pageParam, limit: pageSize }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
  });
  const entries = useMemo(() => (found.data?.pages ?? []).flatMap(({ items }) => items), [found.data]);
  const alerts = useAlerts(entries);
  const [first] = found.data?.pages ?? [];

  return (
    <div className="office subject">
      <BackLink href="/log">{words.subject.back}</BackLink>
      {found.isPending && <Loading />}
      {found.isError && !first && isUnknown(found.error) && (
        <>
          <Note icon="search" title={words.subject.none} help={words.subject.noneHelp} />
          <Erasure subject={subject} />
        </>
      )}
      {found.isError && !first && !isUnknown(found.error) && (
        <Refused error={found.error} onRetry={() => void found.refetch()} />
      )}
      {first && (
        <>
          <SubjectHead trajectory={first} entries={entries} more={found.hasNextPage} />
          <div className="subject-columns">
            <Days entries={entries} alerts={alerts} />
            <div className="subject-aside">
              <Visits visits={first.visits} />
              <Companions subject={subject} />
              {first.kind === 'person' && (
                <SamePerson
                  trajectory={first}
                  entries={entries}
                  onMore={found.hasNextPage ? () => void found.fetchNextPage() : undefined}
                />
              )}
              <Erasure subject={subject} kind={first.kind} />
            </div>
          </div>
          {found.hasNextPage && (
            <button
              type="button"
              className="button"
              disabled={found.isFetchingNextPage}
              onClick={() => void found.fetchNextPage()}
            >
              {found.isFetchingNextPage ? words.log.loadingMore : words.log.more}
            </button>
          )}
        </>
      )}
    </div>
  );
}

function SubjectHead(props: { trajectory: Trajectory; entries: readonly TrajectoryEntry[]; more: boolean }) {
  const { language, words } = useSpeech();
  const { trajectory, entries, more } = props;
  const plate = entries
    .flatMap((entry) => entry.plate ?? [])
    .reduce<Plate | undefined>(
      (best, each) => (best && best.confidence >= each.confidence ? best : each),
      undefined,
    );
  const best = entries.find(({ evidence }) => evidence.length > 0);
  return (
    <header className="subject-head card">
      {best && <EvidenceThumb evidence={best.evidence} className="thumb subject-portrait" />}
      <div className="subject-title">
        {plate ? <PlateChip plate={plate} height={56} /> : null}
        <h1 className={plate ? 'quietly' : undefined}>
          {plate ? words.plateLabel(plate.text) : words.log.person(personCode(trajectory.subject))}
        </h1>
        <p className="muted">
          {plate ? words.plateClass[plate.class] : <code className="small">{trajectory.subject}</code>}
        </p>
      </div>
      <dl className="stat-row">
        <div className="stat">
          <dt>{words.subject.firstSeen}</dt>
          <dd>{formatDayTime(trajectory.firstSeenAt, language)}</dd>
        </div>
        <div className="stat">
          <dt>{words.subject.lastSeen}</dt>
          <dd>{formatDayTime(trajectory.lastSeenAt, language)}</dd>
        </div>
        <div className="stat">
          <dt>{words.subject.sightings}</dt>
          <dd>
            {entries.length}
            {more && '+'}
          </dd>
        </div>
      </dl>
    </header>
  );
}

function Days({
  entries,
  alerts,
}: {
  entries: readonly TrajectoryStep[];
  alerts: ReadonlyMap<string, Alert>;
}) {
  const { language, words } = useSpeech();
  const today = localDay(new Date().toISOString());
  const yesterday = localDay(new Date(Date.now() - 86_400_000).toISOString());
  const said: Record<string, string> = { [today]: words.subject.today, [yesterday]: words.subject.yesterday };
  return (
    <section className="subject-days" aria-label={words.subject.days}>
      {groupByDay(entries).map(({ day, entries: ofDay }) => (
        <section key={day} className="subject-day card">
          <h2>
            {said[day] ? `${said[day]}${words.dot}` : ''}
            {formatDay(ofDay[0].occurredAt, language)}
            <span className="muted small">{words.subject.passes(ofDay.length)}</span>
          </h2>
          <ol>
            {ofDay.map((entry) => (
              <Sighted
                key={entry.id}
                entry={entry}
                alert={entry.alert ? alerts.get(entry.alert) : undefined}
              />
            ))}
          </ol>
        </section>
      ))}
    </section>
  );
}

function Sighted({ entry, alert }: { entry: TrajectoryStep; alert: Alert | undefined }) {
  const { language, words } = useSpeech();
  return (
    <li className="sighted" data-direction={entry.direction}>
      <time dateTime={entry.occurredAt}>{formatClock(entry.occurredAt, language)}</time>
      <span className="sighted-mark">
        <Icon name={entry.direction === 'exit' ? 'arrowOut' : 'arrowIn'} size={18} />
      </span>
      <EvidenceThumb evidence={entry.evidence} className="thumb sighted-picture" />
      <div className="sighted-words">
        <strong>
          {placeName(entry.gate, words)} {words.direction[entry.direction]}
        </strong>
        <span className="muted small">
          {[
            placeName(entry.camera, words),
            ...(entry.dwellSeconds === undefined
              ? []
              : [words.companions.dwell(formatLength(entry.dwellSeconds * 1000, language))]),
            ...(entry.linkConfidence === undefined
              ? []
              : [words.companions.link(Math.round(entry.linkConfidence * 100))]),
          ].join(words.dot)}
        </span>
        <Judgement of={entry} />
        <CorrectedMark sighting={entry.id} corrected={entry.corrected} />
      </div>
      <div className="sighted-alert">
        {alert && <AlertOutcome alert={alert} />}
        <span className="sighted-deeds">
          <CorrectButton sighting={entry.id} seen={entry} />
          <HoldButton entry={entry} />
        </span>
      </div>
    </li>
  );
}

function Visits({ visits }: { visits: Trajectory['visits'] }) {
  const { language, words } = useSpeech();
  const stayMs = meanStayMs(visits);
  const latest = visits
    .map(({ entry, exit }) => exit ?? entry ?? '')
    .sort()
    .at(-1);
  return (
    <aside className="visits card panel">
      <h2>{words.subject.visits}</h2>
      {stayMs !== undefined && (
        <p className="muted small">
          {words.companions.visits(visits.length, formatLength(stayMs, language))}
        </p>
      )}
      {visits.length === 0 && <p className="muted">{words.subject.noVisits}</p>}
      <ol>
        {visits.map(({ entry, exit }) => (
          <li key={entry ?? exit} className="visit">
            <span className="visit-day">{formatDay(entry ?? exit ?? '', language)}</span>
            <span className="visit-span">
              <span data-known={entry !== undefined}>
                {entry ? formatHourMinute(entry, language) : words.subject.noEntry}
              </span>
              <span className="visit-line" />
              <span data-known={exit !== undefined}>
                {exit
                  ? formatHourMinute(exit, language)
                  : entry === latest
                    ? words.subject.inside
                    : words.subject.noExit}
              </span>
            </span>
            <span className="muted small">
              {entry &&
                exit &&
                words.subject.stay(formatLength(Date.parse(exit) - Date.parse(entry), language))}
            </span>
          </li>
        ))}
      </ol>
    </aside>
  );
}

/** The alerts of these sightings: who dealt with them. */
function useAlerts(entries: readonly TrajectoryEntry[]): ReadonlyMap<string, Alert> {
  const hub = useHub();
  const ids = entries.flatMap(({ alert }) => alert ?? []);
  return useQueries({
    queries: ids.map((id) => ({ queryKey: ['alert', id], queryFn: () => hub.alert(id) })),
    combine: (results) => new Map(results.flatMap(({ data }) => (data ? [[data.id, data] as const] : []))),
  });
}

function isUnknown(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SUBJECT_UNKNOWN';
}
