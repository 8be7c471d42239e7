import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import type { OwnSession } from '../../../hub/contract/api.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { formatAgo } from '../i18n/times.ts';
import { Loading, Refused } from '../office/query-note.tsx';
import { useNow } from '../ui/use-now.ts';

const sessionsKey = ['sessions'] as const;

/** Where one is logged in, and the way out of each place. */
export function OwnSessions({ onLoggedOut }: { onLoggedOut: () => void }) {
  const hub = useHub();
  const { words } = useSpeech();
  const queries = useQueryClient();
  const { message, modal } = App.useApp();
  const found = useQuery({ queryKey: sessionsKey, queryFn: hub.sessions });
  const onError = (error: unknown) => void message.error(refusalWords(error, words));
  const end = useMutation({
    mutationFn: hub.endSession,
    onSettled: () => queries.invalidateQueries({ queryKey: sessionsKey }),
    onError,
  });

  function endAll() {
    modal.confirm({
      title: words.account.endAll,
      content: words.account.endAllHelp,
      okText: words.account.endAll,
      okButtonProps: { danger: true },
      cancelText: words.account.cancel,
      icon: null,
      onOk: () => hub.logOutEverywhere().then(onLoggedOut, onError),
    });
  }

  if (found.isPending) return <Loading />;
  if (!found.data) return <Refused error={found.error} onRetry={() => void found.refetch()} />;
  return (
    <>
      <p className="muted small">{words.account.sessionsHelp}</p>
      <ul className="own-sessions">
        {found.data.map((session) => (
          <li key={session.id}>
            <Place session={session} />
            {!session.isThis && (
              <button
                type="button"
                className="button"
                disabled={end.isPending}
                onClick={() => end.mutate(session.id)}
              >
                {words.account.end}
              </button>
            )}
          </li>
        ))}
      </ul>
      <button type="button" className="button" onClick={endAll}>
        {words.account.endAll}
      </button>
    </>
  );
}

function Place({ session }: { session: OwnSession }) {
  const { language, words } = useSpeech();
  const now = useNow(30_000);
  const ago = formatAgo(now - Date.parse(session.lastSeenAt), language);
  return (
    <div>
      <strong>{session.device ?? session.browser ?? words.account.unknownBrowser}</strong>
      {session.isThis && (
        <span className="chip" data-tone="good">
          {words.account.thisOne}
        </span>
      )}
      <br />
      <span className="muted small">
        {[words.account.lastSeen(ago), session.address].filter(Boolean).join(words.dot)}
      </span>
    </div>
  );
}
