import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Duty } from '../../../hub/contract/api.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { formatHourMinute } from '../i18n/times.ts';
import { Icon } from '../ui/icons.tsx';
import { remember, remembered } from '../ui/remembered.ts';
import './hand-over.css';

const hourMs = 3_600_000;
const shownHours = 12;
const refreshMs = 60_000;

/** What others left at this gate in the last hours, until whoever is on duty has seen it. */
export function HandOverCard({ duty }: { duty: Duty }) {
  const hub = useHub();
  const { language, words } = useSpeech();
  const key = `gatehouse.handOver.${duty.person}`;
  const [seen, setSeen] = useState(() => remembered(key) ?? '');
  const { data } = useQuery({
    queryKey: ['hand-overs', duty.gate],
    queryFn: () => hub.handOvers(duty.gate, new Date(hub.now() - shownHours * hourMs).toISOString()),
    refetchInterval: refreshMs,
  });
  const notes = (data ?? []).filter(({ at, by }) => at > seen && by.id !== duty.person);
  if (notes.length === 0) return null;

  function dismiss() {
    remember(key, notes[0].at);
    setSeen(notes[0].at);
  }

  return (
    <section className="left-notes card" data-testid="hand-over-notes">
      <h3>
        <Icon name="note" size={20} />
        {words.handOver.received}
      </h3>
      <ul>
        {notes.map(({ id, by, at, text, openAlerts }) => (
          <li key={id}>
            <p>{text}</p>
            <span>
              {words.handOver.from(by.displayName, formatHourMinute(at, language))}
              {openAlerts.length > 0 && words.dot + words.handOver.open(openAlerts.length)}
            </span>
          </li>
        ))}
      </ul>
      <button type="button" className="button" onClick={dismiss}>
        {words.handOver.seen}
      </button>
    </section>
  );
}
