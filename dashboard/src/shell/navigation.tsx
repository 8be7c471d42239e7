import { Link, useLocation } from 'wouter';
import type { Session } from '../../../hub/contract/api.ts';
import { wasTold } from '../guard/ringing.ts';
import { useWords } from '../i18n/language.tsx';
import { useLive } from '../live/live-context.tsx';
import { useProposalsToConfirm } from '../policy/use-policy.ts';
import { Icon } from '../ui/icons.tsx';
import { placeOf, placesFor } from './places.ts';

/** The pages, in the header of wide screens. */
export function HeaderNavigation({ session }: { session: Session }) {
  return <Navigation session={session} className="header-nav" iconSize={20} />;
}

/** The pages, under the thumb on a phone. */
export function BottomNavigation({ session }: { session: Session }) {
  return <Navigation session={session} className="bottom-nav" iconSize={24} />;
}

function Navigation(props: { session: Session; className: string; iconSize: number }) {
  const words = useWords();
  const { live } = useLive();
  const [path] = useLocation();
  const { duty, person } = props.session;
  const places = placesFor(person.role);
  const here = placeOf(path, person.role)?.key;
  const open = [...live.alerts.values()].filter(
    (alert) =>
      alert.state === 'open' &&
      !alert.quiet &&
      (!duty || duty.gate === alert.gate || wasTold(alert, person.id)),
  ).length;
  const toConfirm = useProposalsToConfirm(person);
  if (places.length < 2) return null;

  return (
    <nav className={props.className} aria-label={words.menu.main}>
      {places.map((place) => (
        <Link
          key={place.key}
          href={place.path}
          className="nav-link"
          aria-current={place.key === here ? 'page' : undefined}
        >
          <span className="nav-icon">
            <Icon name={place.icon} size={props.iconSize} />
            {place.key === 'alerts' && <Count of={open} says={words.guard.newCount} />}
            {place.key === 'policy' && <Count of={toConfirm} says={words.fourEyes.waiting} />}
          </span>
          <span className="nav-word">{words.nav[place.key]}</span>
        </Link>
      ))}
    </nav>
  );
}

/** What waits on a page; nothing when nothing does. */
function Count({ of: count, says }: { of: number; says: (count: number) => string }) {
  if (count === 0) return null;
  return (
    <span className="nav-count" role="img" aria-label={says(count)}>
      {count > 99 ? '99+' : count}
    </span>
  );
}
