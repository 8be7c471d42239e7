import type { RetentionCount, RetentionKind, RetentionRun, RetentionSettings } from '../contract/keeping.ts';
import type { AgingKind } from './retention-rules.ts';

/** One batch of removals: how many of what was asked for, and the ages of the first and the last. */
export interface RemovedBatch {
  count: number;
  oldest?: string;
  newest?: string;
}

/** Keeps the settings, and removes in short units of work what they no longer allow. Held things stay. */
export interface RetentionStore {
  /** The newest settings; undefined when nobody has decided, not even the first start. */
  settings(site: string): Promise<{ version: number; settings: RetentionSettings } | undefined>;
  /** Throws RETENTION_CONFLICT when `basedOn` is not the newest version. */
  saveSettings(
    site: string,
    settings: RetentionSettings,
    change: { by: string; at: string; basedOn?: number },
  ): Promise<number>;
  /** Removes the oldest of a kind from before this instant, at most so many, files included. */
  removeBatch(kind: AgingKind, before: string, atMost: number): Promise<RemovedBatch>;
  /** What `removeBatch` would remove in all, and what holds keep. */
  due(kind: AgingKind, before: string): Promise<RetentionCount>;
  /** Removes the oldest pictures that no hold keeps, at most so many and no more than so many bytes at the least. */
  removeOldestPictures(bytes: number, atMost: number): Promise<RemovedBatch & { bytes: number }>;
  /** How many there are that no bound touches. */
  heldPictures(): Promise<number>;
  record(run: Omit<RetentionRun, 'id'>): Promise<void>;
  /** Newest first. */
  runs(atMost: number): Promise<RetentionRun[]>;
}

/** What a run has removed of a kind so far. */
export function addBatch(total: RetentionCount, { count, oldest, newest }: RemovedBatch): RetentionCount {
  if (count === 0) return total;
  return { ...total, count: total.count + count, oldest: total.oldest ?? oldest, newest };
}

/** Nothing of a kind yet. */
export function noneOf(kind: RetentionKind, held: number): RetentionCount {
  return { kind, count: 0, held };
}
