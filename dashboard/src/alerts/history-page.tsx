import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import type { Alert } from '../../../hub/contract/api.ts';
import { useHub } from '../api/hub-context.ts';
import { NoticeSheet } from '../channels/notice-sheet.tsx';
import { CorrectButton, CorrectedMark } from '../corrections/corrected-mark.tsx';
import { ExportMenu } from '../exports/export-menu.tsx';
import { SnoozeList } from '../guard/snooze-list.tsx';
import { useSpeech } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { formatClock, formatDay, formatHourMinute, formatLength, localDay } from '../i18n/times.ts';
import { useLive } from '../live/live-context.tsx';
import { EvidenceThumb } from '../office/evidence-thumb.tsx';
import { FlagChips } from '../office/flag-chips.tsx';
import { personCode } from '../office/person-code.ts';
import { Loading, Note, Refused } from '../office/query-note.tsx';
import { SubjectName } from '../office/subject-name.tsx';
import { PlateChip } from '../plates/plate-chip.tsx';
import { useSession } from '../session/use-session.ts';
import { Icon } from '../ui/icons.tsx';
import { AlertCourse } from './alert-course.tsx';
import { handlingTimes } from './handling-times.ts';
import '../office/office.css';
import './history-page.css';

const states = ['open', 'acknowledged', 'resolved', 'expired', 'withdrawn'] as const;
const pageSize = 50;

