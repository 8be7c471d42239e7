import { useId } from 'react';
import { useWords } from '../i18n/language.tsx';

/** Why: a few usual reasons as large as fingers, or one's own words. */
export function ReasonChoice(props: {
  reasons: readonly string[];
  value: string;
  onChange: (reason: string) => void;
}) {
  const words = useWords();
  const said = words.corrections;
  const { reasons, value, onChange } = props;
  const id = useId();
  return (
    <fieldset className="choices reason-choice">
      <legend id={id}>{said.reason}</legend>
      {reasons.map((each) => (
        <button key={each} type="button" aria-pressed={each === value} onClick={() => onChange(each)}>
          {each}
        </button>
      ))}
      <input
        className="native-input"
        aria-labelledby={id}
        placeholder={said.reasonHint}
        maxLength={300}
        value={reasons.includes(value) ? '' : value}
        data-testid="correction-reason"
        onChange={(event) => onChange(event.target.value)}
      />
    </fieldset>
  );
}
