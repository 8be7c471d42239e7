import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useSpeech } from '../i18n/language.tsx';
import { countOf, type FlowBar, ticksTo } from './flow-bars.ts';
import { sayBar, sayNumber } from './flow-words.ts';

const height = 300;
const edge = { left: 44, right: 8, top: 10, bottom: 26 };
/** Pixels that a bar and its gap need; what does not fit is scrolled. */
const leastSlot = 3;
const widestBar = 30;
const ticksOfSide = 2;
/** Between two words on the axis of time, pixels. */
const wordWidth = 54;

interface ChartProps {
  bars: readonly FlowBar[];
  kind: '' | 'person' | 'vehicle';
  chosen: number | undefined;
  onChoose: (index: number | undefined) => void;
}

/** Entries above the line, exits below it; vehicles stand on people. A bar says its numbers when it is pointed at. */
export function FlowChart({ bars, kind, chosen, onChoose }: ChartProps) {
  const { language, words } = useSpeech();
  const frame = useRef<HTMLDivElement>(null);
  const given = useWidth(frame);
  const width = Math.max(given, edge.left + edge.right + bars.length * leastSlot);
  const slot = (width - edge.left - edge.right) / Math.max(1, bars.length);
  const barWidth = Math.min(widestBar, slot > 6 ? slot * 0.68 : slot - 1);
  const scale = useMemo(() => scaleOf(bars, kind), [bars, kind]);
  const middle = edge.top + (height - edge.top - edge.bottom) / 2;
  const perUnit = (middle - edge.top) / scale.top;
  const shapes = useMemo(
    () => drawBars(bars, kind, { slot, barWidth, middle, perUnit }),
    [bars, kind, slot, barWidth, middle, perUnit],
  );

  function choose(event: PointerEvent<SVGSVGElement>) {
    const left = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const index = Math.floor((left - edge.left) / slot);
    onChoose(index >= 0 && index < bars.length ? index : undefined);
  }

  function move(event: KeyboardEvent) {
    const last = bars.length - 1;
    const at = chosen ?? (event.key === 'ArrowLeft' ? bars.length : -1);
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last, Escape: undefined };
    if (!(event.key in next)) return;
    event.preventDefault();
    const index = next[event.key as keyof typeof next];
    onChoose(index === undefined ? undefined : Math.min(last, Math.max(0, index)));
  }

  const bar = chosen === undefined ? undefined : bars[chosen];
  return (
    <div
      className="flow-chart"
      ref={frame}
      role="slider"
      tabIndex={0}
      aria-label={words.flows.chart}
      aria-valuemin={0}
      aria-valuemax={bars.length - 1}
      aria-valuenow={chosen ?? 0}
      aria-valuetext={bar ? readBar(bar) : words.flows.chartHelp}
      data-testid="flow-chart"
      onKeyDown={move}
    >
      {given > 0 && (
        <svg
          width={width}
          height={height}
          aria-hidden="true"
          onPointerMove={(event) => event.pointerType === 'mouse' && choose(event)}
          onPointerLeave={(event) => event.pointerType === 'mouse' && onChoose(undefined)}
          onPointerDown={choose}
        >
          {[...scale.ticks, ...scale.ticks.map((tick) => -tick)].map((tick) => (
            <g key={tick} className="flow-tick">
              <line
                x1={edge.left}
                x2={width - edge.right}
                y1={middle - tick * perUnit}
                y2={middle - tick * perUnit}
              />
              <text x={edge.left - 8} y={middle - tick * perUnit + 4} textAnchor="end">
                {sayNumber(Math.abs(tick), language)}
              </text>
            </g>
          ))}
          {chosen !== undefined && (
            <rect
              className="flow-chosen"
              x={edge.left + chosen * slot}
              y={edge.top}
              width={slot}
              height={height - edge.top - edge.bottom}
            />
          )}
          <path className="flow-person" d={shapes.person} />
          <path className="flow-vehicle" d={shapes.vehicle} />
          <line className="flow-zero" x1={edge.left} x2={width - edge.right} y1={middle} y2={middle} />
          {axisOf(bars, slot).map(({ index, text, isDay }) => (
            <text
              key={index}
              className="flow-time"
              data-day={isDay}
              x={edge.left + (index + 0.5) * slot}
              y={height - 8}
              textAnchor="middle"
            >
              {text}
            </text>
          ))}
        </svg>
      )}
    </div>
  );

  function readBar(each: FlowBar): string {
    const { entry, exit } = countOf(each, kind);
    return [
      sayBar(each, language, words),
      `${words.flows.entry} ${entry}`,
      `${words.flows.exit} ${exit}`,
    ].join(words.listComma);
  }
}

