import type { Alert } from '../../../hub/contract/api.ts';

/** The middle value in milliseconds; undefined of nothing. */
export function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** How long alerts waited to be taken, and from then to their end: medians in milliseconds. */
export function handlingTimes(alerts: readonly Alert[]) {
  const taken = alerts.flatMap(({ openedAt, acknowledged }) =>
    acknowledged ? [Date.parse(acknowledged.at) - Date.parse(openedAt)] : [],
  );
  const resolved = alerts.flatMap(({ acknowledged, resolved: end }) =>
    acknowledged && end ? [Date.parse(end.at) - Date.parse(acknowledged.at)] : [],
  );
  return { acknowledgeMs: median(taken), resolveMs: median(resolved) };
}
