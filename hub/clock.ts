/** Where the hub takes the time from; tests hand in one that they move. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** A `now` as the contract writes instants: UTC, ISO 8601 with milliseconds. */
export function toInstant(now: number): string {
  return new Date(now).toISOString();
}
