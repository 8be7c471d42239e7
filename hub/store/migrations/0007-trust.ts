import { type Kysely, sql } from 'kysely';
import { type ChainedEntry, chainHash, chainStart } from '../../accounts/audit-chain.ts';

/** The chain of the audit trail, second factors, gates of people, devices, and rules that two people switch on. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await chainAudit(db);
  await refuseChangesOfAudit(db);
  await extendAccounts(db);
  await addDevices(db);
  await addProposals(db);
  await listWatchedProvinces(db);
}

/** How many entries are read at once while the chain is made. */
const batch = 1000;

async function chainAudit(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('audit').addColumn('hash', 'text').execute();
  // A checkpoint stands for the entries before it, once they were proven and their time was over.
  await db.schema
    .createTable('audit_checkpoint')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .execute();

  let { id, hash } = chainStart;
  for (;;) {
    const { rows } = await sql<Omit<ChainedEntry, 'hash'>>`
      select id, at, action, actor, actor_name as "actorName", target, address, details
      from audit where id > ${id} order by id limit ${batch}`.execute(db);
    for (const row of rows) {
      hash = chainHash(hash, row);
      id = row.id;
      await sql`update audit set hash = ${hash} where id = ${id}`.execute(db);
    }
    if (rows.length < batch) return;
  }
}

/** Append-only also for our own mistakes. An INSERT OR REPLACE would delete without the trigger, hence the first. */
async function refuseChangesOfAudit(db: Kysely<unknown>): Promise<void> {
  await sql`create trigger audit_only_grows before insert on audit
    when new.hash is null or new.id <= coalesce((select max(id) from audit), 0)
    begin select raise(abort, 'audit is append-only'); end`.execute(db);
  await sql`create trigger audit_never_changes before update on audit
    begin select raise(abort, 'audit is append-only'); end`.execute(db);
  await sql`create trigger audit_never_shrinks before delete on audit
    when old.id > coalesce((select max(id) from audit_checkpoint), 0)
    begin select raise(abort, 'audit is append-only'); end`.execute(db);
  for (const [name, deed] of [
    ['changes', 'update'],
    ['shrinks', 'delete'],
  ]) {
    await sql
      .raw(`create trigger audit_checkpoint_never_${name} before ${deed} on audit_checkpoint
        begin select raise(abort, 'audit is append-only'); end`)
      .execute(db);
  }
}

async function extendAccounts(db: Kysely<unknown>): Promise<void> {
  // SQLite adds one column at a time.
  await db.schema.alterTable('person').addColumn('gates', 'text').execute();
  await db.schema
    .alterTable('person')
    .addColumn('must_change_password', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable('person').addColumn('totp_secret', 'blob').execute();
  await db.schema.alterTable('person').addColumn('totp_since', 'text').execute();
  await db.schema.alterTable('person').addColumn('totp_last_step', 'integer').execute();
  await db.schema
    .createTable('recovery_code')
    .addColumn('person', 'text', (column) => column.notNull().references('person.id').onDelete('cascade'))
    .addColumn('code_hash', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('recovery_code_key', ['person', 'code_hash'])
    .execute();

  await db.schema.alterTable('session').addColumn('last_seen_at', 'text').execute();
  await db.schema.alterTable('session').addColumn('address', 'text').execute();
  await db.schema.alterTable('session').addColumn('browser', 'text').execute();
  await db.schema.alterTable('session').addColumn('device', 'text').execute();
}

async function addDevices(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('device')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('gate', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('paired_by', 'text', (column) => column.notNull())
    .addColumn('paired_at', 'text', (column) => column.notNull())
    .addColumn('last_seen_at', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('pairing_code')
    .addColumn('code_hash', 'text', (column) => column.primaryKey())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('gate', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('made_by', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'text', (column) => column.notNull())
    .execute();
}

async function addProposals(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('policy_proposal')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('proposed_at', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('policy_proposal_by_site')
    .on('policy_proposal')
    .columns(['site', 'proposed_at'])
    .execute();
  await db.schema.alterTable('policy').addColumn('confirmed_by', 'text').execute();
}

/** One rule about several provinces becomes a list of rules. */
async function listWatchedProvinces(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ site: string; version: number; body: string }>`
    select site, version, body from policy`.execute(db);
  for (const { site, version, body } of rows) {
    const policy = JSON.parse(body);
    if (!policy.watchedProvinces || Array.isArray(policy.watchedProvinces)) continue;
    const listed = JSON.stringify({ ...policy, watchedProvinces: [policy.watchedProvinces] });
    await sql`update policy set body = ${listed} where site = ${site} and version = ${version}`.execute(db);
  }
}
