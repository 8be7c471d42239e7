/** What of a sighting the derived tables depend on. */
export interface SightingFacts {
  id: string;
  site: string;
  gate: string;
  kind: string;
  subject: string | null;
  direction: string;
  occurredAt: string;
  isFlagged: boolean;
}

/** Nothing that is derived changes with this revision. */
export function isSameToDerive(before: SightingFacts, after: SightingFacts): boolean {
  return (
    before.subject === after.subject &&
    before.direction === after.direction &&
    before.gate === after.gate &&
    before.occurredAt === after.occurredAt &&
    before.isFlagged === after.isFlagged
  );
}
