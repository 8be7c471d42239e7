import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { formatDayTime } from '../i18n/times.ts';
import { EvidenceThumb } from '../office/evidence-thumb.tsx';
import { LookName } from '../presence/look.tsx';
import './companions.css';

/** At most between two that pass together. */
const seconds = 60;
const shownAtFirst = 5;
const most = 50;

/** Who and what passes together with a subject, most often first. Once together may be chance, and is left out. */
export function Companions({ subject }: { subject: string }) {
  const hub = useHub();
  const { language, words } = useSpeech();
  const [showsAll, setShowsAll] = useState(false);
  const found = useQuery({
    queryKey: ['companions', subject],
    queryFn: () => hub.companions(subject, { seconds, limit: most }),
    // Every look is recorded.
    refetchOnWindowFocus: false,
  });
  const often = (found.data?.items ?? []).filter(({ times }) => times > 1);
  const shown = showsAll ? often : often.slice(0, shownAtFirst);
  return (
    <section className="companions card panel">
      <h2>{words.companions.title}</h2>
      <p className="muted small">{words.companions.help(seconds)}</p>
      {found.isPending && <span className="spinner" />}
      {found.isError && (
        <p className="fault" role="alert">
          {refusalWords(found.error, words)}
        </p>
      )}
      {found.data && often.length === 0 && <p className="muted">{words.companions.none}</p>}
      <ol>
        {shown.map((each) => (
          <li key={each.subject} className="companion">
            <EvidenceThumb evidence={each.evidence} />
            <div>
              <LookName of={each} isLink height={26} />
              <span>
                <strong>{words.companions.times(each.times, found.data?.sightings ?? 0)}</strong>
              </span>
              <span className="muted small">
                {words.companions.last(formatDayTime(each.lastAt, language))}
              </span>
            </div>
          </li>
        ))}
      </ol>
      {often.length > shown.length && (
        <button type="button" className="button" onClick={() => setShowsAll(true)}>
          {words.companions.more}
        </button>
      )}
    </section>
  );
}
