import { Link } from 'wouter';
import type { Alert, TrajectoryEntry } from '../../../hub/contract/api.ts';
import { useWords } from '../i18n/language.tsx';
import { PlateChip } from '../plates/plate-chip.tsx';
import { personCode } from './person-code.ts';

/** Who or what it was, as a link to the trajectory where there is one: a plate as it looks, a person by a short code. */
export function SubjectName({ of, height = 32 }: { of: Alert | TrajectoryEntry; height?: number }) {
  const words = useWords();
  const uncertain = of.verdicts.province?.verdict === 'uncertain';
  if (of.plate) {
    return (
      <Link href={`/subject/${encodeURIComponent(of.plate.text)}`} className="who">
        <PlateChip plate={of.plate} provinceUncertain={uncertain} height={height} />
      </Link>
    );
  }
  if (!of.subject) {
    return (
      <span className="muted">
        {of.kind === 'vehicle' ? words.log.unknownPlate : words.log.unknownPerson}
      </span>
    );
  }
  return (
    <Link href={`/subject/${encodeURIComponent(of.subject)}`} className="who">
      {words.log.person(personCode(of.subject))}
    </Link>
  );
}
