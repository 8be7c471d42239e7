import { toInstant } from '../clock.ts';
import type { PlannedGap, PlannedShift, RosterSettings } from '../contract/roster.ts';
import { hoursOn, type Span } from './planned-shifts.ts';
import { daysAfter, wallTimeAt, weekdayOf } from './zoned-time.ts';

/** What must be staffed. */
export interface Coverage {
  settings: Pick<RosterSettings, 'timeZone' | 'staffed'>;
  /** Gates that somebody is planned for on any day: without hours of their own they are staffed around the clock. */
  plannedGates: string[];
}

/** Where and when nobody is planned although somebody must be, by gate and time. */
export function findGaps(coverage: Coverage, shifts: PlannedShift[], span: Span): PlannedGap[] {
  return gatesOf(coverage).flatMap((gate) => {
    const planned = shifts
      .filter((shift) => shift.role === 'guard' && shift.gates.includes(gate))
      .map(({ from, until }) => ({ from: Date.parse(from), until: Date.parse(until) }));
    return without(staffedSpans(gate, coverage, span), planned).map(({ from, until }) => ({
      gate,
      from: toInstant(from),
      until: toInstant(until),
    }));
  });
}

/** Gates that must be staffed at this instant (ms since the epoch). */
export function staffedGatesAt(coverage: Coverage, at: number): string[] {
  return gatesOf(coverage).filter(
    (gate) => staffedSpans(gate, coverage, { from: at, until: at + 1 }).length > 0,
  );
}

function gatesOf({ settings, plannedGates }: Coverage): string[] {
  return [...new Set([...settings.staffed.map(({ gate }) => gate), ...plannedGates])].sort();
}

function staffedSpans(gate: string, { settings }: Coverage, span: Span): Span[] {
  const { timeZone, staffed } = settings;
  const hours = staffed.filter((entry) => entry.gate === gate);
  if (hours.length === 0) return [span];
  const spans: Span[] = [];
  const last = wallTimeAt(span.until, timeZone).day;
  for (let day = daysAfter(wallTimeAt(span.from, timeZone).day, -1); day <= last; day = daysAfter(day, 1)) {
    for (const { weekdays, startsAt, endsAt } of hours) {
      if (weekdays.includes(weekdayOf(day))) spans.push(hoursOn(day, startsAt, endsAt, timeZone));
    }
  }
  return joined(spans.map((part) => cut(part, span)).filter(({ from, until }) => from < until));
}

function cut({ from, until }: Span, span: Span): Span {
  return { from: Math.max(from, span.from), until: Math.min(until, span.until) };
}

/** Spans that touch or overlap made one, in order. */
function joined(spans: Span[]): Span[] {
  const result: Span[] = [];
  for (const { from, until } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && from <= last.until) last.until = Math.max(last.until, until);
    else result.push({ from, until });
  }
  return result;
}

/** What remains of spans when others are taken away. */
function without(spans: Span[], taken: Span[]): Span[] {
  return joined(taken).reduce(
    (rest, { from, until }) =>
      rest.flatMap((span) =>
        [
          { from: span.from, until: Math.min(span.until, from) },
          { from: Math.max(span.from, until), until: span.until },
        ].filter((part) => part.from < part.until),
      ),
    joined(spans),
  );
}
