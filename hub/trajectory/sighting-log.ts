import type { GateScope } from '../accounts/scope.ts';
import type {
  SightingPage,
  SightingQuery,
  Trajectory,
  TrajectoryEntry,
  TrajectoryQuery,
} from '../contract/api.ts';

/** A subject on a site: a plate, or any of the pseudonymous ids by which boxes know a person. */
export interface SubjectAddress {
  site: string;
  subject: string;
}

/**
 * The trajectory log, to read. Newest first by lens time; a cursor names the last row given, so that pages neither
 * skip nor repeat rows when new sightings come in. What lies at gates outside of the scope is left out as if it were not.
 */
export interface SightingLog {
  /** Throws PLATE_PATTERN_INVALID or CURSOR_INVALID. */
  search(query: SightingQuery, scope: GateScope): Promise<SightingPage>;
  get(id: string, scope: GateScope): Promise<TrajectoryEntry | undefined>;
  /** Under all names of the subject; undefined when nothing was ever seen of it. */
  trajectory(of: SubjectAddress, query: TrajectoryQuery, scope: GateScope): Promise<Trajectory | undefined>;
}
