import { Input, Select } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import type { TrajectoryEntry } from '../../../hub/contract/api.ts';
import type { Flag } from '../../../hub/contract/policy.ts';
import { useWords } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { InstantInput } from '../office/instant-input.tsx';
import { useSession } from '../session/use-session.ts';
import { Icon } from '../ui/icons.tsx';
import { countConditions, type LogFilter, quickRanges, wholeWeek } from './log-filter.ts';

const typingMs = 450;

interface FiltersProps {
  filter: LogFilter;
  entries: readonly TrajectoryEntry[];
  onChange: (filter: LogFilter) => void;
}

/** What to search for. Every change searches at once; typing waits for a pause. */
export function LogFilters({ filter, entries, onChange }: FiltersProps) {
  const words = useWords();
  const { session } = useSession();
  const conditions = countConditions(filter);
  const [open, setOpen] = useState(conditions > 0);
  const set = (change: Partial<LogFilter>) => onChange({ ...filter, ...change });
  const setRange = (from: string, to: string) =>
    set({ range: from || to ? 'custom' : wholeWeek.range, from, to });
  const gates = session?.gates ?? [];
  const cameras = [...new Set([...entries.map(({ camera }) => camera), filter.camera])]
    .filter(Boolean)
    .sort();
  const choices = (values: readonly string[], say: (value: string) => string) => [
    { value: '', label: words.log.any },
    ...values.map((value) => ({ value, label: say(value) })),
  ];

  return (
    <section className="log-filters card" aria-label={words.log.filters} data-open={open}>
      <div className="log-filters-first">
        <TypedField
          className="log-plate"
          label={words.log.plate}
          hint={words.log.plateHint}
          title={words.log.plateHelp}
          value={filter.plate}
          onChange={(plate) => set({ plate })}
        />
        <fieldset className="segments log-ranges">
          <legend className="quietly">{words.log.time}</legend>
          {quickRanges.map((range) => (
            <button
              key={range}
              type="button"
              aria-pressed={filter.range === range}
              onClick={() => set({ range })}
            >
              {words.log.quick[range]}
            </button>
          ))}
        </fieldset>
        <button
          type="button"
          className="button log-filters-toggle"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {words.log.filters}
          {conditions > 0 && <span className="chip">{conditions}</span>}
          <Icon name="down" size={18} />
        </button>
      </div>
      {open && (
        <div className="log-filters-rest">
          <Labelled label={words.log.kind}>
            <Select
              value={filter.kind}
              options={choices(['person', 'vehicle'], (kind) => words.kind[kind as 'person'])}
              onChange={(kind) => set({ kind })}
            />
          </Labelled>
          <Labelled label={words.log.flag}>
            <Select
              value={filter.flag}
              options={choices(Object.keys(words.flags), (flag) => words.flags[flag as Flag])}
              onChange={(flag) => set({ flag })}
            />
          </Labelled>
          <Labelled label={words.log.gate}>
            <Select
              value={filter.gate}
              options={choices(gates, (gate) => placeName(gate, words))}
              onChange={(gate) => set({ gate })}
            />
          </Labelled>
          <Labelled label={words.log.camera}>
            <Select
              value={filter.camera}
              options={choices(cameras, (camera) => placeName(camera, words))}
              popupMatchSelectWidth={false}
              onChange={(camera) => set({ camera })}
            />
          </Labelled>
          <TypedField
            label={words.log.subject}
            hint=""
            title={words.log.subject}
            value={filter.subject}
            onChange={(subject) => set({ subject })}
          />
          <Labelled label={words.log.from}>
            <InstantInput value={filter.from} onChange={(from) => setRange(from, filter.to)} />
          </Labelled>
          <Labelled label={words.log.to}>
            <InstantInput value={filter.to} onChange={(to) => setRange(filter.from, to)} />
          </Labelled>
          {(conditions > 0 || filter.range === 'custom') && (
            <button type="button" className="button log-clear" onClick={() => onChange(wholeWeek)}>
              {words.log.clear}
            </button>
          )}
        </div>
      )}
    </section>
  );
}

function Labelled(props: { label: string; className?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is antd's, inside the label
    <label className={`labelled ${props.className ?? ''}`}>
      <span>{props.label}</span>
      {props.children}
    </label>
  );
}

function TypedField(props: {
  label: string;
  hint: string;
  title: string;
  value: string;
  className?: string;
  onChange: (value: string) => void;
}) {
  const { value, onChange } = props;
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed), typingMs);
    return () => clearTimeout(timer);
  });

  return (
    <Labelled label={props.label} className={props.className ?? ''}>
      <Input
        value={typed}
        placeholder={props.hint}
        title={props.title}
        allowClear
        maxLength={60}
        autoComplete="off"
        onChange={(event) => setTyped(event.target.value)}
        onPressEnter={() => onChange(typed)}
      />
    </Labelled>
  );
}
