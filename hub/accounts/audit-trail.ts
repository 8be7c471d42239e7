import type { AuditAction, AuditPage, AuditQuery } from '../contract/api.ts';
import type { ChainLink, ChainProof } from './audit-chain.ts';

/** One fact for the trail: who did what to whom, from where. */
export interface AuditFact {
  /** ISO 8601 UTC. */
  at: string;
  action: AuditAction;
  /** Absent when a log-in failed for a username that nobody has, and for what was done on the hub's own machine. */
  actor?: { id: string; displayName: string };
  /** What it was done to: an alert, a person, a subject, a gate. */
  target?: string;
  /** Network address of the client, or `command line`. */
  address: string;
  details?: Record<string, unknown>;
}

/** How often the log-in of a person failed since it last went well. */
export interface FailedLogIns {
  person: string;
  count: number;
  /** ISO 8601 UTC. */
  lastAt: string;
}

/**
 * Keeps who looked at people, changed rules or dealt with alerts. The database refuses to change or remove an entry,
 * and each entry carries a hash over itself and the one before it, so that what is done to the file shows.
 * What must be audited is recorded before it is answered: when the trail cannot be written, the answer is refused.
 */
export interface AuditTrail {
  record(fact: AuditFact): Promise<void>;
  /** Newest first. */
  page(query: AuditQuery): Promise<AuditPage>;
  /** Failures from this instant on that neither a log-in nor an admin has forgiven. */
  failedLogInsSince(at: string): Promise<FailedLogIns[]>;
  /** The newest place in the chain. */
  head(): Promise<ChainLink>;
  /** Walks the whole chain; needs little memory however long it is. Throws AUDIT_PLACE_RETIRED. */
  prove(expected?: ChainLink): Promise<ChainProof>;
}
