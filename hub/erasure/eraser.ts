import type { HeldFromErasure } from '../contract/api.ts';
import type { LoggedEvent } from '../event-log.ts';

/** Who is to be forgotten, as an eraser looks for them. */
export interface ToErase {
  erasure: string;
  site: string;
  /** Pseudonymous ids. */
  persons: string[];
  /** As they are read. */
  plates: string[];
  /** ISO 8601 UTC: what was seen up to then. Of a person also what came later loses the id. */
  until: string;
  /** ISO 8601 UTC. */
  at: string;
  /** The keyed digest of a batch of ids, for the certificate. */
  digest(ids: string[]): string;
}

/** What an eraser did, what it left because a hold keeps it, and the events that tell open pages. */
export interface EraserOutcome {
  /** Of anything, this time. */
  removed: number;
  held?: HeldFromErasure;
  events: LoggedEvent[];
}

/**
 * Forgets people in one part of what the hub keeps. Whatever part keeps subjects gives one to the desk. It removes in
 * short units of work, in each of which it also notes for the certificate what it removed (`noteRemoved` in the store),
 * and may be asked again at any time: after a restore, after a hold, when something late has come.
 */
export interface Eraser {
  /** What it goes through, as the certificate names it. */
  readonly kinds: readonly string[];
  erase(who: ToErase): Promise<EraserOutcome>;
}
