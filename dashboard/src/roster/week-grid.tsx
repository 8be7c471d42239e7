import { type CSSProperties, useEffect, useRef } from 'react';
import type { ListedHoliday, PlannedGap, PlannedShift } from '../../../hub/contract/roster.ts';
import { useSpeech } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { formatLength } from '../i18n/times.ts';
import { useLive } from '../live/live-context.tsx';
import { sayDate, sayHoursShort, saySpan } from './shift-words.ts';
import { type PlacedGap, type PlacedShift, positionOf, type WeekRow } from './week.ts';
import './week-grid.css';

const dayMs = 24 * 3_600_000;

/** What the grid and the list of days show. */
export interface WeekShown {
  days: readonly string[];
  today: string;
  now: number;
  timeZone: string;
  rows: readonly WeekRow[];
  holidays: readonly ListedHoliday[];
}

interface WeekGridProps extends WeekShown {
  hues: ReadonlyMap<string, number>;
  pending: boolean;
  onShift: (shift: PlannedShift) => void;
  onGap: (gap: PlannedGap) => void;
  onHoliday: (holiday: ListedHoliday) => void;
}

/** Seven days as one line of time for each gate: a night shift crosses midnight, a gap is as wide as it is long. */
export function WeekGrid(props: WeekGridProps) {
  const { words } = useSpeech();
  const { days, today, now, timeZone, rows, pending } = props;
  const section = useRef<HTMLElement>(null);
  const present = days.includes(today) ? positionOf(now, days[0], timeZone) : undefined;

  // Where the week is wider than the screen, today is in sight first.
  const column = days.indexOf(today);
  useEffect(() => {
    const { scrollWidth = 0 } = section.current ?? {};
    section.current?.scrollTo({ left: column < 0 ? 0 : (scrollWidth * Math.max(0, column - 2)) / 7 });
  }, [column]);

  return (
    <section ref={section} className="week card" aria-label={words.roster.title} data-pending={pending}>
      <div className="week-inner">
        <WeekHead {...props} />
        <div className="week-body">
          <div className="week-columns" aria-hidden="true">
            {days.map((day) => (
              <span key={day} data-today={day === today} />
            ))}
          </div>
          {rows.map((row) => (
            <Row key={row.key} row={row} {...props} />
          ))}
          {present !== undefined && (
            <div className="week-now" aria-hidden="true">
              <span style={{ left: `${(present / 7) * 100}%` }} />
            </div>
          )}
        </div>
      </div>
    </section>
  );
}

function WeekHead({ days, today, holidays, onHoliday }: WeekGridProps) {
  const { language, words } = useSpeech();
  return (
    <div className="week-head">
      <span />
      {days.map((day, index) => (
        <div key={day} className="week-day" data-today={day === today}>
          <strong>{words.weekdayNames[index]}</strong>
          <span>{sayDate(day, language)}</span>
          {holidays
            .filter((holiday) => holiday.day === day)
            .map((holiday) => (
              <button
                key={holiday.id}
                type="button"
                className="week-holiday"
                title={words.roster.holidayRemove(holiday.name)}
                aria-label={words.roster.holidayRemove(holiday.name)}
                onClick={() => onHoliday(holiday)}
              >
                {holiday.name} ×
              </button>
            ))}
        </div>
      ))}
    </div>
  );
}

/** Hours within a day; of a longer gap, how long it is. */
function useGapWords(timeZone: string): (gap: PlannedGap) => string {
  const { language } = useSpeech();
  return (gap) => {
    const lasts = Date.parse(gap.until) - Date.parse(gap.from);
    return lasts > dayMs ? formatLength(lasts, language) : sayHoursShort(gap, timeZone);
  };
}

function Row({ row, hues, now, timeZone, onShift, onGap }: WeekGridProps & { row: WeekRow }) {
  const { language, words } = useSpeech();
  const sayGap = useGapWords(timeZone);
  return (
    <div className="week-row" data-role={row.role}>
      <RowName row={row} />
      <div className="week-lanes" style={{ '--lanes': row.lanes } as CSSProperties}>
        {row.gaps.map((placed) => (
          <GapBlock
            key={placed.gap.from}
            placed={placed}
            words={words.roster.gap}
            hours={sayGap(placed.gap)}
            past={Date.parse(placed.gap.until) <= now}
            title={words.roster.gapLong(
              placeName(placed.gap.gate, words),
              saySpan(placed.gap, timeZone, language, words),
            )}
            onOpen={() => onGap(placed.gap)}
          />
        ))}
        {row.shifts.map((placed) => (
          <ShiftChip
            key={placed.shift.key}
            placed={placed}
            hue={hues.get(placed.shift.person) ?? 200}
            past={Date.parse(placed.shift.until) <= now}
            timeZone={timeZone}
            onOpen={() => onShift(placed.shift)}
          />
        ))}
      </div>
    </div>
  );
}

/** A gate with who stands there now; leaders and those on call with what they are for. */
function RowName({ row }: { row: WeekRow }) {
  const { words } = useSpeech();
  const { live } = useLive();
  if (row.gate === undefined) {
    return (
      <div className="week-name" title={words.roster.roleHelp[row.role]}>
        <strong>{words.roster.rows[row.role]}</strong>
      </div>
    );
  }
  const here = live.duty.filter(({ gate }) => gate === row.gate).map(({ displayName }) => displayName);
  return (
    <div className="week-name">
      <strong>{placeName(row.gate, words)}</strong>
      <span data-nobody={here.length === 0}>
        {here.length > 0 ? words.roster.now(here.join(words.listComma)) : words.roster.nobodyNow}
      </span>
    </div>
  );
}

function ShiftChip(props: {
  placed: PlacedShift;
  hue: number;
  past: boolean;
  timeZone: string;
  onOpen: () => void;
}) {
  const { language, words } = useSpeech();
  const { placed, hue, past, timeZone, onOpen } = props;
  const { shift, lane } = placed;
  const said = [shift.displayName, saySpan(shift, timeZone, language, words)];
  if (shift.insteadOf) said.push(words.roster.changedFrom(shift.insteadOf));
  return (
    <button
      type="button"
      className="shift-chip"
      data-testid="shift-chip"
      data-changed={shift.insteadOf !== undefined}
      data-past={past}
      data-before={placed.fromBefore}
      data-after={placed.goesOn}
      style={{ ...acrossWeek(placed), '--lane': lane, '--hue': hue } as CSSProperties}
      title={said.join(words.dot)}
      aria-label={said.join(words.dot)}
      onClick={onOpen}
    >
      <strong>{shift.displayName}</strong>
      <span>{sayHoursShort(shift, timeZone)}</span>
      {shift.insteadOf && <s>{shift.insteadOf}</s>}
    </button>
  );
}

function GapBlock(props: {
  placed: PlacedGap;
  words: string;
  hours: string;
  past: boolean;
  title: string;
  onOpen: () => void;
}) {
  const { placed, words, hours, past, title, onOpen } = props;
  return (
    <button
      type="button"
      className="gap-block"
      data-testid="gap-block"
      data-past={past}
      style={acrossWeek(placed)}
      title={title}
      aria-label={title}
      onClick={onOpen}
    >
      <strong>{words}</strong>
      <span>{hours}</span>
    </button>
  );
}

function acrossWeek({ start, end }: { start: number; end: number }): CSSProperties {
  return { left: `${(start / 7) * 100}%`, width: `calc(${((end - start) / 7) * 100}% - 2px)` };
}
