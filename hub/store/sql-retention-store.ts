import { sql } from 'kysely';
import { alert as alertSchema } from '../contract/api.ts';
import {
  type RetentionCount,
  type RetentionRun,
  type RetentionSettings,
  retentionReport,
  retentionSettings,
} from '../contract/keeping.ts';
import { sighting as sightingSchema } from '../contract/sighting.ts';
import { unlinked, unlinkedAlert } from '../erasure/anonymous.ts';
import { HubError } from '../errors.ts';
import type { AgingKind } from '../keeping/retention-rules.ts';
import type { RemovedBatch, RetentionStore } from '../keeping/retention-store.ts';
import type { EvidenceFiles } from './evidence-files.ts';
import type { HubKysely, HubTransaction } from './hub-database.ts';
import { dropUnusedFiles, finishRemovals } from './picture-removal.ts';
import { retireAudit } from './retire-audit.ts';
import type { RawSql } from './sqlite.ts';
import { inTransaction } from './transaction.ts';
import { unlinkSighting } from './unlink-sighting.ts';

const settingName = 'retention';
/** Runs that are kept to look at. */
const keptRuns = 1000;

/** A row that is due, with its age. */
interface DueRow {
  id: string;
  at: string;
}

/** Retention in the database, and the files of what goes. */
export class SqlRetentionStore implements RetentionStore {
  readonly #db: HubKysely;
  readonly #files: EvidenceFiles;

  constructor(db: HubKysely, files: EvidenceFiles) {
    this.#db = db;
    this.#files = files;
  }

  async settings(site: string): Promise<{ version: number; settings: RetentionSettings } | undefined> {
    const row = await this.#newest(this.#db, site);
    return row && { version: row.version, settings: retentionSettings.parse(JSON.parse(row.body)) };
  }

  saveSettings(
    site: string,
    settings: RetentionSettings,
    { by, at, basedOn }: { by: string; at: string; basedOn?: number },
  ): Promise<number> {
    return inTransaction(this.#db, async (transaction) => {
      const newest = (await this.#newest(transaction, site))?.version ?? 0;
      if (basedOn !== undefined && basedOn !== newest) throw new HubError('RETENTION_CONFLICT');
      const version = newest + 1;
      const body = JSON.stringify(settings);
      await transaction
        .insertInto('setting')
        .values({ site, name: settingName, version, body, changed_by: by, changed_at: at })
        .execute();
      return version;
    });
  }

