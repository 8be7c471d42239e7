import type { Selectable } from 'kysely';
import { type LegalHold, type LegalHoldQuery, legalHold } from '../contract/keeping.ts';
import type { HoldEnd, HoldStore } from '../keeping/hold-store.ts';
import type { HubDatabase, HubKysely, HubTransaction } from './hub-database.ts';
import { inTransaction } from './transaction.ts';

/** Legal holds in the database. What they cover are the views `held_alert`, `held_sighting` and `held_picture`. */
export class SqlHoldStore implements HoldStore {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  place(hold: LegalHold): Promise<LegalHold | undefined> {
    const { id, site, about, reason, placedBy, placedAt, until } = hold;
    return inTransaction(this.#db, async (transaction) => {
      if (!(await isThere(transaction, about))) return undefined;
      const row = {
        id,
        site,
        kind: about.kind,
        about: about.id,
        reason,
        placed_by: placedBy.id,
        placed_by_name: placedBy.displayName,
        placed_at: placedAt,
        until_at: until ?? null,
      };
      await transaction.insertInto('legal_hold').values(row).execute();
      return hold;
    });
  }

  end(id: string, { at, by, reason }: HoldEnd): Promise<LegalHold | undefined> {
    return inTransaction(this.#db, async (transaction) => {
      await transaction
        .updateTable('legal_hold')
        .set({
          ended_at: at,
          ended_by: by?.id ?? null,
          ended_by_name: by?.displayName ?? null,
          end_reason: reason ?? null,
        })
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .execute();
      return find(transaction, id);
    });
  }

  async endBefore(instant: string): Promise<number> {
    const { numUpdatedRows } = await this.#db
      .updateTable('legal_hold')
      .set((eb) => ({ ended_at: eb.ref('until_at') }))
      .where('ended_at', 'is', null)
      .where('until_at', '<=', instant)
      .executeTakeFirstOrThrow();
    return Number(numUpdatedRows);
  }

  get(id: string): Promise<LegalHold | undefined> {
    return find(this.#db, id);
  }

  async list(site: string, { about, ended }: LegalHoldQuery): Promise<LegalHold[]> {
    const rows = await this.#db
      .selectFrom('legal_hold')
      .selectAll()
      .where('site', '=', site)
      .$if(about !== undefined, (query) => query.where('about', '=', about as string))
      .$if(ended === 'false', (query) => query.where('ended_at', 'is', null))
      .$if(ended === 'true', (query) => query.where('ended_at', 'is not', null))
      .orderBy('placed_at', 'desc')
      .orderBy('id')
      .execute();
    return rows.map(read);
  }
}

async function isThere(transaction: HubTransaction, { kind, id }: LegalHold['about']): Promise<boolean> {
  const row = await transaction.selectFrom(kind).select('id').where('id', '=', id).executeTakeFirst();
  return row !== undefined;
}

async function find(db: HubKysely | HubTransaction, id: string): Promise<LegalHold | undefined> {
  const row = await db.selectFrom('legal_hold').selectAll().where('id', '=', id).executeTakeFirst();
  return row && read(row);
}

function read(row: Selectable<HubDatabase['legal_hold']>): LegalHold {
  const by = row.ended_by === null ? undefined : { id: row.ended_by, displayName: row.ended_by_name };
  return legalHold.parse({
    id: row.id,
    site: row.site,
    about: { kind: row.kind, id: row.about },
    reason: row.reason,
    ...(row.until_at === null ? {} : { until: row.until_at }),
    placedBy: { id: row.placed_by, displayName: row.placed_by_name },
    placedAt: row.placed_at,
    ...(row.ended_at === null
      ? {}
      : {
          ended: {
            at: row.ended_at,
            ...(by ? { by } : {}),
            ...(row.end_reason === null ? {} : { reason: row.end_reason }),
          },
        }),
  });
}
