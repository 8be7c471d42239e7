import { useWords } from '../i18n/language.tsx';
import './hours-input.css';

/** Hours of a day, `HH:MM`; ending at or before the start means the day after. */
export interface Hours {
  startsAt: string;
  endsAt: string;
}

/** The usual shifts of a gate that is staffed around the clock. */
export const hourPresets: Record<'day' | 'late' | 'night', Hours> = {
  day: { startsAt: '06:00', endsAt: '14:00' },
  late: { startsAt: '14:00', endsAt: '22:00' },
  night: { startsAt: '22:00', endsAt: '06:00' },
};

/** Two times of day; with `presets`, the usual shifts as one tap. */
export function HoursInput(props: {
  id?: string;
  value?: Hours;
  onChange?: (hours: Hours) => void;
  presets?: boolean;
}) {
  const words = useWords();
  const { id, value = { startsAt: '', endsAt: '' }, onChange, presets = false } = props;
  const { startsAt, endsAt } = value;
  return (
    <div className="hours-input">
      {presets && (
        <div className="toggles">
          {(['day', 'late', 'night'] as const).map((name) => {
            const preset = hourPresets[name];
            const isChosen = preset.startsAt === startsAt && preset.endsAt === endsAt;
            return (
              <button key={name} type="button" aria-pressed={isChosen} onClick={() => onChange?.(preset)}>
                {words.roster.hourPresets[name]} {preset.startsAt.slice(0, 2)}–{preset.endsAt.slice(0, 2)}
              </button>
            );
          })}
        </div>
      )}
      <div className="hours-times">
        <input
          id={id}
          type="time"
          className="native-input"
          aria-label={words.roster.from}
          value={startsAt}
          onChange={(event) => onChange?.({ startsAt: event.target.value, endsAt })}
        />
        <span>–</span>
        <input
          type="time"
          className="native-input"
          aria-label={words.roster.until}
          value={endsAt}
          onChange={(event) => onChange?.({ startsAt, endsAt: event.target.value })}
        />
        {startsAt !== '' && endsAt !== '' && endsAt <= startsAt && (
          <span className="muted small">{words.roster.overnight}</span>
        )}
      </div>
    </div>
  );
}

/** Refuses hours of which one end is missing. */
export function hoursRule(message: string) {
  return {
    validator: (_: unknown, hours: Hours | undefined) =>
      hours?.startsAt && hours.endsAt ? Promise.resolve() : Promise.reject(new Error(message)),
  };
}
