import { useQuery } from '@tanstack/react-query';
import { useHub } from '../api/hub-context.ts';
import { useWords } from '../i18n/language.tsx';
import { Icon } from '../ui/icons.tsx';
import { countInside, type InsideNumbers } from './inside-numbers.ts';
import { insideNow, type PresenceFilter } from './presence-filter.ts';

const refreshMs = 30_000;

/** How many are in now, and how many for too long; each number shows whom it counts. */
export function InsideCards({
  filter,
  onChange,
}: {
  filter: PresenceFilter;
  onChange: (filter: PresenceFilter) => void;
}) {
  const hub = useHub();
  const words = useWords();
  const { hours, gate, kind, isLong } = filter;
  const found = useQuery({
    queryKey: ['inside', hours],
    queryFn: () => hub.inside({ hours }),
    refetchInterval: refreshMs,
  });
  const numbers: InsideNumbers | undefined = found.data && countInside(found.data.items, gate);
  const cards = [
    {
      key: 'vehicle',
      icon: 'vehicle' as const,
      number: numbers?.vehicle,
      label: words.visits.inside.vehicle,
      isOn: kind === 'vehicle' && !isLong,
      shows: { kind: 'vehicle' as const, isLong: false },
    },
    {
      key: 'person',
      icon: 'person' as const,
      number: numbers?.person,
      label: words.visits.inside.person,
      isOn: kind === 'person' && !isLong,
      shows: { kind: 'person' as const, isLong: false },
    },
    {
      key: 'overstayed',
      icon: 'clock' as const,
      number: numbers?.overstayed,
      label: words.visits.overstayed(words.visits.limits(hours)),
      isOn: isLong,
      shows: { kind: insideNow.kind, isLong: true },
    },
  ];
  return (
    <div className="inside-cards">
      {cards.map(({ key, icon, number, label, isOn, shows }) => (
        <button
          key={key}
          type="button"
          className="inside-card card"
          data-card={key}
          data-some={(number ?? 0) > 0}
          aria-pressed={isOn}
          onClick={() => onChange({ ...filter, ...(isOn ? { kind: '', isLong: false } : shows) })}
        >
          <Icon name={icon} size={26} />
          <span className="inside-number">{number ?? '–'}</span>
          <span className="inside-label">{label}</span>
        </button>
      ))}
    </div>
  );
}
