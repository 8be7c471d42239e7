import { useSpeech } from '../i18n/language.tsx';
import { countOf, type FlowBar, passesOf } from './flow-bars.ts';
import { sayBar, sayNumber } from './flow-words.ts';

/** The numbers of the chart, for reading and for those who do not see it. */
export function FlowTable({ bars, kind }: { bars: readonly FlowBar[]; kind: '' | 'person' | 'vehicle' }) {
  const { language, words } = useSpeech();
  const { entry, exit, unknown, flagged, when } = words.flows;
  const kinds = (['person', 'vehicle'] as const).filter((each) => kind === '' || kind === each);
  const shown = bars.filter((bar) => passesOf(countOf(bar, kind)) > 0);
  return (
    <details className="card flow-numbers">
      <summary>{words.flows.table}</summary>
      <p className="muted small">{words.flows.tableHelp}</p>
      <div className="flow-table-frame">
        <table className="flow-table">
          <thead>
            <tr>
              <th scope="col" rowSpan={2} className="flow-when">
                {when}
              </th>
              {kinds.map((each) => (
                <th key={each} scope="colgroup" colSpan={4}>
                  {words.visits.kinds[each]}
                </th>
              ))}
            </tr>
            <tr>
              {kinds.flatMap((each) =>
                [entry, exit, unknown, flagged].map((word) => (
                  <th key={`${each} ${word}`} scope="col">
                    {word}
                  </th>
                )),
              )}
            </tr>
          </thead>
          <tbody>
            {shown.map((bar) => (
              <tr key={`${bar.day} ${bar.hour}`}>
                <th scope="row" className="flow-when">
                  {sayBar(bar, language, words)}
                </th>
                {kinds.flatMap((each) =>
                  (['entry', 'exit', 'unknown', 'flagged'] as const).map((number) => (
                    <td key={`${each} ${number}`} data-zero={bar[each][number] === 0}>
                      {sayNumber(bar[each][number], language)}
                    </td>
                  )),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