/** The width in which it is drawn, pixels; 0 until it is known. */
function useWidth(of: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = of.current;
    if (!element) return;
    const watch = new ResizeObserver(([seen]) => setWidth(Math.floor(seen?.contentRect.width ?? 0)));
    watch.observe(element);
    return () => watch.disconnect();
  }, [of]);
  return width;
}

/** One scale for both sides, so that entries and exits can be compared. */
function scaleOf(bars: readonly FlowBar[], kind: ChartProps['kind']): { ticks: number[]; top: number } {
  let largest = 0;
  for (const bar of bars) {
    const { entry, exit } = countOf(bar, kind);
    largest = Math.max(largest, entry, exit);
  }
  const ticks = ticksTo(largest, ticksOfSide);
  return { ticks, top: Math.max(ticks[ticks.length - 1], largest) };
}

function drawBars(
  bars: readonly FlowBar[],
  kind: ChartProps['kind'],
  { slot, barWidth, middle, perUnit }: Record<'slot' | 'barWidth' | 'middle' | 'perUnit', number>,
): { person: string; vehicle: string } {
  const drawn = { person: '', vehicle: '' };
  const draw = (of: 'person' | 'vehicle', index: number, from: number, to: number) => {
    if (from === to) return;
    const x = (edge.left + index * slot + (slot - barWidth) / 2).toFixed(1);
    const [top, bottom] = [(middle - from * perUnit).toFixed(1), (middle - to * perUnit).toFixed(1)];
    drawn[of] += `M${x} ${top}h${barWidth.toFixed(1)}V${bottom}h${(-barWidth).toFixed(1)}Z`;
  };
  for (const [index, bar] of bars.entries()) {
    const person = kind === 'vehicle' ? undefined : bar.person;
    const vehicle = kind === 'person' ? undefined : bar.vehicle;
    const [personIn, personOut] = [person?.entry ?? 0, person?.exit ?? 0];
    draw('person', index, 0, personIn);
    draw('person', index, 0, -personOut);
    draw('vehicle', index, personIn, personIn + (vehicle?.entry ?? 0));
    draw('vehicle', index, -personOut, -personOut - (vehicle?.exit ?? 0));
  }
  return drawn;
}

/** Words on the axis of time, as many as stand apart: hours of one day, else days. */
function axisOf(bars: readonly FlowBar[], slot: number): { index: number; text: string; isDay: boolean }[] {
  const isOneDay = bars.length > 1 && bars[0].day === bars[bars.length - 1].day;
  if (isOneDay) {
    const every = [1, 2, 3, 4, 6].find((hours) => hours * slot >= wordWidth) ?? 6;
    return bars.flatMap(({ hour = 0 }, index) =>
      hour % every === 0 ? [{ index, text: `${String(hour).padStart(2, '0')}:00`, isDay: false }] : [],
    );
  }
  const perDay = bars[0]?.hour === undefined ? 1 : 24;
  const days = bars.length / perDay;
  const every = [1, 2, 3, 5, 7, 10].find((count) => count * perDay * slot >= wordWidth) ?? 10;
  return [...Array(days).keys()].flatMap((day) => {
    if (day % every !== 0) return [];
    const { day: said } = bars[day * perDay];
    const index = day * perDay + (perDay === 1 ? 0 : 12);
    return [{ index, text: `${Number(said.slice(5, 7))}/${Number(said.slice(8))}`, isDay: true }];
  });
}
