import type { FlowCount, FlowRow } from '../contract/log.ts';

/** How many sightings of one kind and direction began in one hour at one gate. */
export interface HourCount {
  /** UTC instant at which the hour begins. */
  hour: string;
  gate: string;
  kind: 'person' | 'vehicle';
  direction: 'entry' | 'exit' | 'unknown';
  sightings: number;
  flagged: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The instant at which the hour of this instant begins. */
export function hourOf(at: string): string {
  return `${at.slice(0, 13)}:00:00.000Z`;
}

/** Counts for each hour and gate, or for each day of a clock that is this many whole hours ahead of UTC; in time, then by gate. */
export function gatherFlows(
  counts: readonly HourCount[],
  by: 'hour' | 'day',
  utcOffsetHours: number,
): FlowRow[] {
  const rows = new Map<string, FlowRow>();
  for (const count of counts) {
    const from = by === 'hour' ? count.hour : dayOf(count.hour, utcOffsetHours);
    const key = `${from}${count.gate}`;
    const row = rows.get(key) ?? { from, gate: count.gate, person: nothing(), vehicle: nothing() };
    rows.set(key, row);
    row[count.kind][count.direction] += count.sightings;
    row[count.kind].flagged += count.flagged;
  }
  return [...rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** The UTC instant at which the local day of this hour begins. */
function dayOf(hour: string, utcOffsetHours: number): string {
  const offsetMs = utcOffsetHours * hourMs;
  const localDay = Math.floor((Date.parse(hour) + offsetMs) / dayMs);
  return new Date(localDay * dayMs - offsetMs).toISOString();
}

function nothing(): FlowCount {
  return { entry: 0, exit: 0, unknown: 0, flagged: 0 };
}
