import type { SightingPage, SightingQuery, Trajectory, TrajectoryEntry } from '../contract/api.ts';

/**
 * The trajectory log, to read. Newest first by lens time; a cursor names the last row given, so that pages neither
 * skip nor repeat rows when new sightings come in.
 */
export interface SightingLog {
  /** Throws PLATE_PATTERN_INVALID or CURSOR_INVALID. */
  search(query: SightingQuery): Promise<SightingPage>;
  get(id: string): Promise<TrajectoryEntry | undefined>;
  /** Undefined when nothing was seen of this subject (a plate, or a person's pseudonymous id). */
  trajectory(subject: string, cursor: string | undefined, limit: number): Promise<Trajectory | undefined>;
}
