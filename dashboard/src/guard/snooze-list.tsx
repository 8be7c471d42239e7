import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Snooze } from '../../../hub/contract/alerting.ts';
import type { Session } from '../../../hub/contract/api.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { refusalWords } from '../i18n/refusal-words.ts';
import { formatDayTime, formatHourMinute, localDay } from '../i18n/times.ts';
import { personCode } from '../office/person-code.ts';
import { Icon } from '../ui/icons.tsx';
import { useNow } from '../ui/use-now.ts';
import { maySnooze } from './snooze-choices.ts';
import './snooze.css';

/** Where the snoozes lie among the queries. */
export const snoozesKey = ['snoozes'] as const;
const refreshMs = 30_000;

/** What does not ring now, who wanted that and until when, with the way to let it ring again; nothing when all rings. */
export function SnoozeList({ session }: { session: Session }) {
  const hub = useHub();
  const { words } = useSpeech();
  const queries = useQueryClient();
  const now = useNow(5000);
  const { data } = useQuery({ queryKey: snoozesKey, queryFn: hub.snoozes, refetchInterval: refreshMs });
  const end = useMutation({
    mutationFn: hub.endSnooze,
    onSettled: () => queries.invalidateQueries({ queryKey: snoozesKey }),
  });
  const snoozes = (data ?? []).filter(({ until }) => Date.parse(until) > now);
  if (snoozes.length === 0) return null;
  return (
    <section className="snoozes" aria-label={words.snooze.list} data-testid="snoozes">
      <h3>
        <Icon name="bellOff" size={16} />
        {words.snooze.list}
      </h3>
      <ul>
        {snoozes.map((snooze) => (
          <li key={snooze.id}>
            <SnoozeWords snooze={snooze} />
            {maySnooze(snooze, session) && (
              <button
                type="button"
                className="button"
                disabled={end.isPending}
                onClick={() => end.mutate(snooze.id)}
              >
                {words.snooze.ringAgain}
              </button>
            )}
          </li>
        ))}
      </ul>
      {end.error && (
        <p className="fault" role="alert">
          {refusalWords(end.error, words)}
        </p>
      )}
    </section>
  );
}

function SnoozeWords({ snooze: { flag, gate, subject, until, by, reason } }: { snooze: Snooze }) {
  const { language, words } = useSpeech();
  const isToday = localDay(until) === localDay(new Date().toISOString());
  // A person's pseudonymous id is long; a plate is said as it is.
  const who = subject && (subject.length > 20 ? words.log.person(personCode(subject)) : subject);
  const what = [who ?? (flag ? words.flags[flag] : words.snooze.everything), gate && placeName(gate, words)];
  return (
    <div>
      <strong>{what.filter(Boolean).join(words.dot)}</strong>
      <span>
        {words.snooze.untilTime((isToday ? formatHourMinute : formatDayTime)(until, language))}
        {words.dot}
        {words.snooze.by(by.displayName, reason)}
      </span>
    </div>
  );
}
