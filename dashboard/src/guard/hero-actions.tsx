import type { Alert, Disposition, Session } from '../../../hub/contract/api.ts';
import { useSpeech } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { formatAgo } from '../i18n/times.ts';
import { Icon } from '../ui/icons.tsx';
import { useNow } from '../ui/use-now.ts';
import { dispositionIcons, dispositionsFor } from './dispositions.ts';
import { wasTold } from './ringing.ts';
import './hero-actions.css';

/** What the large card is told, and what it asks for. */
export interface HeroProps {
  alert: Alert;
  session: Session;
  missed: boolean;
  taking: boolean;
  enlarged: boolean;
  onEnlarge: (enlarged: boolean) => void;
  onTake: () => void;
  onResolve: (disposition: Disposition) => void;
}

/** The buttons of the large card: take it, then say how it ended; or say so at once. */
export function HeroActions(props: HeroProps & { settled: boolean }) {
  const { language, words } = useSpeech();
  const { alert, session, taking, settled, onTake, onResolve } = props;
  const now = useNow();
  const open = alert.state === 'open';
  const mine = alert.acknowledged?.id === session.person.id;
  const mustClockIn =
    session.person.role === 'guard' &&
    session.duty?.gate !== alert.gate &&
    !wasTold(alert, session.person.id);
  const act = (deed: () => void) => () => settled && !taking && deed();

  return (
    <footer className="hero-actions" data-state={alert.state}>
      {open ? (
        <button
          type="button"
          className="hero-take"
          data-testid="alert-acknowledge"
          aria-busy={taking}
          onClick={act(onTake)}
        >
          <Icon name="hand" size={34} />
          <span>
            {taking ? words.guard.acknowledging : words.guard.acknowledge}
            {mustClockIn && <small>{words.guard.clocksIn(placeName(alert.gate, words))}</small>}
          </span>
        </button>
      ) : (
        <p className="hero-handled" data-mine={mine}>
          <Icon name={mine ? 'check' : 'person'} size={24} />
          <strong>
            {mine ? words.guard.handledByMe : words.guard.handledBy(alert.acknowledged?.displayName ?? '')}
          </strong>
          <span>
            {alert.withdrawnReason
              ? alert.corrected
                ? words.corrections.takenBackByPerson
                : words.guard.takenBack
              : mine
                ? words.guard.howResolved
                : formatAgo(now - Date.parse(alert.acknowledged?.at ?? alert.updatedAt), language)}
          </span>
        </p>
      )}
      <fieldset className="hero-dispositions">
        <legend className="quietly">{open ? words.guard.directly : words.guard.howResolved}</legend>
        {dispositionsFor(alert).map((disposition, index) => (
          <button
            key={disposition}
            type="button"
            className="hero-disposition"
            data-disposition={disposition}
            data-testid={`alert-resolve-${disposition}`}
            aria-keyshortcuts={String(index + 1)}
            onClick={act(() => onResolve(disposition))}
          >
            <Icon name={dispositionIcons[disposition]} size={28} />
            <span>{words.dispositions[disposition]}</span>
          </button>
        ))}
      </fieldset>
    </footer>
  );
}
