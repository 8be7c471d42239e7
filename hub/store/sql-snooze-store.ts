import type { SnoozeStore } from '../alerts/snooze-store.ts';
import { type Snooze, snooze as snoozeSchema } from '../contract/alerting.ts';
import type { HubKysely } from './hub-database.ts';

/** Snoozes in the database. */
export class SqlSnoozeStore implements SnoozeStore {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async endingAfter(site: string, at: string): Promise<Snooze[]> {
    const rows = await this.#db
      .selectFrom('snooze')
      .select('body')
      .where('site', '=', site)
      .where('until_at', '>', at)
      .orderBy('id', 'desc')
      .limit(500)
      .execute();
    return rows.map(({ body }) => snoozeSchema.parse(JSON.parse(body)));
  }

  async save(site: string, snooze: Snooze): Promise<void> {
    const row = { until_at: snooze.until, body: JSON.stringify(snooze) };
    await this.#db
      .insertInto('snooze')
      .values({ id: snooze.id, site, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute();
  }
}