  async removeBatch(kind: AgingKind, before: string, atMost: number): Promise<RemovedBatch> {
    const removed = await inTransaction(this.#db, async (transaction) => {
      if (kind === 'audit') return retireAudit(transaction, before, atMost);
      const rows = await dueRows(transaction, kind, before, atMost);
      if (rows.length > 0) await removeRows(this.#db.raw, transaction, kind, rows);
      return rows;
    });
    await finishRemovals(this.#db, this.#files);
    return batchOf(removed);
  }

  async due(kind: AgingKind, before: string): Promise<RetentionCount> {
    const { count, oldest, newest } = await countDue(this.#db, kind, before);
    const held = await countHeld(this.#db, kind, before);
    return { kind, count, held, ...(oldest ? { oldest } : {}), ...(newest ? { newest } : {}) };
  }

  async removeOldestPictures(bytes: number, atMost: number): Promise<RemovedBatch & { bytes: number }> {
    const gone = await inTransaction(this.#db, async (transaction) => {
      const oldest = await transaction
        .selectFrom('evidence_file')
        .select(['sha256 as id', 'received_at as at', 'bytes'])
        .where('sha256', 'not in', (eb) => eb.selectFrom('held_picture').select('sha256'))
        .orderBy('received_at')
        .orderBy('sha256')
        .limit(atMost)
        .execute();
      let room = 0;
      const enough = oldest.filter((picture) => {
        const isNeeded = room < bytes;
        if (isNeeded) room += picture.bytes;
        return isNeeded;
      });
      if (enough.length === 0) return [];
      const contents = enough.map(({ id }) => id);
      await transaction.deleteFrom('evidence').where('sha256', 'in', contents).execute();
      await dropUnusedFiles(transaction, contents);
      return enough;
    });
    await finishRemovals(this.#db, this.#files);
    return { ...batchOf(gone), bytes: gone.reduce((sum, picture) => sum + picture.bytes, 0) };
  }

  async heldPictures(): Promise<number> {
    return countOf(this.#db.selectFrom('held_picture').select(({ fn }) => fn.countAll<number>().as('count')));
  }

  async record({ at, ...run }: Omit<RetentionRun, 'id'>): Promise<void> {
    await inTransaction(this.#db, async (transaction) => {
      const { id } = await transaction
        .insertInto('retention_run')
        .values({ at, body: JSON.stringify(run) })
        .returning('id')
        .executeTakeFirstOrThrow();
      await transaction
        .deleteFrom('retention_run')
        .where('id', '<=', id - keptRuns)
        .execute();
    });
  }

  async runs(atMost: number): Promise<RetentionRun[]> {
    const rows = await this.#db
      .selectFrom('retention_run')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(atMost)
      .execute();
    return retentionReport.shape.runs.parse(
      rows.map(({ id, at, body }) => ({ id, at, ...JSON.parse(body) })),
    );
  }

  async #newest(db: HubKysely | HubTransaction, site: string) {
    return db
      .selectFrom('setting')
      .select(['version', 'body'])
      .where('site', '=', site)
      .where('name', '=', settingName)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
  }
}

type Db = HubKysely | HubTransaction;

/**
 * Of a kind, what is from before this instant by the hub's clock: a box whose clock is wrong loses nothing by it; `held`
 * chooses between what holds keep and what they do not.
 */
function ofKind(db: Db, kind: AgingKind, before: string, held: boolean) {
  const whether = held ? 'in' : 'not in';
  switch (kind) {
    case 'pictures':
      return db
        .selectFrom('evidence')
        .select(['id', 'received_at as at'])
        .where('received_at', '<', before)
        .where('sha256', whether, (eb) => eb.selectFrom('held_picture').select('sha256'));
    case 'unnamed_pictures':
      return db
        .selectFrom('evidence')
        .select(['id', 'received_at as at'])
        .where('received_at', '<', before)
        .where('received_at', '>', unnamedSince(before))
        .where('sha256', whether, (eb) => eb.selectFrom('held_picture').select('sha256'))
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('evidence_name')
                .select('evidence_id')
                .whereRef('evidence_name.evidence_id', '=', 'evidence.id'),
            ),
          ),
        );
    case 'persons':
      return db
        .selectFrom('sighting')
        .select(['id', 'received_at as at'])
        .where(sql<boolean>`kind = 'person'`)
        .where('subject', 'is not', null)
        .where('received_at', '<', before)
        .where('id', whether, (eb) => eb.selectFrom('held_sighting').select('id'));
    case 'alerts':
      return db
        .selectFrom('alert')
        .select(['id', 'opened_at as at'])
        .where('opened_at', '<', before)
        .where('id', whether, (eb) => eb.selectFrom('held_alert').select('id'));
    case 'sightings':
      return db
        .selectFrom('sighting')
        .select(['id', 'received_at as at'])
        .where('received_at', '<', before)
        .where('id', whether, (eb) => eb.selectFrom('held_sighting').select('id'));
    case 'dead_letters':
      return db
        .selectFrom('dead_letter')
        .select([sql<string>`cast(id as text)`.as('id'), 'received_at as at'])
        .where('received_at', '<', before)
        .where(sql<boolean>`${sql.lit(held ? 0 : 1)} = 1`);
    case 'audit':
      return db
        .selectFrom('audit')
        .select([sql<string>`cast(id as text)`.as('id'), 'at'])
        .where('at', '<', before)
        .where(sql<boolean>`${sql.lit(held ? 0 : 1)} = 1`);
  }
}

/** Three days before: what a hub that was off for longer missed goes with all other pictures. */
function unnamedSince(before: string): string {
  return new Date(Date.parse(before) - 3 * 86_400_000).toISOString();
}

