import { useSpeech } from '../i18n/language.tsx';
import { formatDayTime, formatHourMinute, localDay } from '../i18n/times.ts';
import { Icon } from '../ui/icons.tsx';

/** Nothing to do, said so that it can be believed: since when, and what waits elsewhere. */
export function QuietPanel(props: { since: string | undefined; elsewhere: number; onShowAll: () => void }) {
  const { language, words } = useSpeech();
  const { since, elsewhere, onShowAll } = props;
  const isToday = since !== undefined && localDay(since) === localDay(new Date().toISOString());
  return (
    <div className="quiet">
      <span className="quiet-icon">
        <Icon name="check" size={56} />
      </span>
      <h2>{words.guard.allQuiet}</h2>
      <p>
        {since
          ? words.guard.quietSince((isToday ? formatHourMinute : formatDayTime)(since, language))
          : words.guard.quietNever}
      </p>
      {elsewhere > 0 && (
        <button type="button" className="button" onClick={onShowAll}>
          {words.guard.quietOthers(elsewhere)}
          {words.dot}
          {words.guard.showAll}
        </button>
      )}
    </div>
  );
}
