import type { Histogram } from './histogram.ts';

/** One number with the labels that tell it from its sisters. */
export interface Sample {
  labels?: Record<string, string>;
  value: number;
}

/** One metric: its samples, or a histogram. Names and units as Prometheus wants them: base units, `_total` for counters. */
export type Metric = { name: string; help: string } & (
  | { type: 'counter' | 'gauge'; samples: Sample[] }
  /** `scale` turns what was recorded into the unit of the name. */
  | { type: 'histogram'; histogram: Histogram; scale: number }
);

/** The media type of `expose`. */
export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';

/** Metrics in Prometheus' text format 0.0.4. */
export function expose(metrics: Metric[]): string {
  return metrics
    .flatMap((metric) => [...head(metric), ...lines(metric)])
    .join('\n')
    .concat('\n');
}

function head({ name, help, type }: Metric): string[] {
  return [
    `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
    `# TYPE ${name} ${type}`,
  ];
}

function lines(metric: Metric): string[] {
  const { name } = metric;
  if (metric.type !== 'histogram')
    return metric.samples.map(({ labels, value }) => line(name, labels, value));
  const { atMost, sum, count } = metric.histogram.read();
  const bounds = metric.histogram.bounds.map((bound) => String(bound * metric.scale));
  return [
    ...bounds.map((le, at) => line(`${name}_bucket`, { le }, atMost[at])),
    line(`${name}_bucket`, { le: '+Inf' }, count),
    line(`${name}_sum`, undefined, sum * metric.scale),
    line(`${name}_count`, undefined, count),
  ];
}

function line(name: string, labels: Record<string, string> | undefined, value: number): string {
  const pairs = Object.entries(labels ?? {}).map(([key, text]) => `${key}="${escaped(text)}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
