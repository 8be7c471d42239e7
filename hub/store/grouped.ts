/** One thing that waits for its group. */
interface Waiting<T, R> {
  item: T;
  resolve(result: R): void;
  reject(error: unknown): void;
}

/**
 * Does together what comes together, so that a flush of the disk is paid once for all of it: while one group is in
 * hand, the next one gathers. Nobody waits for a timer; alone, an item is a group of one.
 */
export class Grouped<T, R> {
  readonly #work: (items: T[]) => Promise<PromiseSettledResult<R>[]>;
  readonly #atMost: number;
  readonly #waiting: Waiting<T, R>[] = [];
  #inHand: Promise<void> | undefined;

  /** `work` gives a result for each item, in their order; when it rejects, every item of the group does. */
  constructor(work: (items: T[]) => Promise<PromiseSettledResult<R>[]>, atMost: number) {
    this.#work = work;
    this.#atMost = atMost;
  }

  add(item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#inHand ??= this.#doAll();
    });
  }

  /** Resolves when nothing is in hand. */
  async settled(): Promise<void> {
    await this.#inHand;
  }

  async #doAll(): Promise<void> {
    while (this.#waiting.length > 0) await this.#do(this.#waiting.splice(0, this.#atMost));
    // In the same turn as the look at the queue: whoever comes now starts anew.
    this.#inHand = undefined;
  }

  async #do(group: Waiting<T, R>[]): Promise<void> {
    try {
      const results = await this.#work(group.map(({ item }) => item));
      for (const [at, { resolve, reject }] of group.entries()) {
        const result = results[at];
        if (result.status === 'fulfilled') resolve(result.value);
        else reject(result.reason);
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}
