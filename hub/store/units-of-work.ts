import type { Kysely, Transaction } from 'kysely';
import { HubError } from '../errors.ts';
import { isStorageFull, type SharedCommits } from './sqlite.ts';

/** How many units of work share a transaction at most: the others of the hub wait for its end. */
const largestGroup = 256;

interface Unit<D> {
  work: (transaction: Transaction<D>) => Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/**
 * Units of work that came together, committed together, and flushed to the disk while the next ones are committed: the
 * flush costs more than what is written. Each resolves only after a flush that began after its commit. When one of a
 * group fails, nothing of the group was done, and each is done again in a transaction of its own, so that it fails
 * alone: work must not mind being begun twice.
 */
export class UnitsOfWork<D> {
  readonly #database: Kysely<D>;
  readonly #commits: SharedCommits;
  #waiting: Unit<D>[] = [];
  #isScheduled = false;

  constructor(database: Kysely<D>, commits: SharedCommits) {
    this.#database = database;
    this.#commits = commits;
  }

  /** All of it is on the disk when this resolves, or none of it. In the order of the calls. Throws STORAGE_FULL. */
  run<T>(work: (transaction: Transaction<D>) => Promise<T>): Promise<T> {
    const done = new Promise<T>((resolve, reject) => {
      this.#waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
    });
    this.#schedule();
    return done;
  }

  /** After everything that has arrived by now was read: that is what can share a commit. */
  #schedule(): void {
    if (this.#isScheduled || this.#waiting.length === 0) return;
    this.#isScheduled = true;
    setImmediate(async () => {
      await this.#commit(this.#waiting.splice(0, largestGroup));
      this.#isScheduled = false;
      this.#schedule();
    });
  }

  /** Never rejects: its units do. */
  async #commit(units: Unit<D>[]): Promise<void> {
    const results: unknown[] = [];
    try {
      await this.#database.connection().execute((connection) =>
        this.#commits.unflushed(() =>
          connection.transaction().execute(async (transaction) => {
            for (const { work } of units) results.push(await work(transaction));
          }),
        ),
      );
    } catch (error) {
      if (units.length === 1) return units[0].reject(foreseen(error));
      for (const unit of units) await this.#commit([unit]);
      return;
    }
    this.#commits.flush().then(
      () => {
        for (const [at, { resolve }] of units.entries()) resolve(results[at]);
      },
      (error) => {
        for (const { reject } of units) reject(foreseen(error));
      },
    );
  }
}

function foreseen(error: unknown): unknown {
  return isStorageFull(error) ? new HubError('STORAGE_FULL', undefined, { cause: error }) : error;
}
