import type { Sighting } from '../contract/sighting.ts';

/** A sighting that waits to be sent. */
export interface WaitingItem {
  sighting: string;
  kind: Sighting['kind'];
  /** How often it was sent without an answer of its own. */
  attempts: number;
}

/** How many wait, and how they ended that did not. */
export interface QueueCounts {
  waiting: number;
  sent: number;
  refused: number;
}

/**
 * What waits for the platform, durable: a sighting gets in with its own commit and leaves only when the platform has
 * answered for it, so a crash between the two sends twice, never zero times.
 */
export interface ViidQueue {
  /** Oldest first. */
  due(at: string, kinds: Sighting['kind'][], limit: number): Promise<WaitingItem[]>;
  markSent(sightings: string[], at: string): Promise<void>;
  markRefused(sighting: string, at: string): Promise<void>;
  /** Sent without an answer: once more from then on. */
  postpone(sightings: string[], until: string): Promise<void>;
  /** Forgets what can no longer be sent. */
  drop(sightings: string[]): Promise<void>;
  /** Forgets what waits of other kinds than these; returns how many. */
  keepOnly(kinds: Sighting['kind'][]): Promise<number>;
  /** Forgets what was sent or refused before. */
  prune(before: string): Promise<void>;
  counts(): Promise<QueueCounts>;
}
