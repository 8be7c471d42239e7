import type {
  CompanionList,
  CompanionQuery,
  FlowQuery,
  FlowRow,
  PlateList,
  PlateQuery,
  PresencePage,
  PresenceQuery,
  VisitPage,
  VisitQuery,
} from '../contract/log.ts';
import type { SubjectAddress } from './sighting-log.ts';

/** Visits of everybody, newest first. */
export interface VisitBook {
  /** `now`: UTC instant against which a stay is too long. Throws CURSOR_INVALID. */
  list(query: VisitQuery, now: string): Promise<VisitPage>;
}

/** Every plate that was ever agreed on. */
export interface PlateIndex {
  /** Last seen first. Throws PLATE_PATTERN_INVALID. */
  find(query: PlateQuery): Promise<PlateList>;
}

/** How many passed each gate, hour by hour, in time. */
export interface FlowTally {
  /** A gate that two sites have by the same name comes twice. */
  hours(query: Pick<FlowQuery, 'from' | 'to' | 'gate'>): Promise<FlowRow[]>;
}

/** Who and what was there, and who with whom. */
export interface PresenceLog {
  present(query: PresenceQuery): Promise<PresencePage>;
  companions(of: SubjectAddress, query: CompanionQuery): Promise<CompanionList>;
}
