import type { Receipt, Sighting } from '../../hub/contract/sighting.ts';

/** One thing waiting for the hub's receipt, in the order it must be sent. */
export type OutboxItem =
  | { sequence: number; kind: 'evidence'; id: string; payload: Buffer }
  | { sequence: number; kind: 'sighting'; id: string; revision: number; payload: Buffer };

/** What waits, for health. */
export interface OutboxDepth {
  sightings: number;
  evidence: number;
  bytes: number;
  oldestAt: number | undefined;
  refused: number;
}

/** Sightings and evidence, durable until the hub's receipt. */
export interface Outbox {
  /** Durable when it returns: the pictures and the revision that names them, in one transaction, pictures first. */
  put(sighting: Sighting, pictures: { id: string; jpeg: Buffer }[], now: number): void;
  /** The oldest items after `sequence`, at most `limit`. */
  next(sequence: number, limit: number): OutboxItem[];
  /** Deletes what the receipt names, keeps what it refuses apart and visible. */
  settle(receipt: Receipt, now: number): void;
  depth(): OutboxDepth;
  close(): void;
}
