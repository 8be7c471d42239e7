import type { FlowCount, FlowRow } from '../contract/log.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The instant at which the hour of this instant begins. */
export function hourOf(at: string): string {
  return `${at.slice(0, 13)}:00:00.000Z`;
}

/**
 * Counts of hours and gates, of several sites perhaps, gathered by hour and gate, or by gate and day of a clock that is
 * this many whole hours ahead of UTC; in time, then by gate.
 */
export function gatherFlows(
  hours: readonly FlowRow[],
  by: 'hour' | 'day',
  utcOffsetHours: number,
): FlowRow[] {
  const rows = new Map<string, FlowRow>();
  for (const counted of hours) {
    const from = by === 'hour' ? counted.from : dayOf(counted.from, utcOffsetHours);
    const key = `${from}${counted.gate}`;
    const row = rows.get(key);
    rows.set(key, {
      from,
      gate: counted.gate,
      person: row ? sum(row.person, counted.person) : counted.person,
      vehicle: row ? sum(row.vehicle, counted.vehicle) : counted.vehicle,
    });
  }
  return [...rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** The UTC instant at which the local day of this hour begins. */
function dayOf(hour: string, utcOffsetHours: number): string {
  const offsetMs = utcOffsetHours * hourMs;
  const localDay = Math.floor((Date.parse(hour) + offsetMs) / dayMs);
  return new Date(localDay * dayMs - offsetMs).toISOString();
}

function sum(a: FlowCount, b: FlowCount): FlowCount {
  return {
    entry: a.entry + b.entry,
    exit: a.exit + b.exit,
    unknown: a.unknown + b.unknown,
    flagged: a.flagged + b.flagged,
  };
}
