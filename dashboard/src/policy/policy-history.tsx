import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { formatDayTime } from '../i18n/times.ts';
import { Loading, Refused } from '../office/query-note.tsx';
import { PolicyChanges } from './rule-change.tsx';
import { historyKey } from './use-policy.ts';

const pageSize = 10;

/** Who changed what when: asked for only when somebody wants to see it. */
export function PolicyHistory() {
  const { words } = useSpeech();
  const [open, setOpen] = useState(false);
  return (
    <section className="card panel policy-history">
      <h2>{words.fourEyes.history}</h2>
      {open ? (
        <Versions />
      ) : (
        <button type="button" className="button" data-testid="policy-history" onClick={() => setOpen(true)}>
          {words.fourEyes.showHistory}
        </button>
      )}
    </section>
  );
}

function Versions() {
  const hub = useHub();
  const { language, words } = useSpeech();
  const found = useInfiniteQuery({
    queryKey: historyKey,
    queryFn: ({ pageParam }) => hub.policyHistory({ cursor: pageParam, limit: pageSize }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
  });
  if (found.isPending) return <Loading />;
  if (!found.data) return <Refused error={found.error} onRetry={() => void found.refetch()} />;
  const versions = found.data.pages.flatMap(({ items }) => items);
  return (
    <>
      {versions.length === 0 && <p className="muted">{words.fourEyes.noHistory}</p>}
      <ol className="versions">
        {versions.map(({ version, at, by, confirmedBy, changes }) => (
          <li key={version}>
            <p>
              <strong>{words.policy.version(version)}</strong>{' '}
              <span className="muted small">
                {formatDayTime(at, language)}
                {words.dot}
                {by}
                {confirmedBy && words.dot + words.fourEyes.confirmedBy(confirmedBy)}
              </span>
            </p>
            <PolicyChanges changes={changes} />
          </li>
        ))}
      </ol>
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
  );
}
