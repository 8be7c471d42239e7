import type { Selectable } from 'kysely';
import {
  type ChainedEntry,
  type ChainLink,
  type ChainProof,
  chainHash,
  chainStart,
  proveChain,
} from '../accounts/audit-chain.ts';
import type { AuditFact, AuditTrail, FailedLogIns } from '../accounts/audit-trail.ts';
import { type AuditEntry, type AuditPage, type AuditQuery, auditEntry } from '../contract/api.ts';
import { HubError } from '../errors.ts';
import type { HubDatabase, HubKysely, HubTransaction } from './hub-database.ts';
import type { RawSql } from './sqlite.ts';
import { inTransaction } from './transaction.ts';

/** How many entries are in memory at once while the chain is walked. */
const walkedAtOnce = 500;

/** The audit trail in the database. */
export class SqlAuditTrail implements AuditTrail {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async record({ at, action, actor, target, address, details }: AuditFact): Promise<void> {
    await inTransaction(this.#db, async (transaction) => {
      const { raw } = this.#db;
      const before = readNewest(raw) ?? (await readCheckpoint(transaction));
      const entry = {
        id: before.id + 1,
        at,
        action,
        actor: actor?.id ?? null,
        actorName: actor?.displayName ?? null,
        target: target ?? null,
        address,
        details: details === undefined ? null : JSON.stringify(details),
      };
      raw.run(
        `insert into audit (id, at, action, actor, actor_name, target, address, details, hash)
         values (@id, @at, @action, @actor, @actorName, @target, @address, @details, @hash)`,
        { ...entry, hash: chainHash(before.hash, entry) },
      );
    });
  }

  async page({ actor, action, target, cursor, limit }: AuditQuery): Promise<AuditPage> {
    const before = cursor === undefined ? undefined : parseAuditCursor(cursor);
    const rows = await this.#db
      .selectFrom('audit')
      .selectAll()
      .$if(actor !== undefined, (query) => query.where('actor', '=', actor as string))
      .$if(action !== undefined, (query) => query.where('action', '=', action as string))
      .$if(target !== undefined, (query) => query.where('target', '=', target as string))
      .$if(before !== undefined, (query) => query.where('id', '<', before as number))
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
    const items = rows.slice(0, limit).map(readEntry);
    if (rows.length <= limit) return { items };
    return { items, nextCursor: String(items.at(-1)?.id) };
  }

  async failedLogInsSince(since: string): Promise<FailedLogIns[]> {
    const rows = await this.#db
      .selectFrom('audit')
      .select(['at', 'action', 'actor', 'target'])
      .where('at', '>=', since)
      .where('action', 'in', ['log_in_failed', 'logged_in', 'password_reset'])
      .orderBy('id')
      .execute();
    const failed = new Map<string, FailedLogIns>();
    for (const { at, action, actor, target } of rows) {
      const person = action === 'password_reset' ? target : actor;
      if (person === null) continue;
      if (action === 'log_in_failed') {
        failed.set(person, { person, count: (failed.get(person)?.count ?? 0) + 1, lastAt: at });
      } else failed.delete(person);
    }
    return [...failed.values()];
  }

  /** The newest entry, or the checkpoint when there is none. */
  async head(): Promise<ChainLink> {
    return (await this.#db.read(readNewest)) ?? readCheckpoint(this.#db);
  }

  async prove(expected?: ChainLink): Promise<ChainProof> {
    const start = await readCheckpoint(this.#db);
    if (expected && expected.id < start.id) throw new HubError('AUDIT_PLACE_RETIRED', `entry ${start.id}`);
    return proveChain(this.#walk(start), start, expected);
  }

  async *#walk({ id }: ChainLink): AsyncGenerator<ChainedEntry> {
    let last = id;
    for (;;) {
      const rows = await this.#db
        .selectFrom('audit')
        .selectAll()
        .where('id', '>', last)
        .orderBy('id')
        .limit(walkedAtOnce)
        .execute();
      for (const { actor_name: actorName, ...row } of rows) yield { ...row, actorName };
      if (rows.length < walkedAtOnce) return;
      last = rows[rows.length - 1].id;
    }
  }
}

function readNewest(raw: RawSql): ChainLink | undefined {
  return raw.get<ChainLink>('select id, hash from audit order by id desc limit 1', []);
}

/** Where the kept entries begin: retention removes entries up to here, after it has proven them and written this. */
export async function readCheckpoint(db: HubKysely | HubTransaction): Promise<ChainLink> {
  const checkpoint = await db
    .selectFrom('audit_checkpoint')
    .select(['id', 'hash'])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return checkpoint ?? chainStart;
}

/** The id of the last entry given. */
function parseAuditCursor(cursor: string): number {
  if (!/^[1-9]\d{0,14}$/.test(cursor)) throw new HubError('CURSOR_INVALID');
  return Number(cursor);
}

function readEntry(row: Selectable<HubDatabase['audit']>): AuditEntry {
  return auditEntry.parse({
    id: row.id,
    at: row.at,
    action: row.action,
    actor: row.actor === null ? undefined : { id: row.actor, displayName: row.actor_name },
    target: row.target ?? undefined,
    address: row.address,
    details: row.details === null ? undefined : JSON.parse(row.details),
    hash: row.hash,
  });
}
