import type { TrajectoryEntry } from '../../../hub/contract/api.ts';
import { localDay } from '../i18n/times.ts';

/** The sightings of one day, newest first. */
interface TimelineDay<Entry> {
  /** `2026-03-01`, local. */
  day: string;
  entries: Entry[];
}

/** Sightings, newest first, in days. */
export function groupByDay<Entry extends TrajectoryEntry>(entries: readonly Entry[]): TimelineDay<Entry>[] {
  const days: TimelineDay<Entry>[] = [];
  for (const entry of entries) {
    const day = localDay(entry.occurredAt);
    const last = days.at(-1);
    if (last?.day === day) last.entries.push(entry);
    else days.push({ day, entries: [entry] });
  }
  return days;
}
