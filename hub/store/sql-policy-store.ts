import { type Policy, policy as policySchema } from '../contract/policy.ts';
import type { PolicyStore } from '../policy/policy-store.ts';
import type { HubKysely } from './hub-database.ts';
import { inTransaction } from './transaction.ts';

/** Every version of every site's policy, in the database. */
export class SqlPolicyStore implements PolicyStore {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async current(site: string): Promise<Policy | undefined> {
    const row = await this.#db
      .selectFrom('policy')
      .select('body')
      .where('site', '=', site)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row && policySchema.parse(JSON.parse(row.body));
  }

  async version(site: string, version: number): Promise<Policy | undefined> {
    const row = await this.#db
      .selectFrom('policy')
      .select('body')
      .where('site', '=', site)
      .where('version', '=', version)
      .executeTakeFirst();
    return row && policySchema.parse(JSON.parse(row.body));
  }

  save(policy: Policy, changedBy: string, at: string): Promise<boolean> {
    const { site, version } = policy;
    return inTransaction(this.#db, async (transaction) => {
      const inserted = await transaction
        .insertInto('policy')
        .values({ site, version, body: JSON.stringify(policy), changed_by: changedBy, changed_at: at })
        .onConflict((conflict) => conflict.columns(['site', 'version']).doNothing())
        .executeTakeFirst();
      return inserted.numInsertedOrUpdatedRows === 1n;
    });
  }
}
