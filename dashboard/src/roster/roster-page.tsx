import { Button } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { Session } from '../../../hub/contract/api.ts';
import type { ListedHoliday, ListedPattern, PlannedShift } from '../../../hub/contract/roster.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { OfficeTheme } from '../office/office-theme.tsx';
import { Note, Refused } from '../office/query-note.tsx';
import { Icon } from '../ui/icons.tsx';
import { useNow } from '../ui/use-now.ts';
import { HolidayForm } from './holiday-form.tsx';
import { PatternForm } from './pattern-form.tsx';
import { PlannedGaps } from './planned-gaps.tsx';
import { ShiftDrawer } from './shift-drawer.tsx';
import { ShiftForm, type ShiftPreset } from './shift-form.tsx';
import { sayDate } from './shift-words.ts';
import { daysAfter, instantOf, wallTimeAt, weekOf } from './site-time.ts';
import { useColleagues, useRosterView, useSiteZone } from './use-roster.ts';
import { useRosterChange } from './use-roster-change.tsx';
import { layOutWeek } from './week.ts';
import { WeekGrid } from './week-grid.tsx';
import { WeekList } from './week-list.tsx';
import './roster-page.css';

/** A week of the roster: who is planned where, where nobody is, and the way to change it. */
export function RosterPage({ session }: { session: Session }) {
  return (
    <OfficeTheme>
      <RosterDesk session={session} />
    </OfficeTheme>
  );
}

type Editing =
  | { form: 'pattern'; pattern?: ListedPattern }
  | { form: 'shift'; preset?: ShiftPreset }
  | { form: 'holiday'; day: string };

function RosterDesk({ session }: { session: Session }) {
  const hub = useHub();
  const { words } = useSpeech();
  const timeZone = useSiteZone();
  const now = useNow(30_000);
  const today = wallTimeAt(now, timeZone).day;
  const { days, goTo } = useWeek(today);
  const midnight = (day: string) => instantOf({ day, time: '00:00' }, timeZone);
  const found = useRosterView(midnight(days[0]), midnight(daysAfter(days[6], 1)));
  const colleagues = useColleagues();
  const change = useRosterChange();
  const [editing, setEditing] = useState<Editing>();
  const [shown, setShown] = useState<PlannedShift>();
  const view = found.data;
  const rows = useMemo(() => {
    const { shifts, gaps } = view ?? { shifts: [], gaps: [] };
    return layOutWeek({ shifts, gaps, gates: session.gates, monday: days[0], timeZone });
  }, [view, session.gates, days, timeZone]);
  const isEmpty = view !== undefined && view.patterns.length === 0 && view.shifts.length === 0;
  const week = { days, today, now, timeZone, rows, holidays: view?.holidays ?? [] };

  function removeHoliday({ id, day, name }: ListedHoliday) {
    change.run({
      deed: () => hub.removeFromRoster('holidays', id),
      said: words.roster.done.removed,
      undo: () => hub.addHoliday({ day, name }),
    });
  }

  return (
    <div className="office roster">
      <div className="office-head">
        <h1>{words.roster.title}</h1>
        <WeekSwitch days={days} today={today} onGo={goTo} />
        <span className="office-head-end roster-add">
          <Button icon={<Icon name="plus" size={18} />} onClick={() => setEditing({ form: 'shift' })}>
            {words.roster.add.shift}
          </Button>
          <Button
            icon={<Icon name="calendar" size={18} />}
            onClick={() => setEditing({ form: 'holiday', day: today })}
          >
            {words.roster.add.holiday}
          </Button>
          <Button
            type="primary"
            icon={<Icon name="plus" size={18} />}
            data-testid="roster-add-pattern"
            onClick={() => setEditing({ form: 'pattern' })}
          >
            {words.roster.add.pattern}
          </Button>
        </span>
      </div>
      {found.isError && !view && <Refused error={found.error} onRetry={() => void found.refetch()} />}
      {isEmpty ? (
        <Note icon="calendar" title={words.roster.empty} help={words.roster.emptyHelp}>
          <Button type="primary" size="large" onClick={() => setEditing({ form: 'pattern' })}>
            {words.roster.titles.addPattern}
          </Button>
        </Note>
      ) : (
        <>
          <PlannedGaps
            now={now}
            timeZone={timeZone}
            onFill={(gap) =>
              setEditing({ form: 'shift', preset: { gates: [gap.gate], from: gap.from, until: gap.until } })
            }
          />
          <WeekGrid
            {...week}
            hues={colleagues.hues}
            pending={found.isPending}
            onShift={setShown}
            onGap={(gap) =>
              setEditing({ form: 'shift', preset: { gates: [gap.gate], from: gap.from, until: gap.until } })
            }
            onHoliday={removeHoliday}
          />
          <WeekList {...week} view={view} hues={colleagues.hues} onShift={setShown} />
        </>
      )}
      {shown && (
        <ShiftDrawer
          shift={shown}
          patterns={view?.patterns ?? []}
          people={colleagues.people}
          timeZone={timeZone}
          onEdit={(pattern) => {
            setShown(undefined);
            setEditing({ form: 'pattern', pattern });
          }}
          onClose={() => setShown(undefined)}
        />
      )}
      {editing?.form === 'pattern' && (
        <PatternForm
          pattern={editing.pattern}
          people={colleagues.people}
          gates={session.gates}
          today={today}
          onClose={() => setEditing(undefined)}
        />
      )}
      {editing?.form === 'shift' && (
        <ShiftForm
          preset={editing.preset}
          people={colleagues.people}
          gates={session.gates}
          today={today}
          timeZone={timeZone}
          onClose={() => setEditing(undefined)}
        />
      )}
      {editing?.form === 'holiday' && <HolidayForm day={editing.day} onClose={() => setEditing(undefined)} />}
    </div>
  );
}

