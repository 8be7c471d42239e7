import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Likeness } from '../../../hub/contract/log.ts';
import type { Plate } from '../../../hub/contract/sighting.ts';
import { useWords } from '../i18n/language.tsx';
import { personCode } from '../office/person-code.ts';
import { PlateChip } from '../plates/plate-chip.tsx';

/** A person or vehicle by name, with how it last looked. */
export interface Look extends Likeness {
  subject: string;
  kind: 'person' | 'vehicle';
}

/** Who it is, leading to their page for those who may look them up. */
export function LookName({ of, isLink, height = 32 }: { of: Look; isLink: boolean; height?: number }) {
  const words = useWords();
  const said: ReactNode =
    of.kind === 'vehicle' ? (
      <PlateChip plate={of.plate ?? barePlate(of.subject)} height={height} />
    ) : (
      words.log.person(personCode(of.subject))
    );
  if (!isLink) return <span className="who">{said}</span>;
  return (
    <Link href={`/subject/${encodeURIComponent(of.subject)}`} className="who">
      {said}
    </Link>
  );
}

/** A plate of which nothing is kept but its text: a visit outlives what it was read from. */
function barePlate(text: string): Plate {
  return { text, class: 'unknown', confidence: 1, characters: [], votes: 0 };
}
