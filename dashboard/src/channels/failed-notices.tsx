import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import type { Notice } from '../../../hub/contract/channels.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { refusalWords } from '../i18n/refusal-words.ts';
import { formatDayTime } from '../i18n/times.ts';
import { reasonWords } from './notice-words.ts';
import { channelsKey } from './use-channels.ts';

const failedKey = ['notices', 'failed'] as const;

/** What did not get through and is not tried again by itself. */
export function FailedNotices() {
  const hub = useHub();
  const { words } = useSpeech();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const found = useQuery({
    queryKey: failedKey,
    queryFn: () => hub.notices({ state: 'failed', limit: 50 }),
    refetchInterval: 15_000,
  });
  const retry = useMutation({
    mutationFn: (id: string) => hub.retryNotice(id),
    onSuccess: () => void message.success(words.channels.retried),
    onError: (error) => void message.error(refusalWords(error, words)),
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: failedKey });
      await queries.invalidateQueries({ queryKey: channelsKey });
    },
  });
  const items = found.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section className="card panel failed-notices">
      <h2>{words.channels.deadLetters}</h2>
      <p className="muted small">{words.channels.deadLettersHelp}</p>
      <ul>
        {items.map((notice) => (
          <FailedNotice
            key={notice.id}
            notice={notice}
            busy={retry.isPending}
            onRetry={() => retry.mutate(notice.id)}
          />
        ))}
      </ul>
    </section>
  );
}

function FailedNotice({ notice, busy, onRetry }: { notice: Notice; busy: boolean; onRetry: () => void }) {
  const { language, words } = useSpeech();
  const who = notice.person ?? notice.channelName;
  return (
    <li>
      <span>
        <strong>{who}</strong>
        <span className="muted small">
          {[
            placeName(notice.gate, words),
            words.channels.stages[notice.stage],
            formatDayTime(notice.createdAt, language),
          ].join(words.dot)}
        </span>
      </span>
      <span className="failed-reason">
        {reasonWords(notice, words)}
        <span className="muted small">{words.channels.attempts(notice.attempts.length)}</span>
      </span>
      <button type="button" className="button" disabled={busy} onClick={onRetry}>
        {words.channels.retry}
      </button>
    </li>
  );
}
