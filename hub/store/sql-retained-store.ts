import type { RetainedMessage, RetainedStore } from '../broker/retained-store.ts';
import type { HubKysely } from './hub-database.ts';
import { inTransaction } from './transaction.ts';

/** Retained messages in the database. */
export class SqlRetainedStore implements RetainedStore {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async put(topic: string, payload: Uint8Array): Promise<void> {
    await inTransaction(this.#db, async (transaction) => {
      await transaction.deleteFrom('retained_message').where('topic', '=', topic).execute();
      if (payload.byteLength === 0) return;
      await transaction
        .insertInto('retained_message')
        .values({ topic, payload: Buffer.from(payload) })
        .execute();
    });
  }

  all(): Promise<RetainedMessage[]> {
    return this.#db.selectFrom('retained_message').select(['topic', 'payload']).orderBy('topic').execute();
  }
}
