import { sql } from 'kysely';
import type { Eraser, EraserOutcome, ToErase } from '../erasure/eraser.ts';
import type { HubKysely } from './hub-database.ts';
import { noteRemoved } from './sql-erasure-store.ts';
import { inTransaction } from './transaction.ts';

/** Forgets subjects in what was not to ring: a snooze of somebody goes, also one that is over. */
export class SqlSnoozeEraser implements Eraser {
  readonly kinds = ['snoozes'];
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async erase(who: ToErase): Promise<EraserOutcome> {
    const names = [...who.persons, ...who.plates];
    const removed = await inTransaction(this.#db, async (transaction) => {
      if (names.length === 0) return 0;
      const gone = await transaction
        .deleteFrom('snooze')
        .where('site', '=', who.site)
        .where(sql<string>`body ->> 'subject'`, 'in', names)
        .returning('id')
        .execute();
      const ids = gone.map(({ id }) => id);
      await noteRemoved(transaction, who, 'snoozes', ids);
      return ids.length;
    });
    // Its page is still whole in the log until this.
    if (removed > 0) await sql`pragma wal_checkpoint(truncate)`.execute(this.#db);
    return { removed, events: [] };
  }
}
