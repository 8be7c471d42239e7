import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import type { AuditEntry } from '../../../hub/contract/api.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { formatClock, formatDay } from '../i18n/times.ts';
import type { Words } from '../i18n/zh.ts';
import { OfficeTheme } from '../office/office-theme.tsx';
import { Loading, Note, Refused } from '../office/query-note.tsx';
import { copyText } from '../ui/copy-text.ts';
import { Icon } from '../ui/icons.tsx';
import { targetWords } from './target-words.ts';
import './audit-page.css';

const pageSize = 50;
/** What the hub writes in the place of an address for commands on its own machine. */
const commandLine = 'command line';

/** Who looked whom up, changed what and logged in when; and the place to which the chain of it leads. */
export function AuditPage() {
  return (
    <OfficeTheme>
      <Audit />
    </OfficeTheme>
  );
}

function Audit() {
  const hub = useHub();
  const { words } = useSpeech();
  const [action, setAction] = useState('');
  const found = useInfiniteQuery({
    queryKey: ['audit', action],
    queryFn: ({ pageParam }) => hub.audit({ action, cursor: pageParam, limit: pageSize }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
  const entries = found.data?.pages.flatMap(({ items }) => items) ?? [];

  return (
    <div className="office audit">
      <div className="office-head">
        <h1>{words.audit.title}</h1>
        <p>{words.audit.intro}</p>
        <div className="office-head-end">
          <select
            className="native-input audit-filter"
            aria-label={words.audit.action}
            value={action}
            onChange={(event) => setAction(event.target.value)}
          >
            <option value="">{words.audit.all}</option>
            {Object.entries(words.audit.actions).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </div>
      </div>
      <Head />
      {found.isPending && <Loading />}
      {found.isError && entries.length === 0 && (
        <Refused error={found.error} onRetry={() => void found.refetch()} />
      )}
      {found.isSuccess && entries.length === 0 && (
        <Note icon="log" title={words.audit.empty} help={words.audit.emptyHelp} />
      )}
      {entries.length > 0 && <Entries entries={entries} />}
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

/** Who it was where nobody was logged in: a command, the tablet itself, or a username that nobody has. */
function nobodyWords({ address, action, details }: AuditEntry, words: Words): string {
  if (address === commandLine) return words.audit.machine;
  return action === 'device_paired' ? String(details?.name ?? '') : words.audit.nobody;
}

/** The newest place of the chain, as `audit verify --expect` takes it. */
function Head() {
  const hub = useHub();
  const { words } = useSpeech();
  const { message } = App.useApp();
  const { data } = useQuery({ queryKey: ['audit', 'head'], queryFn: hub.auditHead, refetchInterval: 30_000 });
  if (!data) return null;
  const place = `${data.hash}@${data.id}`;

  async function copy() {
    const isCopied = await copyText(place);
    void (isCopied
      ? message.success(words.secondFactor.copied)
      : message.warning(words.secondFactor.copyFailed));
  }

  return (
    <section className="card panel audit-head">
      <h2>{words.audit.head}</h2>
      <code data-testid="audit-head">{place}</code>
      <button type="button" className="button" onClick={() => void copy()}>
        <Icon name="copy" size={20} />
        {words.audit.copy}
      </button>
      <p className="muted small">{words.audit.headHelp}</p>
    </section>
  );
}

function Entries({ entries }: { entries: readonly AuditEntry[] }) {
  const { words } = useSpeech();
  return (
    <div className="card audit-table">
      <table className="list-table">
        <thead>
          <tr>
            <th scope="col">{words.audit.at}</th>
            <th scope="col">{words.audit.who}</th>
            <th scope="col">{words.audit.what}</th>
            <th scope="col">{words.audit.target}</th>
            <th scope="col">{words.audit.from}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const { language, words } = useSpeech();
  const target = targetWords(entry);
  return (
    <tr className="audit-row">
      <td className="audit-time">
        <time dateTime={entry.at}>{formatClock(entry.at, language)}</time>
        <span className="muted small">{formatDay(entry.at, language)}</span>
      </td>
      <td className="audit-who">
        {entry.actor?.displayName ?? <span className="muted">{nobodyWords(entry, words)}</span>}
      </td>
      <td className="audit-what">{words.audit.actions[entry.action] ?? entry.action}</td>
      <td className="audit-target">{target.isPlace ? placeName(target.said, words) : target.said}</td>
      <td className="audit-from muted small">
        {entry.address === commandLine ? '' : entry.address} #{entry.id}
      </td>
    </tr>
  );
}
