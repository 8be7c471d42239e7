import type { GateScope } from '../accounts/scope.ts';
import type { SightingPage, SightingQuery, Trajectory, TrajectoryEntry } from '../contract/api.ts';

/**
 * The trajectory log, to read. Newest first by lens time; a cursor names the last row given, so that pages neither
 * skip nor repeat rows when new sightings come in. What lies at gates outside of the scope is left out as if it were not.
 */
export interface SightingLog {
  /** Throws PLATE_PATTERN_INVALID or CURSOR_INVALID. */
  search(query: SightingQuery, scope: GateScope): Promise<SightingPage>;
  get(id: string, scope: GateScope): Promise<TrajectoryEntry | undefined>;
  /** Undefined when nothing was seen of this subject (a plate, or a person's pseudonymous id). */
  trajectory(
    subject: string,
    cursor: string | undefined,
    limit: number,
    scope: GateScope,
  ): Promise<Trajectory | undefined>;
}
