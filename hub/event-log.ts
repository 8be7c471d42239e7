import type { StreamEvent } from './contract/api.ts';

/** A stream event with the id under which it was committed. */
export interface LoggedEvent {
  /** Rises with every commit, never reused; the `Last-Event-ID` of the live stream. */
  id: number;
  event: StreamEvent;
}

/** What a client missed; `reset` when that is no longer kept, or its id is from another database. */
export type Replay =
  | { kind: 'events'; events: LoggedEvent[]; more: boolean }
  | { kind: 'reset'; lastId: number };

/**
 * The committed events, for replay to tablets that come back. Every event carries the whole state of its thing, so
 * the log keeps only the newest event of each alert, sighting, box and the roster, and only the newest ids.
 */
export interface EventLog {
  /** Events with a higher id than `id`, oldest first, at most `limit`. */
  after(id: number, limit: number): Promise<Replay>;
  /** The newest committed id, 0 when there is none: where a client without `Last-Event-ID` starts. */
  lastId(): Promise<number>;
}

/** Hands committed events to whoever listens. Called after the commit and never fails: a listener that missed one replays. */
export interface Announcer {
  announce(events: LoggedEvent[]): void;
}
