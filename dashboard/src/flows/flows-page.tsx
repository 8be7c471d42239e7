import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { FlowRow } from '../../../hub/contract/log.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { GateSelect, KindSelect } from '../office/narrowing.tsx';
import { OfficeTheme } from '../office/office-theme.tsx';
import { Loading, Note, Refused } from '../office/query-note.tsx';
import { useKnownSiteZone } from '../roster/use-roster.ts';
import { Icon } from '../ui/icons.tsx';
import { useNow } from '../ui/use-now.ts';
import { busiestOf, countOf, type FlowBar, gatherBars, heatOf, passesOf, totalOf } from './flow-bars.ts';
import { FlowChart } from './flow-chart.tsx';
import {
  daysOf,
  type FlowFilter,
  periodUnits,
  readFilter,
  spanOfPeriod,
  stepPeriod,
  writeFilter,
} from './flow-period.ts';
import { FlowTable } from './flow-table.tsx';
import { sayBar, sayHour, sayNumber, sayPeriod, siteHour } from './flow-words.ts';
import { HeatMap } from './heat-map.tsx';
import './flows-page.css';

const refreshMs = 5 * 60_000;

/** How many passed, hour by hour: when it is busy, at which gate, in and out. */
export function FlowsPage({ gates }: { gates: readonly string[] }) {
  const timeZone = useKnownSiteZone();
  return <OfficeTheme>{timeZone ? <Flows gates={gates} timeZone={timeZone} /> : <Loading />}</OfficeTheme>;
}

function Flows({ gates, timeZone }: { gates: readonly string[]; timeZone: string }) {
  const hub = useHub();
  const { language, words } = useSpeech();
  const search = useSearch();
  const [, go] = useLocation();
  const here = siteHour(useNow(60_000), timeZone);
  const filter = useMemo(() => readFilter(search, here.day), [search, here.day]);
  const { unit, day, gate } = filter;
  const found = useQuery({
    queryKey: ['flows', unit, daysOf({ unit, day })[0], gate, timeZone],
    queryFn: () => hub.flows({ ...spanOfPeriod({ unit, day }, timeZone), by: 'hour', gate }),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
  });
  const set = (change: Partial<FlowFilter>) => go(`/flows?${writeFilter({ ...filter, ...change })}`);
  const holdsToday = daysOf(filter).includes(here.day);

  return (
    <div className="office flows">
      <div className="office-head">
        <h1>{words.flows.title}</h1>
        <p>{words.flows.zone(timeZone)}</p>
      </div>
      <section className="card flow-filters" aria-label={words.log.filters}>
        <fieldset className="segments">
          <legend className="quietly">{words.flows.unit}</legend>
          {periodUnits.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={unit === each}
              onClick={() => set({ unit: each, by: each === 'month' ? 'day' : 'hour' })}
            >
              {words.flows.units[each]}
            </button>
          ))}
        </fieldset>
        <div className="flow-period">
          <button
            type="button"
            className="icon-button flow-back"
            aria-label={words.flows.previous}
            onClick={() => set(stepPeriod(filter, -1))}
          >
            <Icon name="chevron" />
          </button>
          <strong aria-live="polite">{sayPeriod(filter, language, words)}</strong>
          <button
            type="button"
            className="icon-button"
            aria-label={words.flows.next}
            disabled={holdsToday || day > here.day}
            onClick={() => set(stepPeriod(filter, 1))}
          >
            <Icon name="chevron" />
          </button>
          {!holdsToday && (
            <button type="button" className="button flow-now" onClick={() => set({ day: here.day })}>
              {words.flows.now[unit]}
            </button>
          )}
        </div>
        <div className="flow-narrow">
          <KindSelect value={filter.kind} onChange={(kind) => set({ kind })} />
          <GateSelect value={gate} gates={gates} onChange={(each) => set({ gate: each })} />
        </div>
      </section>
      {found.isPending ? (
        <Loading />
      ) : !found.data ? (
        <Refused error={found.error} onRetry={() => void found.refetch()} />
      ) : found.data.items.length === 0 ? (
        <Note icon="search" title={words.flows.empty} help={words.flows.emptyHelp} />
      ) : (
        <Shown rows={found.data.items} filter={filter} timeZone={timeZone} here={here} onChange={set} />
      )}
    </div>
  );
}

