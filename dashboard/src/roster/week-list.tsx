import type { CSSProperties } from 'react';
import type { PlannedGap, PlannedShift, RosterView } from '../../../hub/contract/roster.ts';
import { useSpeech } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { Icon } from '../ui/icons.tsx';
import { sayDay, sayGates, sayHours, saySpan } from './shift-words.ts';
import { onDay } from './week.ts';
import type { WeekShown } from './week-grid.tsx';
import './week-list.css';

interface WeekListProps extends WeekShown {
  view: RosterView | undefined;
  hues: ReadonlyMap<string, number>;
  onShift: (shift: PlannedShift) => void;
}

/** The week on a phone, day by day: today comes first, what has passed of this week lies folded below. */
export function WeekList(props: WeekListProps) {
  const { words } = useSpeech();
  const { days, today } = props;
  const isHere = days.includes(today);
  const passed = isHere ? days.filter((day) => day < today) : [];
  return (
    <div className="week-list">
      {days
        .filter((day) => !passed.includes(day))
        .map((day) => (
          <Day key={day} day={day} {...props} />
        ))}
      {passed.length > 0 && (
        <details>
          <summary>
            <Icon name="chevron" size={20} />
            {words.roster.earlier}
          </summary>
          {passed.map((day) => (
            <Day key={day} day={day} {...props} />
          ))}
        </details>
      )}
    </div>
  );
}

function Day({
  day,
  days,
  today,
  now,
  timeZone,
  holidays,
  view,
  hues,
  onShift,
}: WeekListProps & { day: string }) {
  const { language, words } = useSpeech();
  const week = { monday: days[0], timeZone };
  // What runs over from the day before the week is said where it began.
  const shifts = onDay(view?.shifts ?? [], day, week).filter(({ from }) => from >= (view?.from ?? ''));
  const gaps = onDay(view?.gaps ?? [], day, week);
  // The day stands above: only what goes beyond it needs saying.
  const sayWithin = (gap: PlannedGap) =>
    Date.parse(gap.until) - Date.parse(gap.from) < 24 * 3_600_000
      ? sayHours(gap, timeZone)
      : saySpan(gap, timeZone, language, words);
  return (
    <section>
      <h2>
        {sayDay(day, language, words)}
        {day === today && (
          <span className="chip" data-tone="good">
            {words.subject.today}
          </span>
        )}
        {holidays
          .filter((holiday) => holiday.day === day)
          .map(({ id, name }) => (
            <span key={id} className="chip" data-severity="normal">
              {name}
            </span>
          ))}
      </h2>
      {gaps.map((gap) => (
        <p key={`${gap.gate} ${gap.from}`} className="week-list-gap" data-past={Date.parse(gap.until) <= now}>
          <Icon name="warning" size={20} />
          {words.roster.gapLong(placeName(gap.gate, words), sayWithin(gap))}
        </p>
      ))}
      {view && shifts.length === 0 && gaps.length === 0 && <p className="muted">{words.roster.noShifts}</p>}
      <ul>
        {shifts.map((shift) => (
          <li key={shift.key}>
            <button
              type="button"
              style={{ '--hue': hues.get(shift.person) ?? 200 } as CSSProperties}
              onClick={() => onShift(shift)}
            >
              <span className="week-list-hours">{sayHours(shift, timeZone)}</span>
              <span className="week-list-who">
                <strong>{shift.displayName}</strong>
                {shift.insteadOf && <s>{shift.insteadOf}</s>}
              </span>
              <span className="muted">
                {shift.role === 'guard' ? sayGates(shift.gates, words) : words.roster.rows[shift.role]}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
