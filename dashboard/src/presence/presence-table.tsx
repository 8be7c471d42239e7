import type { PresencePage } from '../../../hub/contract/log.ts';
import { useSpeech } from '../i18n/language.tsx';
import { formatDayTime, formatHourMinute } from '../i18n/times.ts';
import { EvidenceThumb } from '../office/evidence-thumb.tsx';
import { Icon } from '../ui/icons.tsx';
import { LookName } from './look.tsx';

/** Who and what was there in a window: seen passing, or in on a visit that had not ended. */
export function PresenceTable(props: {
  present: PresencePage['items'];
  /** Of the site, as the window is. */
  timeZone: string;
  mayFollow: boolean;
  fading: boolean;
  caption: string;
}) {
  const { language, words } = useSpeech();
  const { columns } = words.visits;
  const { timeZone } = props;
  return (
    <div className="card presence-table" data-fading={props.fading}>
      <table className="list-table">
        <caption>{props.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{columns.picture}</th>
            <th scope="col">{columns.who}</th>
            <th scope="col">{columns.seen}</th>
            <th scope="col">{columns.in}</th>
          </tr>
        </thead>
        <tbody>
          {props.present.map((each) => {
            const { subject, sightings, firstSeenAt, lastSeenAt, insideSince } = each;
            return (
              <tr key={subject} className="presence-row" data-testid="presence-row">
                <td className="presence-picture">
                  <EvidenceThumb evidence={each.evidence} />
                </td>
                <td className="presence-who">
                  <LookName of={each} isLink={props.mayFollow} />
                </td>
                <td className="presence-entry">
                  {firstSeenAt && lastSeenAt ? (
                    <span className="gate-pass">
                      <Icon name="eye" size={18} />
                      <strong>{words.visits.times(sightings)}</strong>
                      <span className="muted">
                        {formatHourMinute(firstSeenAt, language, timeZone)}
                        {lastSeenAt !== firstSeenAt &&
                          ` – ${formatHourMinute(lastSeenAt, language, timeZone)}`}
                      </span>
                    </span>
                  ) : (
                    <span className="muted">{words.visits.notSeen}</span>
                  )}
                </td>
                <td className="presence-stay">
                  {insideSince && (
                    <span className="gate-pass" data-passing="arrowIn">
                      <Icon name="arrowIn" size={18} />
                      {words.visits.insideSince(formatDayTime(insideSince, language, { timeZone }))}
                    </span>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
