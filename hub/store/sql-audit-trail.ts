import type { Selectable } from 'kysely';
import type { AuditFact, AuditTrail } from '../accounts/audit-trail.ts';
import { type AuditEntry, type AuditPage, type AuditQuery, auditEntry } from '../contract/api.ts';
import { HubError } from '../errors.ts';
import type { HubDatabase, HubKysely } from './hub-database.ts';
import { inTransaction } from './transaction.ts';

/** The audit trail in the database. */
export class SqlAuditTrail implements AuditTrail {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async record({ at, action, actor, target, address, details }: AuditFact): Promise<void> {
    await inTransaction(this.#db, (transaction) =>
      transaction
        .insertInto('audit')
        .values({
          at,
          action,
          actor: actor?.id ?? null,
          actor_name: actor?.displayName ?? null,
          target: target ?? null,
          address,
          details: details === undefined ? null : JSON.stringify(details),
        })
        .execute(),
    );
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
  });
}
