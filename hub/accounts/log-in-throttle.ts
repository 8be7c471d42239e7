/** Wrong passwords before waiting begins: few for one account, more for one address (a gate's tablets share it). */
const freeFailures = { account: 5, address: 25 } as const;
/** A failure is forgotten after this many milliseconds without another. */
export const failureMemoryMs = 60 * 60_000;
const firstWaitMs = 15_000;
const longestWaitMs = 15 * 60_000;
/** Beyond this many accounts and addresses the oldest is forgotten, so that guessing cannot fill the memory. */
const maxKeys = 10_000;

interface Failures {
  count: number;
  lastAt: number;
}

/**
 * Slows down guessing, per account and per address: after a few failures each further one doubles the wait, from 15 s
 * to 15 min. An attempt counts as a failure from the moment it is admitted, so that attempts in parallel gain nothing.
 */
export class LogInThrottle {
  readonly #failures = new Map<string, Failures>();

  /** Seconds to wait before the next attempt, 0 when this one is admitted (and counted). `now` in ms. */
  admit(username: string, address: string, now: number): number {
    const account = `account ${username}`;
    const from = `address ${address}`;
    const waitMs = Math.max(
      this.#waitMs(account, freeFailures.account, now),
      this.#waitMs(from, freeFailures.address, now),
    );
    if (waitMs > 0) return Math.ceil(waitMs / 1000);
    this.#count(account, now);
    this.#count(from, now);
    return 0;
  }

  /** The password was right: the account starts afresh, and the address gets this attempt back. */
  forgive(username: string, address: string): void {
    this.#failures.delete(`account ${username}`);
    const from = this.#failures.get(`address ${address}`);
    if (from) from.count -= 1;
  }

  /** The attempt was neither right nor wrong: it does not count. */
  giveBack(username: string, address: string): void {
    for (const key of [`account ${username}`, `address ${address}`]) {
      const failures = this.#failures.get(key);
      if (failures) failures.count -= 1;
    }
  }

  /** An admin vouches for the account. */
  forgiveAccount(username: string): void {
    this.#failures.delete(`account ${username}`);
  }

  /** What an account had failed before a restart. `lastAt` in ms. */
  recall(username: string, count: number, lastAt: number): void {
    this.#failures.set(`account ${username}`, { count, lastAt });
  }

  #waitMs(key: string, free: number, now: number): number {
    const failures = this.#failures.get(key);
    if (!failures || now - failures.lastAt >= failureMemoryMs) return 0;
    const beyond = failures.count - free;
    if (beyond < 0) return 0;
    const waitMs = Math.min(firstWaitMs * 2 ** beyond, longestWaitMs);
    return Math.max(0, failures.lastAt + waitMs - now);
  }

  #count(key: string, now: number): void {
    const known = this.#failures.get(key);
    const count = known && now - known.lastAt < failureMemoryMs ? known.count + 1 : 1;
    this.#failures.delete(key);
    this.#failures.set(key, { count, lastAt: now });
    if (this.#failures.size <= maxKeys) return;
    const [oldest] = this.#failures.keys();
    this.#failures.delete(oldest);
  }
}
