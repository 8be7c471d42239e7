import { useState } from 'react';
import type { PlannedGap } from '../../../hub/contract/roster.ts';
import { useSpeech } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { formatLength } from '../i18n/times.ts';
import { Icon } from '../ui/icons.tsx';
import { saySpan } from './shift-words.ts';
import { useRosterView } from './use-roster.ts';

const hourMs = 3_600_000;
const shownAtFirst = 3;

/** Where nobody is planned in the seven days to come, whichever week is shown. */
export function PlannedGaps(props: { now: number; timeZone: string; onFill: (gap: PlannedGap) => void }) {
  const { language, words } = useSpeech();
  const { now, timeZone, onFill } = props;
  const [all, setAll] = useState(false);
  const hour = Math.floor(now / hourMs) * hourMs;
  const instant = (at: number) => new Date(at).toISOString();
  const { data } = useRosterView(instant(hour), instant(hour + 7 * 24 * hourMs));
  if (!data) return null;
  if (data.gaps.length === 0) {
    return (
      <p className="roster-full">
        <Icon name="check" size={20} />
        {words.roster.fullyPlanned}
      </p>
    );
  }
  const gaps = [...data.gaps].sort((a, b) => a.from.localeCompare(b.from));
  const shown = all ? gaps : gaps.slice(0, shownAtFirst);
  return (
    <section className="planned-gaps card" data-testid="planned-gaps">
      <header>
        <h2>
          <Icon name="warning" size={22} />
          {words.roster.nobodyPlanned}
        </h2>
        <p>{words.roster.nobodyPlannedHelp}</p>
      </header>
      <ul>
        {shown.map((gap) => (
          <li key={`${gap.gate} ${gap.from}`}>
            <strong>{placeName(gap.gate, words)}</strong>
            <span>{saySpan(gap, timeZone, language, words)}</span>
            <span className="muted">
              {formatLength(Date.parse(gap.until) - Date.parse(gap.from), language)}
            </span>
            <button type="button" className="button planned-gap-fill" onClick={() => onFill(gap)}>
              {words.roster.fill}
            </button>
          </li>
        ))}
      </ul>
      {!all && gaps.length > shown.length && (
        <button type="button" className="button button-quiet" onClick={() => setAll(true)}>
          {words.roster.moreGaps(gaps.length - shown.length)}
        </button>
      )}
    </section>
  );
}
