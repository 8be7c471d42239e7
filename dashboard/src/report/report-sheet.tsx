import type { ReactNode } from 'react';
import type { TrajectoryEntry } from '../../../hub/contract/api.ts';
import type { IncidentReport } from '../../../hub/contract/report.ts';
import type { Plate } from '../../../hub/contract/sighting.ts';
import { isPersonsWord } from '../corrections/persons-word.ts';
import { sortedFlags } from '../guard/severity.ts';
import { useSpeech, useWords } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { formatDate } from '../i18n/times.ts';
import { PlateChip } from '../plates/plate-chip.tsx';
import { exactTime } from './exact-time.ts';
import { PageNumbers } from './page-numbers.tsx';
import { ReportCorrections } from './report-corrections.tsx';
import { reportEvents } from './report-events.ts';
import { Hash, ReportPictures } from './report-pictures.tsx';
import type { CheckedPicture } from './use-checked-pictures.ts';

/** The document itself: on the screen a sheet, on paper as many A4 pages as it needs. */
export function ReportSheet(props: { report: IncidentReport; pictures: CheckedPicture[] | undefined }) {
  const { language, words } = useSpeech();
  const { report, pictures } = props;
  const { alert, sighting, printedBy, printedAt } = report;
  const said = words.report;
  const number = alert.id.slice(-12).toUpperCase();
  const flags = sortedFlags(alert.flags).map((flag) => words.flags[flag]);

  return (
    <article className="report-sheet" lang={language} data-testid="report">
      <PageNumbers number={number} />
      <header className="report-head">
        <div>
          <p className="report-maker">{said.maker}</p>
          <h1>{said.title}</h1>
        </div>
        <dl>
          <dt>{said.number}</dt>
          <dd>{number}</dd>
          <dt>{said.date}</dt>
          <dd>{formatDate(printedAt, language)}</dd>
        </dl>
      </header>

      <Section title={said.sections.summary}>
        <dl className="report-facts">
          <Fact label={said.what}>
            <strong>{flags.join(words.listComma)}</strong>
          </Fact>
          <Fact label={said.when}>
            {exactTime(alert.occurredAt)} <span className="report-aside">{said.whenHelp}</span>
          </Fact>
          <Fact label={said.where}>
            {said.whereOf(
              placeName(alert.gate, words),
              placeName(alert.camera, words),
              words.direction[alert.direction],
            )}
            {alert.cameras.length > 0 && (
              <span className="report-aside">
                {said.alsoSeenBy(
                  alert.cameras.map((camera) => placeName(camera, words)).join(words.listComma),
                )}
              </span>
            )}
          </Fact>
          <Fact label={said.who}>
            <Subject report={report} />
          </Fact>
          <Fact label={said.outcome}>
            {words.alertState[alert.state]}
            {alert.resolved && `: ${words.dispositions[alert.resolved.disposition]}`}
            {alert.storm ? (
              <span className="report-aside">{said.storm(alert.storm.count)}</span>
            ) : (
              alert.repeats > 0 && <span className="report-aside">{said.repeats(alert.repeats)}</span>
            )}
          </Fact>
        </dl>
      </Section>

      <Section title={said.sections.verdicts}>
        <Verdicts of={sighting ?? alert} />
        <ReportCorrections report={report} />
      </Section>

      <Section title={said.sections.pictures} long>
        <ReportPictures named={report.pictures.length} pictures={pictures} />
      </Section>

      <Section title={said.sections.handling}>
        <table className="report-table">
          <thead>
            <tr>
              <th scope="col">{said.time}</th>
              <th scope="col">{said.step}</th>
              <th scope="col">{said.people}</th>
            </tr>
          </thead>
          <tbody>
            {reportEvents(alert, words).map(({ at, what, who, note }) => (
              <tr key={`${at} ${what} ${who}`}>
                <td className="report-time">{exactTime(at)}</td>
                <td>
                  {what}
                  {note && <q className="report-note">{note}</q>}
                </td>
                <td>{who}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>

      <Section title={said.sections.rules}>
        <Rules report={report} />
      </Section>

      <Section title={said.sections.record}>
        <Record report={report} />
      </Section>

      <footer className="report-foot">
        <p>{said.printed(printedBy.displayName, exactTime(printedAt))}</p>
        <p className="report-signature">
          <span>{said.signature}</span>
          <span>{said.date}</span>
        </p>
      </footer>
    </article>
  );
}

function Section(props: { title: string; long?: boolean; children: ReactNode }) {
  return (
    <section className="report-section" data-long={props.long}>
      <h2>{props.title}</h2>
      {props.children}
    </section>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Subject({ report: { alert } }: { report: IncidentReport }) {
  const words = useWords();
  const { plate, subject, kind } = alert;
  if (plate) {
    const uncertain = alert.verdicts.province?.verdict === 'uncertain';
    return (
      <span className="report-plate">
        <PlateChip plate={plate} provinceUncertain={uncertain} height={36} />
        {plate.text} {words.plateClass[plate.class]}
      </span>
    );
  }
  if (subject) return words.report.person(subject);
  return kind === 'person' ? words.report.unknownPerson : words.report.unknownVehicle;
}

function Verdicts({ of: { verdicts, plate } }: { of: Pick<TrajectoryEntry, 'verdicts' | 'plate'> }) {
  const words = useWords();
  const said = words.report;
  const { mask, familiarity, province } = verdicts;
  const rows = [
    mask && { name: said.mask, value: words.mask[mask.verdict], ...mask },
    familiarity && {
      name: said.familiarity,
      value: words.familiarity[familiarity.verdict],
      ...familiarity,
    },
    province && {
      name: said.province,
      value: words.province[province.verdict] + (province.code ? ` (${province.code})` : ''),
      ...province,
    },
    plate && { name: said.plate, value: plate.text, ...plate },
  ].filter((row) => row !== undefined);
  if (rows.length === 0) return <p>{said.noVerdicts}</p>;
  return (
    <>
      <table className="report-table">
        <thead>
          <tr>
            <th scope="col">{said.verdict}</th>
            <th scope="col">{said.value}</th>
            <th scope="col">{said.confidence}</th>
            <th scope="col">{said.votes}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, value, confidence, votes }) => (
            <tr key={name}>
              <td>{name}</td>
              <td>
                <strong>{value}</strong>
              </td>
              {isPersonsWord({ confidence, votes }) ? (
                <td colSpan={2}>{words.corrections.report.byPerson}</td>
              ) : (
                <>
                  <td>{percent(confidence)}</td>
                  <td>{said.frames(votes)}</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {plate && plate.characters.length > 0 && !isPersonsWord(plate) && <Characters of={plate} />}
    </>
  );
}

function Characters({ of: { characters } }: { of: Plate }) {
  const words = useWords();
  return (
    <table className="report-characters">
      <caption>{words.report.plateCharacters}</caption>
      <tbody>
        <tr>
          {characters.map(({ text }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: characters have no other name than their place
            <th key={at} scope="col">
              {text}
            </th>
          ))}
        </tr>
        <tr>
          {characters.map(({ confidence }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: same
            <td key={at}>{percent(confidence)}</td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

function Rules({ report: { rules, policyVersion } }: { report: IncidentReport }) {
  const { language, words } = useSpeech();
  const said = words.report;
  return (
    <>
      {rules.length === 0 && <p>{said.noRule}</p>}
      {rules.length > 0 && (
        <table className="report-table">
          <thead>
            <tr>
              <th scope="col">{said.rule}</th>
              <th scope="col">{said.reason}</th>
              <th scope="col">{said.owner}</th>
              <th scope="col">{said.period}</th>
            </tr>
          </thead>
          <tbody>
            {rules.map(({ name, reason, owner, startsAt, endsAt }) => (
              <tr key={`${name} ${startsAt} ${reason}`}>
                <td>{words.policy.rules[name]}</td>
                <td>{reason}</td>
                <td>{owner}</td>
                <td>{said.fromTo(formatDate(startsAt, language), formatDate(endsAt, language))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {policyVersion !== undefined && <p>{said.policyVersion(policyVersion)}</p>}
    </>
  );
}

function Record({ report: { alert, sighting, sightingSha256 } }: { report: IncidentReport }) {
  const words = useWords();
  const said = words.report;
  if (!sighting) return <p>{said.noSighting}</p>;
  return (
    <>
      <dl className="report-facts">
        <Fact label={said.sighting}>
          <code>{sighting.id}</code> <span className="report-aside">{said.revision(sighting.revision)}</span>
        </Fact>
        <Fact label={said.alertId}>
          <code>{alert.id}</code>
        </Fact>
        <Fact label={said.box}>
          <code>{sighting.box}</code>
        </Fact>
        <Fact label={said.camera}>
          <code>{sighting.camera}</code>
        </Fact>
        <Fact label={said.received}>{exactTime(sighting.receivedAt)}</Fact>
        {sightingSha256 && (
          <Fact label={said.hash}>
            <Hash of={sightingSha256} />
          </Fact>
        )}
      </dl>
      <p className="report-small">{said.hashHelp}</p>
    </>
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share === 1 ? 0 : 1)}%`;
}
