import { Select } from 'antd';
import { useWords } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';

/** Persons, vehicles, or both (empty). */
export type KindChoice = '' | 'person' | 'vehicle';

const kinds = ['', 'vehicle', 'person'] as const satisfies readonly KindChoice[];

/** Narrows a page to persons or vehicles. */
export function KindSelect(props: { value: KindChoice; onChange: (kind: KindChoice) => void }) {
  const words = useWords();
  return (
    <Select
      aria-label={words.log.kind}
      value={props.value}
      options={kinds.map((kind) => ({ value: kind, label: words.visits.kinds[kind || 'all'] }))}
      onChange={props.onChange}
    />
  );
}

/** Narrows a page to a gate, empty for all; not there where a site has but one. */
export function GateSelect(props: {
  value: string;
  gates: readonly string[];
  onChange: (gate: string) => void;
}) {
  const words = useWords();
  if (props.gates.length < 2) return null;
  return (
    <Select
      aria-label={words.visits.gate}
      value={props.value}
      popupMatchSelectWidth={false}
      options={['', ...props.gates].map((gate) => ({
        value: gate,
        label: gate ? placeName(gate, words) : words.visits.anyGate,
      }))}
      onChange={props.onChange}
    />
  );
}
