import type { LegalHold, LegalHoldQuery } from '../contract/keeping.ts';

/** How a hold ends: by a person with a reason, or because its time is over. */
export type HoldEnd = NonNullable<LegalHold['ended']>;

/** Keeps which incidents are under hold. What a hold covers is read from them at the moment of each removal. */
export interface HoldStore {
  /** Undefined when there is no such alert or sighting. */
  place(hold: LegalHold): Promise<LegalHold | undefined>;
  /** Ends one that has not ended; the hold as it is then, undefined when there is none. */
  end(id: string, end: HoldEnd): Promise<LegalHold | undefined>;
  /** Ends all whose time is over. */
  endBefore(instant: string): Promise<number>;
  get(id: string): Promise<LegalHold | undefined>;
  /** Newest first. */
  list(site: string, query: LegalHoldQuery): Promise<LegalHold[]>;
}
