import { useWords } from '../i18n/language.tsx';
import './hours-input.css';

const presets = { all: [1, 2, 3, 4, 5, 6, 7], work: [1, 2, 3, 4, 5], weekend: [6, 7] } as const;

/** Days of the week (ISO 8601: 1 is Monday) as seven buttons; with `presets`, the usual choices as one tap. */
export function WeekdaysInput(props: {
  id?: string;
  value?: readonly number[];
  onChange?: (weekdays: number[]) => void;
  presets?: boolean;
}) {
  const words = useWords();
  const { id, value = [], onChange } = props;
  const toggle = (day: number) =>
    onChange?.(value.includes(day) ? value.filter((each) => each !== day) : [...value, day].sort());
  return (
    <div className="weekdays-input" id={id}>
      {props.presets && (
        <div className="toggles">
          {(['all', 'work', 'weekend'] as const).map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={presets[name].join() === value.join()}
              onClick={() => onChange?.([...presets[name]])}
            >
              {words.roster.weekdayPresets[name]}
            </button>
          ))}
        </div>
      )}
      <div className="toggles toggles-days">
        {words.weekdayNames.map((said, index) => (
          <button
            key={said}
            type="button"
            aria-pressed={value.includes(index + 1)}
            onClick={() => toggle(index + 1)}
          >
            {said}
          </button>
        ))}
      </div>
    </div>
  );
}
