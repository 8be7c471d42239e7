import { Select } from 'antd';
import { useWords } from '../i18n/language.tsx';
import { InstantInput } from '../office/instant-input.tsx';
import { GateSelect, KindSelect } from '../office/narrowing.tsx';
import { choicesFor, type PresenceFilter, presenceViews, presenceWindows } from './presence-filter.ts';

/** What to look at: the view first, then its window, and what narrows it. Every change asks at once. */
export function PresenceFilters(props: {
  filter: PresenceFilter;
  gates: readonly string[];
  isGuard: boolean;
  onChange: (filter: PresenceFilter) => void;
}) {
  const words = useWords();
  const { filter, gates, onChange } = props;
  const { view } = filter;
  const { ranges, limits } = choicesFor(props.isGuard);
  const set = (change: Partial<PresenceFilter>) => onChange({ ...filter, ...change });
  const isCustom =
    view === 'past' ? filter.range === 'custom' : view === 'window' && filter.window === 'custom';

  return (
    <section className="presence-filters card" aria-label={words.log.filters}>
      <fieldset className="segments presence-views">
        <legend className="quietly">{words.visits.view}</legend>
        {presenceViews.map((each) => (
          <button
            key={each}
            type="button"
            data-testid={`presence-${each}`}
            aria-pressed={view === each}
            onClick={() => set({ view: each, isLong: false })}
          >
            {words.visits.views[each]}
          </button>
        ))}
      </fieldset>
      <div className="presence-narrow">
        {/* Who is in now is narrowed by its numbers. */}
        {view !== 'inside' && <KindSelect value={filter.kind} onChange={(kind) => set({ kind })} />}
        <GateSelect value={filter.gate} gates={gates} onChange={(each) => set({ gate: each })} />
        {view === 'inside' && (
          <Select
            aria-label={words.visits.limit}
            value={filter.hours}
            popupMatchSelectWidth={false}
            options={limits.map((hours) => ({
              value: hours,
              label: words.visits.isLong(words.visits.limits(hours)),
            }))}
            onChange={(hours) => set({ hours })}
          />
        )}
      </div>
      {view !== 'inside' && (
        <fieldset className="segments presence-ranges">
          <legend className="quietly">{words.log.time}</legend>
          {view === 'past'
            ? ranges.map((range) => (
                <button
                  key={range}
                  type="button"
                  aria-pressed={filter.range === range}
                  onClick={() => set({ range })}
                >
                  {words.visits.ranges[range]}
                </button>
              ))
            : presenceWindows.map((window) => (
                <button
                  key={window}
                  type="button"
                  data-testid={`window-${window}`}
                  aria-pressed={filter.window === window}
                  onClick={() => set({ window })}
                >
                  {words.visits.windows[window]}
                </button>
              ))}
        </fieldset>
      )}
      {isCustom && (
        <div className="presence-custom">
          {/* biome-ignore lint/a11y/noLabelWithoutControl: the control is inside the label */}
          <label className="labelled">
            <span>{words.visits.from}</span>
            <InstantInput value={filter.from} onChange={(from) => set({ from })} />
          </label>
          {/* biome-ignore lint/a11y/noLabelWithoutControl: the control is inside the label */}
          <label className="labelled">
            <span>{words.visits.to}</span>
            <InstantInput value={filter.to} onChange={(to) => set({ to })} />
          </label>
          {view === 'window' && <p className="muted small">{words.visits.customHelp}</p>}
        </div>
      )}
    </section>
  );
}