function Shown(props: {
  rows: readonly FlowRow[];
  filter: FlowFilter;
  timeZone: string;
  here: { day: string; hour: number };
  onChange: (change: Partial<FlowFilter>) => void;
}) {
  const { language, words } = useSpeech();
  const { rows, filter, timeZone, here, onChange } = props;
  const { unit, day, by, kind } = filter;
  const [chosen, choose] = useState<{ of: readonly FlowBar[]; index: number }>();
  const days = useMemo(() => daysOf({ unit, day }), [unit, day]);
  const hours = useMemo(() => gatherBars(rows, days, 'hour', timeZone), [rows, days, timeZone]);
  const bars = useMemo(
    () => (by === 'hour' ? hours : gatherBars(rows, days, 'day', timeZone)),
    [rows, days, by, hours, timeZone],
  );
  const heat = useMemo(
    () => heatOf(hours, kind, { day: here.day, hour: here.hour }),
    [hours, kind, here.day, here.hour],
  );
  const total = totalOf(bars, kind);
  const busiest = busiestOf(hours, kind);
  // What was chosen among other bars is nothing here.
  const index = chosen?.of === bars ? chosen.index : undefined;
  const bar = index === undefined ? undefined : bars[index];
  const say = (count: number) => sayNumber(count, language);

  return (
    <>
      <dl className="stat-row flow-totals">
        <Stat name={words.flows.entry} value={say(total.entry)} mark="entry" />
        <Stat name={words.flows.exit} value={say(total.exit)} mark="exit" />
        <Stat name={words.flows.unknown} value={say(total.unknown)} />
        <Stat name={words.flows.flagged} value={say(total.flagged)} help={words.flows.flaggedHelp} />
        <Stat
          name={words.flows.busiest}
          value={busiest?.hour === undefined ? '–' : sayHour(busiest.hour)}
          help={
            busiest &&
            [
              ...(unit === 'day' ? [] : [sayBar({ day: busiest.day, hour: undefined }, language, words)]),
              words.flows.passes(say(passesOf(countOf(busiest, kind)))),
            ].join(words.dot)
          }
        />
      </dl>
      <section className="card flow-card">
        <header>
          <Reading bar={bar} kind={kind} />
          <div className="flow-tools">
            {bar && unit !== 'day' && (
              <button
                type="button"
                className="button"
                onClick={() => onChange({ unit: 'day', day: bar.day })}
              >
                {words.flows.openDay}
              </button>
            )}
            {unit !== 'day' && (
              <fieldset className="segments">
                <legend className="quietly">{words.flows.byLabel}</legend>
                {(['day', 'hour'] as const).map((each) => (
                  <button
                    key={each}
                    type="button"
                    aria-pressed={by === each}
                    onClick={() => onChange({ by: each })}
                  >
                    {words.flows.by[each]}
                  </button>
                ))}
              </fieldset>
            )}
          </div>
        </header>
        <FlowChart
          bars={bars}
          kind={kind}
          chosen={index}
          onChoose={(at) => choose(at === undefined ? undefined : { of: bars, index: at })}
        />
        <footer>
          <ul className="flow-legend">
            {kind !== 'vehicle' && <li data-kind="person">{words.visits.kinds.person}</li>}
            {kind !== 'person' && <li data-kind="vehicle">{words.visits.kinds.vehicle}</li>}
          </ul>
          {total.unknown > 0 && <p className="muted small">{words.flows.unknownHelp(say(total.unknown))}</p>}
        </footer>
      </section>
      {unit === 'day' ? (
        <p className="muted small flow-hint">{words.flows.heatDay}</p>
      ) : (
        <HeatMap heat={heat} />
      )}
      <FlowTable bars={bars} kind={kind} />
    </>
  );
}

/** The exact numbers of the bar that is pointed at; until then, how to get them. */
function Reading({ bar, kind }: { bar: FlowBar | undefined; kind: FlowFilter['kind'] }) {
  const { language, words } = useSpeech();
  if (!bar) return <p className="flow-reading muted">{words.flows.chartHelp}</p>;
  const parts = (of: 'entry' | 'exit') =>
    kind === ''
      ? `${words.visits.kinds.person} ${sayNumber(bar.person[of], language)}${words.listComma}${words.visits.kinds.vehicle} ${sayNumber(bar.vehicle[of], language)}`
      : '';
  const { entry, exit } = countOf(bar, kind);
  return (
    <div className="flow-reading" data-testid="flow-reading">
      <strong>{sayBar(bar, language, words)}</strong>
      <span>
        {words.flows.entry} <b>{sayNumber(entry, language)}</b>{' '}
        <small className="muted">{parts('entry')}</small>
      </span>
      <span>
        {words.flows.exit} <b>{sayNumber(exit, language)}</b> <small className="muted">{parts('exit')}</small>
      </span>
    </div>
  );
}

function Stat(props: { name: string; value: string; help?: string | undefined; mark?: 'entry' | 'exit' }) {
  const { name, value, help, mark } = props;
  return (
    <div className="stat">
      <dt>
        {mark && <Icon name={mark === 'entry' ? 'arrowIn' : 'arrowOut'} size={16} />}
        {name}
      </dt>
      <dd>
        {value}
        {help && <small>{help}</small>}
      </dd>
    </div>
  );
}
