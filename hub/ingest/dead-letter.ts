import type { DeadLetterPage } from '../contract/api.ts';
import type { HubErrorCode } from '../errors.ts';

/** A message that was refused for good. */
export interface NewDeadLetter {
  receivedAt: string;
  topic: string;
  code: HubErrorCode;
  /** Which field, and what was expected; never the value that was found. */
  reason: string;
  /** Of the whole payload. */
  bytes: number;
  /** The beginning of a payload that is text; empty for pictures, which are not kept where nobody looks after them. */
  excerpt: Uint8Array;
}

/** Keeps the newest dead letters, so that someone can see why a box is not understood. */
export interface DeadLetterStore {
  add(letter: NewDeadLetter): Promise<void>;
  /** Newest first. Throws CURSOR_INVALID. */
  list(cursor: string | undefined, limit: number): Promise<DeadLetterPage>;
  count(): Promise<number>;
}
