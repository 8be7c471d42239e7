import type { AuditAction, AuditPage, AuditQuery } from '../contract/api.ts';

/** One fact for the trail: who did what to whom, from where. */
export interface AuditFact {
  /** ISO 8601 UTC. */
  at: string;
  action: AuditAction;
  /** Absent when a log-in failed for a username that nobody has. */
  actor?: { id: string; displayName: string };
  /** What it was done to: an alert, a person, a subject, a gate. */
  target?: string;
  /** Network address of the client. */
  address: string;
  details?: Record<string, unknown>;
}

/**
 * Keeps who looked at people, changed rules or dealt with alerts. Nothing in the hub changes or removes an entry.
 * What must be audited is recorded before it is answered: when the trail cannot be written, the answer is refused.
 */
export interface AuditTrail {
  record(fact: AuditFact): Promise<void>;
  /** Newest first. */
  page(query: AuditQuery): Promise<AuditPage>;
}
