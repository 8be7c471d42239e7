import type { DeadLetterPage } from '../contract/api.ts';
import { HubError } from '../errors.ts';
import type { DeadLetterStore, NewDeadLetter } from '../ingest/dead-letter.ts';
import type { HubKysely } from './hub-database.ts';
import { inTransaction } from './transaction.ts';

/** How many dead letters are kept; older ones make room. */
const keptLetters = 1000;

/** Dead letters in the database. */
export class SqlDeadLetterStore implements DeadLetterStore {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  add({ receivedAt, topic, code, reason, bytes, excerpt }: NewDeadLetter): Promise<void> {
    return inTransaction(this.#db, async (transaction) => {
      const { id } = await transaction
        .insertInto('dead_letter')
        .values({
          received_at: receivedAt,
          topic: topic.slice(0, 300),
          code,
          reason: reason.slice(0, 1000),
          bytes,
          excerpt: Buffer.from(excerpt),
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      await transaction
        .deleteFrom('dead_letter')
        .where('id', '<=', id - keptLetters)
        .execute();
    });
  }

  async list(cursor: string | undefined, limit: number): Promise<DeadLetterPage> {
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : parseLetterCursor(cursor);
    const rows = await this.#db
      .selectFrom('dead_letter')
      .select(['id', 'received_at as receivedAt', 'topic', 'code', 'reason', 'bytes'])
      .where('id', '<', before)
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
    const items = rows.slice(0, limit);
    return rows.length > limit ? { items, nextCursor: String(items[items.length - 1].id) } : { items };
  }

  async count(): Promise<number> {
    const row = await this.#db
      .selectFrom('dead_letter')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return row.count;
  }
}

function parseLetterCursor(cursor: string): number {
  if (!/^\d{1,15}$/.test(cursor)) throw new HubError('CURSOR_INVALID');
  return Number(cursor);
}