/** Who dealt with which alert, how fast, and how it ended. */
export function HistoryPage() {
  const hub = useHub();
  const { words } = useSpeech();
  const [, go] = useLocation();
  const given = new URLSearchParams(useSearch());
  const state = given.get('state') ?? '';
  const gate = given.get('gate') ?? '';
  const shown = given.get('alert') ?? '';
  const { session } = useSession();
  const { live } = useLive();
  const mayReport = session?.person.role === 'manager' || session?.person.role === 'admin';

  const found = useInfiniteQuery({
    queryKey: ['alerts', 'history', state, gate],
    queryFn: ({ pageParam }) => hub.alerts({ state, gate, cursor: pageParam, limit: pageSize }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
  const alerts = useMemo(
    () =>
      (found.data?.pages ?? [])
        .flatMap(({ items }) => items)
        .map((alert) => live.alerts.get(alert.id) ?? alert)
        .filter((alert) => !state || alert.state === state),
    [found.data, live.alerts, state],
  );

  function apply(change: { state?: string; gate?: string; alert?: string }) {
    const next = new URLSearchParams(Object.entries({ state, gate, ...change }).filter(([, value]) => value));
    go(next.size > 0 ? `/alerts?${next}` : '/alerts');
  }

  return (
    <div className="office history">
      <div className="office-head">
        <h1>{words.history.title}</h1>
        <div className="office-head-end history-filters">
          <select
            className="native-input"
            aria-label={words.log.gate}
            value={gate}
            onChange={(event) => apply({ gate: event.target.value })}
          >
            <option value="">{words.guard.allGates}</option>
            {(session?.gates ?? []).map((each) => (
              <option key={each} value={each}>
                {placeName(each, words)}
              </option>
            ))}
          </select>
          {mayReport && <ExportMenu what="alerts" query={() => ({ state, gate })} />}
        </div>
      </div>
      <fieldset className="segments history-states">
        <legend className="quietly">{words.history.state}</legend>
        {['', ...states].map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={state === each}
            onClick={() => apply({ state: each })}
          >
            {each ? words.alertState[each as 'open'] : words.history.all}
          </button>
        ))}
      </fieldset>
      {session && <SnoozeList session={session} />}
      {found.isPending && <Loading />}
      {found.isError && alerts.length === 0 && (
        <Refused error={found.error} onRetry={() => void found.refetch()} />
      )}
      {found.isSuccess && alerts.length === 0 && (
        <Note icon="check" title={words.history.empty} help={words.history.emptyHelp} />
      )}
      {alerts.length > 0 && (
        <>
          <Times alerts={alerts} />
          <HistoryTable
            alerts={alerts}
            linked={session?.person.role !== 'guard'}
            mayReport={mayReport}
            onShow={(alert) => apply({ alert })}
          />
        </>
      )}
      {shown && <NoticeSheet alert={shown} onClose={() => apply({})} />}
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
    </div>
  );
}

function Times({ alerts }: { alerts: readonly Alert[] }) {
  const { language, words } = useSpeech();
  const { acknowledgeMs, resolveMs } = handlingTimes(alerts);
  const count = (state: Alert['state']) => alerts.filter((alert) => alert.state === state).length;
  const say = (ms: number | undefined) => (ms === undefined ? '–' : formatLength(ms, language));
  return (
    <dl className="stat-row card panel" title={words.history.ofShown}>
      <div className="stat">
        <dt>{words.history.summaryOpen}</dt>
        <dd>{count('open')}</dd>
      </div>
      <div className="stat">
        <dt>{words.history.summaryInHand}</dt>
        <dd>{count('acknowledged')}</dd>
      </div>
      <div className="stat">
        <dt>{words.history.medianAcknowledge}</dt>
        <dd>{say(acknowledgeMs)}</dd>
      </div>
      <div className="stat">
        <dt>{words.history.medianResolve}</dt>
        <dd>{say(resolveMs)}</dd>
      </div>
    </dl>
  );
}

interface TableProps {
  linked: boolean;
  mayReport: boolean;
}

function HistoryTable(props: TableProps & { alerts: readonly Alert[]; onShow: (alert: string) => void }) {
  const { alerts, linked, mayReport, onShow } = props;
  const { words } = useSpeech();
  return (
    <div className="card history-table">
      <table className="list-table">
        <thead>
          <tr>
            <th scope="col">{words.history.raised}</th>
            <th scope="col">{words.log.columns.picture}</th>
            <th scope="col">{words.history.what}</th>
            <th scope="col">{words.history.who}</th>
            <th scope="col">{words.history.acknowledged}</th>
            <th scope="col">{words.history.resolved}</th>
          </tr>
        </thead>
        <tbody>
          {alerts.map((alert) => (
            <HistoryRow
              key={alert.id}
              alert={alert}
              linked={linked}
              mayReport={mayReport}
              onShow={() => onShow(alert.id)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function HistoryRow({ alert, linked, mayReport, onShow }: TableProps & { alert: Alert; onShow: () => void }) {
  const { language, words } = useSpeech();
  const { acknowledged, resolved } = alert;
  const isToday = localDay(alert.openedAt) === localDay(new Date().toISOString());
  const after = (from: string, to: string) =>
    words.history.after(formatLength(Date.parse(to) - Date.parse(from), language));
  return (
    <tr className="history-row">
      <td className="history-time">
        <time dateTime={alert.openedAt}>{formatClock(alert.openedAt, language)}</time>
        <span className="muted small">
          {isToday ? words.subject.today : formatDay(alert.openedAt, language)}
        </span>
      </td>
      <td className="history-picture">
        <EvidenceThumb evidence={alert.evidence} />
      </td>
      <td className="history-what">
        <div className="chips">
          <FlagChips flags={alert.flags} />
          <CorrectedMark sighting={alert.sighting} corrected={alert.corrected} />
        </div>
        <span className="muted small">
          {placeName(alert.gate, words)} {words.direction[alert.direction]}
          {alert.audience === 'managers' && words.dot + words.history.managers}
        </span>
        <AlertCourse alert={alert} />
      </td>
      <td className="history-who">{linked ? <SubjectName of={alert} /> : <PlainName alert={alert} />}</td>
      <td className="history-taken">
        {acknowledged ? (
          <span className="outcome">
            <strong>{acknowledged.displayName}</strong>
            <span className="muted small">{after(alert.openedAt, acknowledged.at)}</span>
          </span>
        ) : (
          <span className="muted">{alert.state === 'open' ? '–' : words.history.nobody}</span>
        )}
        <button type="button" className="notice-link" onClick={onShow}>
          {words.channels.record}
          <Icon name="chevron" size={14} />
        </button>
      </td>
      <td className="history-end">
        {resolved ? (
          <span className="outcome">
            <strong>{words.dispositions[resolved.disposition]}</strong>
            <span className="muted small">
              {resolved.displayName} {formatHourMinute(resolved.at, language)}
            </span>
            {resolved.note && <q className="history-note">{resolved.note}</q>}
          </span>
        ) : (
          <span className="chip" data-severity={alert.state === 'open' ? 'high' : undefined}>
            {words.alertState[alert.state]}
          </span>
        )}
        <span className="history-deeds">
          {mayReport && (
            <Link href={`/alerts/${alert.id}/report`} className="history-report">
              <Icon name="print" size={16} />
              {words.report.open}
            </Link>
          )}
          <CorrectButton sighting={alert.sighting} seen={alert} />
        </span>
      </td>
    </tr>
  );
}

/** Guards see who it was, but follow nobody. */
function PlainName({ alert }: { alert: Alert }) {
  const { words } = useSpeech();
  if (alert.plate) {
    const uncertain = alert.verdicts.province?.verdict === 'uncertain';
    return <PlateChip plate={alert.plate} provinceUncertain={uncertain} height={32} />;
  }
  return (
    <span className="who">
      {alert.subject ? words.log.person(personCode(alert.subject)) : words.log.unknownPerson}
    </span>
  );
}
