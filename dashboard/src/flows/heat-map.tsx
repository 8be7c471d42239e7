import { useMemo, useState } from 'react';
import { useSpeech } from '../i18n/language.tsx';
import type { HeatCell } from './flow-bars.ts';
import { sayHour, sayNumber } from './flow-words.ts';

const hours = [...Array(24).keys()];

/** Which hours of the week are busy: what shifts are planned by. A table, so that it is read like one. */
export function HeatMap({ heat }: { heat: readonly HeatCell[][] }) {
  const { language, words } = useSpeech();
  const [chosen, choose] = useState<{ weekday: number; hour: number }>();
  const most = useMemo(() => Math.max(1, ...heat.flat().map(({ mean }) => mean)), [heat]);
  const weeks = Math.max(...heat.flat().map(({ days }) => days));
  const cell = chosen && heat[chosen.weekday][chosen.hour];

  return (
    <section className="card panel heat">
      <h2>{words.flows.heat}</h2>
      <p className="muted small">{words.flows.heatHelp(weeks)}</p>
      <table className="heat-map">
        <thead>
          <tr>
            <td className="heat-corner" />
            {hours.map((hour) => (
              <th key={hour} scope="col" className="heat-hour" data-shown={hour % 3 === 0}>
                <span>{hour}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {heat.map((cells, weekday) => (
            <tr key={words.weekdayNames[weekday]}>
              <th scope="row" className="heat-weekday">
                {words.weekdayNames[weekday]}
              </th>
              {cells.map(({ mean, days }, hour) => (
                <td
                  className="heat-cell"
                  // biome-ignore lint/suspicious/noArrayIndexKey: an hour is its place
                  key={hour}
                  style={{ '--heat': warmth(mean / most) } as React.CSSProperties}
                  data-hot={warmth(mean / most) > 0.7}
                  data-none={days === 0}
                  data-chosen={chosen?.weekday === weekday && chosen.hour === hour}
                  onPointerEnter={() => choose({ weekday, hour })}
                  onPointerDown={() => choose({ weekday, hour })}
                >
                  <span>{days === 0 ? '' : sayNumber(Math.round(mean), language)}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <footer className="heat-foot">
        <p aria-live="polite">
          {chosen && cell && cell.days > 0
            ? words.flows.heatCell(
                `${words.weekdayNames[chosen.weekday]} ${sayHour(chosen.hour)}`,
                sayNumber(cell.mean, language),
              )
            : ' '}
        </p>
        <span className="heat-scale" aria-hidden="true">
          {words.flows.heatFew}
          <i />
          {words.flows.heatMany}
        </span>
      </footer>
    </section>
  );
}

/** Differences among busy hours are what one looks for: quiet ones are paler than in proportion. */
function warmth(share: number): number {
  return share ** 1.5;
}
