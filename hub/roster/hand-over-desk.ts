import { type Clock, toInstant } from '../clock.ts';
import { newId } from '../contract/ids.ts';
import type { HandOver } from '../contract/roster.ts';
import type { HandOverStore } from './roster-store.ts';

/** Where a guard leaves a note for the next one, with what is not dealt with yet. */
export class HandOverDesk {
  readonly #store: HandOverStore;
  readonly #clock: Clock;

  constructor(store: HandOverStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async leave(gate: string, by: { id: string; displayName: string }, text: string): Promise<HandOver> {
    const now = this.#clock.now();
    const note: HandOver = {
      id: newId(now),
      gate,
      at: toInstant(now),
      by: { id: by.id, displayName: by.displayName },
      text,
      openAlerts: await this.#store.unfinished(gate),
    };
    await this.#store.add(note);
    return note;
  }

  /** Newest first. */
  list(gate: string, limit: number): Promise<HandOver[]> {
    return this.#store.list(gate, limit);
  }
}
