import type { GateScope } from '../accounts/scope.ts';
import type {
  CompanionList,
  CompanionQuery,
  FlowQuery,
  FlowRow,
  InsideCounts,
  InsideQuery,
  PlateList,
  PlateQuery,
  PresencePage,
  PresenceQuery,
  VisitPage,
  VisitQuery,
} from '../contract/log.ts';
import type { SubjectAddress } from './sighting-log.ts';

/** Visits of everybody, newest first. A visit is within a scope when a gate of it is. */
export interface VisitBook {
  /** `now`: UTC instant against which a stay is too long. Throws CURSOR_INVALID. */
  list(query: VisitQuery, now: string, scope: GateScope): Promise<VisitPage>;
  /** How many are in now, by gate of entry. */
  inside(query: InsideQuery, now: string, scope: GateScope): Promise<InsideCounts>;
}

/** Every plate that was ever agreed on. */
export interface PlateIndex {
  /** Last seen first. Throws PLATE_PATTERN_INVALID. */
  find(query: PlateQuery): Promise<PlateList>;
}

/** How many passed each gate, hour by hour, in time. */
export interface FlowTally {
  /** A gate that two sites have by the same name comes twice. */
  hours(query: Pick<FlowQuery, 'from' | 'to' | 'gate'>, scope: GateScope): Promise<FlowRow[]>;
}

/** Who and what was there, and who with whom, as far as the gates of a scope have seen it. */
export interface PresenceLog {
  present(query: PresenceQuery, scope: GateScope): Promise<PresencePage>;
  companions(of: SubjectAddress, query: CompanionQuery, scope: GateScope): Promise<CompanionList>;
}
