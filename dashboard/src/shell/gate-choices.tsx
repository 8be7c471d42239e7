import type { Session } from '../../../hub/contract/api.ts';
import { useWords } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { useLive } from '../live/live-context.tsx';
import { shiftToClockIn } from '../roster/own-shifts.ts';
import { sayHours } from '../roster/shift-words.ts';
import { useOwnShifts, useSiteZone } from '../roster/use-roster.ts';
import { Icon } from '../ui/icons.tsx';
import { useNow } from '../ui/use-now.ts';

/** The gates of the site as large buttons, the one where this person is planned first, with who is there already. */
export function GateChoices(props: { session: Session; busy: boolean; onChoose: (gate: string) => void }) {
  const words = useWords();
  const { live } = useLive();
  const { session, busy, onChoose } = props;
  const { duty, gates, person } = session;
  const own = useOwnShifts(person);
  const timeZone = useSiteZone();
  const now = useNow(30_000);
  const planned = own && shiftToClockIn(own.shifts, now);
  const isPlanned = (gate: string) => planned?.gates.includes(gate) ?? false;
  // The tablet's own gate first, then where the person is planned.
  const rank = (gate: string) => Number(gate === session.device?.gate) * 2 + Number(isPlanned(gate));
  const ordered = gates.toSorted((one, other) => rank(other) - rank(one));
  if (gates.length === 0) return <p>{words.duty.noGates}</p>;
  return (
    <ul className="gate-list">
      {ordered.map((gate) => {
        const others = live.duty.filter((each) => each.gate === gate && each.person !== person.id);
        return (
          <li key={gate}>
            <button
              type="button"
              className="gate-choice"
              data-testid={`clock-in-${gate}`}
              disabled={busy}
              aria-pressed={duty?.gate === gate}
              data-planned={isPlanned(gate)}
              onClick={() => onChoose(gate)}
            >
              <Icon name="gate" size={26} />
              <span className="gate-name">
                {placeName(gate, words)}
                {planned && isPlanned(gate) && (
                  <small>{words.shifts.planned(sayHours(planned, timeZone))}</small>
                )}
              </span>
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
