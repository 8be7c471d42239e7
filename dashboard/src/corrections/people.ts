import type { TrajectoryEntry } from '../../../hub/contract/api.ts';

/** A person as the log last saw them. */
export interface SeenPerson {
  subject: string;
  /** The newest sighting with a face, else the newest. */
  entry: TrajectoryEntry;
  lastSeenAt: string;
  /** Among the sightings looked through. */
  sightings: number;
}

/** The people in a part of the log, whoever was seen last first; `except` are names of the person one looks at. */
export function peopleIn(entries: readonly TrajectoryEntry[], except: readonly string[]): SeenPerson[] {
  const people = new Map<string, SeenPerson>();
  for (const entry of entries) {
    const { subject, occurredAt } = entry;
    if (entry.kind !== 'person' || subject === undefined || except.includes(subject)) continue;
    const known = people.get(subject);
    if (!known) people.set(subject, { subject, entry, lastSeenAt: occurredAt, sightings: 1 });
    else
      people.set(subject, {
        ...known,
        entry: hasFace(known.entry) || !hasFace(entry) ? known.entry : entry,
        sightings: known.sightings + 1,
      });
  }
  return [...people.values()];
}

/** Those whose code or id begins as typed; everybody when nothing is. */
export function peopleMatching(people: readonly SeenPerson[], typed: string): SeenPerson[] {
  const wanted = typed.trim().toLowerCase();
  return people.filter(({ subject }) => subject.toLowerCase().startsWith(wanted));
}

/** A whole id, to be looked up although it is not among the recent. */
export function wholeId(typed: string): string | undefined {
  const wanted = typed.trim().toLowerCase();
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(wanted) ? wanted : undefined;
}

function hasFace({ evidence }: TrajectoryEntry): boolean {
  return evidence.some(({ role }) => role === 'face');
}