function dueRows(
  transaction: HubTransaction,
  kind: AgingKind,
  before: string,
  atMost: number,
): Promise<DueRow[]> {
  return transaction
    .selectFrom(ofKind(transaction, kind, before, false).as('due'))
    .selectAll()
    .orderBy('at')
    .limit(atMost)
    .execute();
}

async function countDue(db: Db, kind: AgingKind, before: string) {
  return db
    .selectFrom(ofKind(db, kind, before, false).as('due'))
    .select(({ fn }) => [
      fn.countAll<number>().as('count'),
      fn.min<string | null>('at').as('oldest'),
      fn.max<string | null>('at').as('newest'),
    ])
    .executeTakeFirstOrThrow();
}

async function countHeld(db: Db, kind: AgingKind, before: string): Promise<number> {
  const rows = db.selectFrom(ofKind(db, kind, before, true).as('held'));
  return countOf(rows.select(({ fn }) => fn.countAll<number>().as('count')));
}

async function countOf(query: { executeTakeFirstOrThrow(): Promise<{ count: number }> }): Promise<number> {
  return (await query.executeTakeFirstOrThrow()).count;
}

async function removeRows(
  raw: RawSql,
  transaction: HubTransaction,
  kind: Exclude<AgingKind, 'audit'>,
  rows: DueRow[],
): Promise<void> {
  const ids = rows.map(({ id }) => id);
  switch (kind) {
    case 'pictures':
    case 'unnamed_pictures':
      return removePictures(transaction, ids);
    case 'persons':
      return unlinkPersons(raw, transaction, ids);
    case 'alerts':
      await transaction
        .updateTable('sighting')
        .set({ alert_id: null })
        .where('alert_id', 'in', ids)
        .execute();
      await transaction.deleteFrom('alert').where('id', 'in', ids).execute();
      return forgetEvents(transaction, 'alert', ids);
    case 'sightings':
      await transaction.deleteFrom('sighting').where('id', 'in', ids).execute();
      return forgetEvents(transaction, 'sighting', ids);
    case 'dead_letters':
      await transaction.deleteFrom('dead_letter').where('id', 'in', ids.map(Number)).execute();
  }
}

async function removePictures(transaction: HubTransaction, ids: string[]): Promise<void> {
  const gone = await transaction.deleteFrom('evidence').where('id', 'in', ids).returning('sha256').execute();
  await dropUnusedFiles(
    transaction,
    gone.map(({ sha256 }) => sha256),
  );
}

/** Also in the alert that a sighting raised: an id that stays there would still lead to the person. */
async function unlinkPersons(raw: RawSql, transaction: HubTransaction, ids: string[]): Promise<void> {
  const sightings = await transaction
    .selectFrom('sighting')
    .select(['id', 'body'])
    .where('id', 'in', ids)
    .execute();
  for (const { id, body } of sightings) {
    const nobody = unlinked(sightingSchema.parse(JSON.parse(body)));
    unlinkSighting(raw, id, nobody);
  }
  await forgetEvents(transaction, 'sighting', ids);

  const alerts = await transaction
    .selectFrom('alert')
    .select(['id', 'body'])
    .where('sighting_id', 'in', ids)
    .where('id', 'not in', (eb) => eb.selectFrom('held_alert').select('id'))
    .execute();
  for (const { id, body } of alerts) {
    const nobody = unlinkedAlert(alertSchema.parse(JSON.parse(body)));
    await transaction
      .updateTable('alert')
      .set({ subject: null, body: JSON.stringify(nobody) })
      .where('id', '=', id)
      .execute();
  }
  await forgetEvents(
    transaction,
    'alert',
    alerts.map(({ id }) => id),
  );
}

/** What a tablet would still be told that was away. */
async function forgetEvents(
  transaction: HubTransaction,
  about: 'alert' | 'sighting',
  ids: string[],
): Promise<void> {
  if (ids.length === 0) return;
  const names = ids.map((id) => `${about}/${id}`);
  await transaction.deleteFrom('event_log').where('concerns', 'in', names).execute();
}

function batchOf(rows: { at: string }[]): RemovedBatch {
  if (rows.length === 0) return { count: 0 };
  return { count: rows.length, oldest: rows[0].at, newest: rows.at(-1)?.at };
}
