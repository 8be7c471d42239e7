import type { Alert, TrajectoryEntry } from '../../../hub/contract/api.ts';
import { CorrectButton, CorrectedMark } from '../corrections/corrected-mark.tsx';
import { useSpeech } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { formatClock, formatDay, isNewDay } from '../i18n/times.ts';
import { HoldButton } from '../keeping/hold-button.tsx';
import { AlertOutcome } from '../office/alert-outcome.tsx';
import { EvidenceThumb } from '../office/evidence-thumb.tsx';
import { Judgement } from '../office/judgement.tsx';
import { SubjectName } from '../office/subject-name.tsx';
import { Icon } from '../ui/icons.tsx';

/** The rows of the log, newest first, with a line for every new day. */
export function LogTable(props: {
  entries: readonly TrajectoryEntry[];
  alerts: ReadonlyMap<string, Alert>;
  fading: boolean;
}) {
  const { words } = useSpeech();
  const { columns } = words.log;
  return (
    <div className="card log-table" data-fading={props.fading}>
      <table className="list-table">
        <thead>
          <tr>
            <th scope="col">{columns.time}</th>
            <th scope="col">{columns.picture}</th>
            <th scope="col">{columns.who}</th>
            <th scope="col">{columns.where}</th>
            <th scope="col">{columns.verdicts}</th>
            <th scope="col">{columns.alert}</th>
          </tr>
        </thead>
        <tbody>
          {props.entries.map((entry, index) => (
            <LogRow
              key={entry.id}
              entry={entry}
              alert={entry.alert ? props.alerts.get(entry.alert) : undefined}
              newDay={isNewDay(entry.occurredAt, props.entries[index - 1]?.occurredAt)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function LogRow({
  entry,
  alert,
  newDay,
}: {
  entry: TrajectoryEntry;
  alert: Alert | undefined;
  newDay: boolean;
}) {
  const { language, words } = useSpeech();
  return (
    <>
      {newDay && (
        <tr className="log-day">
          <th colSpan={6} scope="rowgroup">
            {formatDay(entry.occurredAt, language)}
          </th>
        </tr>
      )}
      <tr className="log-row" data-testid="log-row">
        <td className="log-time">
          <time dateTime={entry.occurredAt}>{formatClock(entry.occurredAt, language)}</time>
        </td>
        <td className="log-picture">
          <EvidenceThumb evidence={entry.evidence} />
        </td>
        <td className="log-who">
          <SubjectName of={entry} />
        </td>
        <td className="log-where">
          <span className="log-gate" data-direction={entry.direction}>
            {entry.direction !== 'unknown' && (
              <Icon name={entry.direction === 'entry' ? 'arrowIn' : 'arrowOut'} size={18} />
            )}
            {placeName(entry.gate, words)} {words.direction[entry.direction]}
          </span>
          <span className="muted small">{placeName(entry.camera, words)}</span>
        </td>
        <td className="log-verdicts">
          <Judgement of={entry} />
          <CorrectedMark sighting={entry.id} corrected={entry.corrected} />
        </td>
        <td className="log-alert">
          <div className="log-end">
            {alert && <AlertOutcome alert={alert} />}
            <span className="log-deeds">
              <CorrectButton sighting={entry.id} seen={entry} />
              <HoldButton entry={entry} />
            </span>
          </div>
        </td>
      </tr>
    </>
  );
}
