import { Fragment } from 'react';
import type { Visit } from '../../../hub/contract/log.ts';
import { useSpeech } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { formatDay, formatDayTime, formatHourMinute, formatLength, isNewDay } from '../i18n/times.ts';
import { EvidenceThumb } from '../office/evidence-thumb.tsx';
import { Icon } from '../ui/icons.tsx';
import { useNow } from '../ui/use-now.ts';
import { LookName } from './look.tsx';

const hourMs = 3_600_000;

/** Visits, newest first, with a line for every new day; those that are too long stand out. */
export function VisitTable(props: {
  visits: readonly Visit[];
  isInside: boolean;
  hours: number;
  /** Of the site: a visit is told by its clock, as flows and windows are. */
  timeZone: string;
  mayFollow: boolean;
  fading: boolean;
  caption: string;
}) {
  const { language, words } = useSpeech();
  const { visits, isInside, hours, timeZone, mayFollow } = props;
  const { columns } = words.visits;
  const now = useNow(30_000);
  return (
    <div className="card presence-table" data-fading={props.fading}>
      <table className="list-table">
        <caption>{props.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{columns.picture}</th>
            <th scope="col">{columns.who}</th>
            <th scope="col">{columns.entry}</th>
            {!isInside && <th scope="col">{columns.exit}</th>}
            <th scope="col">{isInside ? columns.in : columns.stay}</th>
          </tr>
        </thead>
        <tbody>
          {visits.map((visit, index) => {
            const began = beginOf(visit);
            const before = visits[index - 1];
            return (
              <Fragment key={`${visit.subject} ${began}`}>
                {isNewDay(began, before && beginOf(before), timeZone) && (
                  <tr className="presence-day">
                    <th colSpan={isInside ? 4 : 5} scope="rowgroup">
                      {formatDay(began, language, timeZone)}
                    </th>
                  </tr>
                )}
                <tr className="presence-row" data-testid="visit-row">
                  <td className="presence-picture">
                    <EvidenceThumb evidence={visit.evidence} />
                  </td>
                  <td className="presence-who">
                    <LookName of={visit} isLink={mayFollow} />
                  </td>
                  <td className="presence-entry">
                    <Passing
                      icon="arrowIn"
                      at={visit.entry}
                      gate={visit.entryGate}
                      timeZone={timeZone}
                      none={words.visits.noEntry}
                    />
                  </td>
                  {!isInside && (
                    <td className="presence-exit">
                      <Passing
                        icon="arrowOut"
                        at={visit.exit}
                        gate={visit.exitGate}
                        timeZone={timeZone}
                        none={words.visits.noExit}
                        why={words.visits.cameAgain}
                        day={visit.exit !== undefined && isNewDay(visit.exit, began, timeZone)}
                      />
                    </td>
                  )}
                  <td className="presence-stay">
                    {isInside ? (
                      <Inside since={visit.entry} now={now} hours={hours} />
                    ) : (
                      <strong>
                        {visit.entry && visit.exit
                          ? formatLength(Date.parse(visit.exit) - Date.parse(visit.entry), language)
                          : ''}
                      </strong>
                    )}
                  </td>
                </tr>
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Passing(props: {
  icon: 'arrowIn' | 'arrowOut';
  at: string | undefined;
  gate: string | undefined;
  timeZone: string;
  none: string;
  why?: string;
  /** Not on the day that the rows above belong to. */
  day?: boolean;
}) {
  const { language, words } = useSpeech();
  const { icon, at, gate, timeZone, none, why, day } = props;
  if (!at)
    return (
      <span className="gate-pass muted" title={why}>
        <span className="chip">{none}</span>
      </span>
    );
  return (
    <span className="gate-pass" data-passing={icon}>
      <Icon name={icon} size={18} />
      <time dateTime={at}>
        {day ? formatDayTime(at, language, { timeZone }) : formatHourMinute(at, language, timeZone)}
      </time>
      <span className="muted">{gate && placeName(gate, words)}</span>
    </span>
  );
}

function Inside({ since, now, hours }: { since: string | undefined; now: number; hours: number }) {
  const { language, words } = useSpeech();
  if (!since) return null;
  const lengthMs = now - Date.parse(since);
  const isLong = lengthMs > hours * hourMs;
  return (
    <span className="presence-length" data-long={isLong}>
      <strong>{words.visits.since(formatLength(lengthMs, language))}</strong>
      {isLong && (
        <span className="chip" data-severity="normal">
          <Icon name="clock" size={16} />
          {words.visits.tooLong}
        </span>
      )}
    </span>
  );
}

function beginOf({ entry, exit }: Visit): string {
  return entry ?? exit ?? '';
}
