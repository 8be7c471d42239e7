import type { Session } from '../../../hub/contract/api.ts';
import { useWords } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { useLive } from '../live/live-context.tsx';
import { Icon } from '../ui/icons.tsx';

/** The gates of the site as large buttons, with who is there already. */
export function GateChoices(props: { session: Session; busy: boolean; onChoose: (gate: string) => void }) {
  const words = useWords();
  const { live } = useLive();
  const { session, busy, onChoose } = props;
  const { duty, gates, person } = session;
  const own = session.device?.gate;
  const sorted = gates.toSorted((one, other) => Number(other === own) - Number(one === own));
  if (gates.length === 0) return <p>{words.duty.noGates}</p>;
  return (
    <ul className="gate-list">
      {sorted.map((gate) => {
        const others = live.duty.filter((each) => each.gate === gate && each.person !== person.id);
        return (
          <li key={gate}>
            <button
              type="button"
              className="gate-choice"
              data-testid={`clock-in-${gate}`}
              disabled={busy}
              aria-pressed={duty?.gate === gate}
              onClick={() => onChoose(gate)}
            >
              <Icon name="gate" size={26} />
              <span className="gate-name">{placeName(gate, words)}</span>
              <span className="gate-others">
                {others.map(({ displayName }) => displayName).join(words.listComma)}
              </span>
              {duty?.gate === gate && <Icon name="check" size={24} />}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
