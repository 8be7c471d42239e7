import { type PolicyProposal, policyProposal } from '../contract/api.ts';
import { type Policy, policy as policySchema } from '../contract/policy.ts';
import type { PolicyStore, PolicyVersion } from '../policy/policy-store.ts';
import type { HubKysely, HubTransaction } from './hub-database.ts';
import { inTransaction } from './transaction.ts';

/** Every version of every site's policy, and what is proposed, in the database. */
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
    return inTransaction(this.#db, (transaction) => insertVersion(transaction, policy, changedBy, at));
  }

  async versions(site: string, before: number, limit: number): Promise<PolicyVersion[]> {
    const rows = await this.#db
      .selectFrom('policy')
      .leftJoin('person as changer', 'changer.id', 'policy.changed_by')
      .leftJoin('person as confirmer', 'confirmer.id', 'policy.confirmed_by')
      .select(['policy.body', 'policy.changed_at', 'policy.changed_by', 'policy.confirmed_by'])
      .select(['changer.display_name as changer_name', 'confirmer.display_name as confirmer_name'])
      .where('policy.site', '=', site)
      .where('policy.version', '<', before)
      .orderBy('policy.version', 'desc')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      policy: policySchema.parse(JSON.parse(row.body)),
      at: row.changed_at,
      by: row.changer_name ?? row.changed_by,
      confirmedBy: row.confirmer_name ?? row.confirmed_by ?? undefined,
    }));
  }

  async addProposal(site: string, proposal: PolicyProposal): Promise<void> {
    const { id, state, proposedAt } = proposal;
    await inTransaction(this.#db, (transaction) =>
      transaction
        .insertInto('policy_proposal')
        .values({ id, site, state, proposed_at: proposedAt, body: JSON.stringify(proposal) })
        .execute(),
    );
  }

  async findProposal(site: string, id: string): Promise<PolicyProposal | undefined> {
    const row = await this.#db
      .selectFrom('policy_proposal')
      .select('body')
      .where('site', '=', site)
      .where('id', '=', id)
      .executeTakeFirst();
    return row && readProposal(row);
  }

  async listProposals(site: string, limit: number): Promise<PolicyProposal[]> {
    const rows = await this.#db
      .selectFrom('policy_proposal')
      .select('body')
      .where('site', '=', site)
      .orderBy('proposed_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(readProposal);
  }

  decide(site: string, proposal: PolicyProposal): Promise<boolean> {
    return inTransaction(this.#db, (transaction) => decideOpen(transaction, site, proposal));
  }

  confirm(
    site: string,
    proposal: PolicyProposal,
    policy: Policy,
  ): Promise<'confirmed' | 'decided' | 'conflict'> {
    return inTransaction(this.#db, async (transaction) => {
      const { proposedBy, decidedBy, decidedAt = '' } = proposal;
      const open = await transaction
        .selectFrom('policy_proposal')
        .select('id')
        .where('site', '=', site)
        .where('id', '=', proposal.id)
        .where('state', '=', 'open')
        .executeTakeFirst();
      if (!open) return 'decided';
      if (!(await insertVersion(transaction, policy, proposedBy.id, decidedAt, decidedBy?.id))) {
        return 'conflict';
      }
      await decideOpen(transaction, site, proposal);
      return 'confirmed';
    });
  }
}

async function insertVersion(
  transaction: HubTransaction,
  policy: Policy,
  changedBy: string,
  at: string,
  confirmedBy?: string,
): Promise<boolean> {
  const { site, version } = policy;
  const inserted = await transaction
    .insertInto('policy')
    .values({
      site,
      version,
      body: JSON.stringify(policy),
      changed_by: changedBy,
      changed_at: at,
      confirmed_by: confirmedBy ?? null,
    })
    .onConflict((conflict) => conflict.columns(['site', 'version']).doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n;
}

async function decideOpen(
  transaction: HubTransaction,
  site: string,
  proposal: PolicyProposal,
): Promise<boolean> {
  const result = await transaction
    .updateTable('policy_proposal')
    .set({ state: proposal.state, body: JSON.stringify(proposal) })
    .where('site', '=', site)
    .where('id', '=', proposal.id)
    .where('state', '=', 'open')
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

function readProposal({ body }: { body: string }): PolicyProposal {
  return policyProposal.parse(JSON.parse(body));
}
