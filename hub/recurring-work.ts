/** One thing to do again and again. */
export interface RecurringTask {
  everyMs: number;
  work: () => Promise<unknown>;
}

/** Does things again and again, each never twice at once. A failure is reported and the next round tries again. */
export class RecurringWork {
  readonly #tasks: RecurringTask[];
  readonly #report: (error: unknown) => void;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #inHand = new Map<RecurringTask, Promise<void>>();

  constructor(tasks: RecurringTask[], report: (error: unknown) => void) {
    this.#tasks = tasks;
    this.#report = report;
  }

  start(): void {
    for (const task of this.#tasks) this.#timers.push(setInterval(() => this.#do(task), task.everyMs));
  }

  /** Resolves when what is in hand is done. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all(this.#inHand.values());
  }

  #do(task: RecurringTask): void {
    if (this.#inHand.has(task)) return;
    const done = task
      .work()
      .then(() => {}, this.#report)
      .finally(() => this.#inHand.delete(task));
    this.#inHand.set(task, done);
  }
}
