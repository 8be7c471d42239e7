import type { SavedSetting, SettingsStore } from '../settings/settings-store.ts';
import type { HubKysely } from './hub-database.ts';
import { inTransaction } from './transaction.ts';

/** Every version of every setting, in the database. */
export class SqlSettingsStore implements SettingsStore {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async current(site: string, name: string): Promise<SavedSetting | undefined> {
    const row = await this.#db
      .selectFrom('setting')
      .selectAll()
      .where('site', '=', site)
      .where('name', '=', name)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (!row) return undefined;
    const { version, body, changed_by, changed_at } = row;
    return { version, value: JSON.parse(body), changedBy: changed_by, changedAt: changed_at };
  }

  save(site: string, name: string, { version, value, changedBy, changedAt }: SavedSetting): Promise<boolean> {
    return inTransaction(this.#db, async (transaction) => {
      const inserted = await transaction
        .insertInto('setting')
        .values({
          site,
          name,
          version,
          body: JSON.stringify(value),
          changed_by: changedBy,
          changed_at: changedAt,
        })
        .onConflict((conflict) => conflict.columns(['site', 'name', 'version']).doNothing())
        .executeTakeFirst();
      return inserted.numInsertedOrUpdatedRows === 1n;
    });
  }
}