function WeekSwitch(props: { days: readonly string[]; today: string; onGo: (day: string) => void }) {
  const { language, words } = useSpeech();
  const { days, today, onGo } = props;
  return (
    <div className="week-switch" title={words.roster.keysHelp}>
      <button
        type="button"
        className="icon-button"
        aria-label={words.roster.previous}
        data-testid="roster-previous"
        onClick={() => onGo(daysAfter(days[0], -7))}
      >
        <Icon name="chevron" />
      </button>
      <strong>
        {sayDate(days[0], language)} – {sayDate(days[6], language)}
      </strong>
      <button
        type="button"
        className="icon-button"
        aria-label={words.roster.next}
        data-testid="roster-next"
        onClick={() => onGo(daysAfter(days[0], 7))}
      >
        <Icon name="chevron" />
      </button>
      <Button disabled={days.includes(today)} onClick={() => onGo(today)}>
        {words.roster.today}
      </Button>
    </div>
  );
}

/** The week in the address, else that of today; the arrow keys change it while nothing is open. */
function useWeek(today: string): { days: string[]; goTo: (day: string) => void } {
  const [, go] = useLocation();
  const asked = new URLSearchParams(useSearch()).get('week') ?? '';
  const day = /^\d{4}-\d{2}-\d{2}$/.test(asked) && !Number.isNaN(Date.parse(asked)) ? asked : today;
  const days = useMemo(() => weekOf(day), [day]);
  const monday = days[0];
  const goTo = useMemo(
    () => (to: string) => {
      const [start] = weekOf(to);
      go(weekOf(today)[0] === start ? '/roster' : `/roster?week=${start}`);
    },
    [go, today],
  );

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const step = { ArrowLeft: -7, ArrowRight: 7 }[event.key];
      if (step === undefined || event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target))
        return;
      event.preventDefault();
      goTo(daysAfter(monday, step));
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [monday, goTo]);

  return { days, goTo };
}

function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"], dialog[open]')) return true;
  return target instanceof Element && target.closest('input, textarea, select, [role="tab"]') !== null;
}
