import type { Alert, Session } from '../../../hub/contract/api.ts';
import { CorrectedChip } from '../corrections/corrected-mark.tsx';
import { chooseEvidence } from '../evidence/choose-evidence.ts';
import { EvidencePicture } from '../evidence/evidence-picture.tsx';
import { useWords } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { PlateChip } from '../plates/plate-chip.tsx';
import { Ago } from '../ui/ago.tsx';
import { Icon } from '../ui/icons.tsx';
import { alertMarks } from './alert-marks.ts';
import { alertWords } from './alert-words.ts';
import { isHelping } from './ringing.ts';
import { alertSeverity, flagIcon, sortedFlags } from './severity.ts';
import './alert-queue.css';

/** An alert in the queue: enough to choose it, not more. */
export function AlertRow(props: {
  alert: Alert;
  session: Session;
  missed: boolean;
  onChoose: () => void;
  onTake: () => void;
}) {
  const words = useWords();
  const { alert, session, missed, onChoose, onTake } = props;
  const { crop, scene } = chooseEvidence(alert.evidence);
  const picture = crop ?? scene;
  const [first] = sortedFlags(alert.flags);
  const { storm } = alertMarks(alert);
  const resolved =
    alert.resolved &&
    words.guard.doneBy(alert.resolved.displayName, words.dispositions[alert.resolved.disposition]);
  const taker =
    alert.acknowledged?.id === session.person.id
      ? words.guard.handledByMe
      : words.guard.handledBy(alert.acknowledged?.displayName ?? '');

  return (
    <li
      className="row"
      data-testid="alert-card"
      data-alert-id={alert.id}
      data-flags={alert.flags.join(' ')}
      data-state={alert.state}
      data-severity={alertSeverity(alert)}
      data-quiet={alert.quiet !== undefined}
    >
      <button type="button" className="row-choose" aria-label={alertWords(alert, words)} onClick={onChoose}>
        <span className="row-picture" data-role={picture?.role}>
          {picture ? (
            <EvidencePicture id={picture.id} alt="" testId="alert-evidence" />
          ) : (
            <Icon name={alert.kind} size={26} />
          )}
        </span>
        <span className="row-words">
          <strong>
            <Icon name={first ? flagIcon(first) : 'alert'} size={18} />
            {sortedFlags(alert.flags)
              .map((flag) => words.flags[flag])
              .join(words.listComma)}
          </strong>
          <span className="row-where">
            {placeName(alert.gate, words)}
            {words.dot}
            {alert.state !== 'open' && words.direction[alert.direction] + words.dot}
            <Ago at={alert.resolved?.at ?? alert.occurredAt} />
          </span>
          {alert.plate && (
            <PlateChip
              plate={alert.plate}
              provinceUncertain={alert.verdicts.province?.verdict === 'uncertain'}
              height={26}
            />
          )}
          <CorrectedChip corrected={alert.corrected} />
          {missed && (
            <span className="chip" data-severity="low">
              {words.guard.wasMissed}
            </span>
          )}
          {isHelping(alert, session) && (
            <span className="chip" data-severity="low">
              {words.told.helping}
            </span>
          )}
          {alert.quiet && (
            <span className="row-quiet">
              <Icon name="bellOff" size={16} />
              {[words.told.quiet[alert.quiet.why], alert.quiet.reason].filter(Boolean).join(words.dot)}
            </span>
          )}
          {storm > 0 && <span className="chip">{words.told.storm(storm)}</span>}
          {alert.state === 'acknowledged' && <span className="row-taker">{taker}</span>}
          {resolved && <span className="row-taker">{resolved}</span>}
        </span>
      </button>
      {alert.state === 'open' && (
        <button
          type="button"
          className="row-take"
          data-testid="alert-acknowledge"
          aria-label={`${words.guard.acknowledge}: ${alertWords(alert, words)}`}
          onClick={onTake}
        >
          <Icon name="hand" size={24} />
        </button>
      )}
    </li>
  );
}
