import type { IncidentReport } from '../../../hub/contract/report.ts';
import { correctionSteps } from '../corrections/correction-steps.ts';
import { sayFact } from '../corrections/fact-words.ts';
import { useWords } from '../i18n/language.tsx';
import { exactTime } from './exact-time.ts';

/** What the box said, what was said instead, by whom, when and why; also what was taken back. Nothing where nobody did. */
export function ReportCorrections({ report: { original, corrections = [] } }: { report: IncidentReport }) {
  const words = useWords();
  const said = words.corrections.report;
  const { mask, familiarity, plate } = words.report;
  const names = { ...words.corrections.topics, mask, familiarity, plate };
  if (!original || corrections.length === 0) return null;
  return (
    <div className="report-corrections" data-testid="report-corrections">
      <table className="report-table">
        <caption>{said.title}</caption>
        <thead>
          <tr>
            <th scope="col">{said.fact}</th>
            <th scope="col">{said.before}</th>
            <th scope="col">{said.after}</th>
            <th scope="col">{said.who}</th>
            <th scope="col">{said.why}</th>
          </tr>
        </thead>
        <tbody>
          {correctionSteps(original, corrections).map(({ correction, from, isOriginal }) => {
            const { id, fact, by, reason, undone } = correction;
            return (
              <tr key={id} data-undone={undone !== undefined}>
                <td>{names[fact.of]}</td>
                <td>
                  {sayFact(from, words)}
                  {isOriginal && <span className="report-note">{said.told}</span>}
                </td>
                <td>
                  <strong>{sayFact(fact, words)}</strong>
                </td>
                <td>
                  {by.displayName}
                  <span className="report-note">{exactTime(by.at)}</span>
                </td>
                <td>
                  {reason}
                  {undone && (
                    <span className="report-note">
                      {said.undone(undone.displayName, exactTime(undone.at))}
                    </span>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="report-small">{said.note}</p>
    </div>
  );
}
