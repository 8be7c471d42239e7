import { useQuery } from '@tanstack/react-query';
import type { Notice } from '../../../hub/contract/channels.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { formatClock, formatDayTime } from '../i18n/times.ts';
import { AlertOutcome } from '../office/alert-outcome.tsx';
import { FlagChips } from '../office/flag-chips.tsx';
import { Loading, Refused } from '../office/query-note.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { reasonWords } from './notice-words.ts';
import './notice-sheet.css';

/** Who was told of one alert beyond the tablets, by which channel, and what came of it. */
export function NoticeSheet({ alert: id, onClose }: { alert: string; onClose: () => void }) {
  const hub = useHub();
  const { language, words } = useSpeech();
  const alert = useQuery({ queryKey: ['alerts', 'one', id], queryFn: () => hub.alert(id) });
  const found = useQuery({
    queryKey: ['alerts', 'notices', id],
    queryFn: () => hub.noticesOf(id),
    refetchInterval: 5000,
  });
  return (
    <Sheet title={words.channels.recordOf} closeLabel={words.channels.close} onClose={onClose}>
      {alert.data && (
        <div className="notice-alert">
          <span className="chips">
            <FlagChips flags={alert.data.flags} />
          </span>
          <span>
            {placeName(alert.data.gate, words)}
            {words.dot}
            {formatDayTime(alert.data.occurredAt, language)}
          </span>
          <AlertOutcome alert={alert.data} />
        </div>
      )}
      {found.isPending && <Loading />}
      {found.isError && <Refused error={found.error} onRetry={() => void found.refetch()} />}
      {found.data?.length === 0 && <p>{words.channels.recordEmpty}</p>}
      {found.data && found.data.length > 0 && (
        <ol className="notice-list">
          {found.data.map((notice) => (
            <NoticeRow key={notice.id} notice={notice} />
          ))}
        </ol>
      )}
    </Sheet>
  );
}

function NoticeRow({ notice }: { notice: Notice }) {
  const { language, words } = useSpeech();
  const { state, attempts } = notice;
  const last = attempts.at(-1);
  const kind = words.channels.kinds[notice.channelKind];
  const name = notice.channelKind === 'web_push' ? notice.person : notice.channelName;
  const facts = [
    words.channels.stages[notice.stage],
    formatClock(last?.at ?? notice.createdAt, language),
    ...(attempts.length > 1 ? [words.channels.attempts(attempts.length)] : []),
    ...(last && last.together > 1 ? [words.channels.together(last.together - 1)] : []),
  ];
  const reason = state === 'delivered' ? undefined : reasonWords(notice, words);
  return (
    <li data-state={state}>
      <span className="notice-who">
        <strong>{name ?? kind}</strong>
        {name && <span className="muted small">{kind}</span>}
      </span>
      <span className="notice-state">{words.channels.noticeState[state]}</span>
      <span className="muted small notice-facts">{facts.join(words.dot)}</span>
      {reason && <span className="small notice-facts">{reason}</span>}
    </li>
  );
}
