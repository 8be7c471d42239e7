import { expressionBuilder, sql } from 'kysely';
import { alert as alertSchema, type HeldFromErasure, type TrajectoryEntry } from '../contract/api.ts';
import { type Sighting, sighting as sightingSchema } from '../contract/sighting.ts';
import { anonymous, anonymousAlert, unlinked } from '../erasure/anonymous.ts';
import type { Eraser, EraserOutcome, ToErase } from '../erasure/eraser.ts';
import type { LoggedEvent } from '../event-log.ts';
import type { EvidenceFiles } from './evidence-files.ts';
import type { HubDatabase, HubKysely, HubTransaction } from './hub-database.ts';
import { dropUnusedFiles, finishRemovals } from './picture-removal.ts';
import { noteRemoved } from './sql-erasure-store.ts';
import { logEvent } from './sql-event-log.ts';
import type { RawSql } from './sqlite.ts';
import { inTransaction } from './transaction.ts';
import { unlinkSighting } from './unlink-sighting.ts';

/** Sightings of one unit of work. */
const batchRows = 50;

type Db = HubKysely | HubTransaction;

/** A sighting that is to be nobody's. */
interface SightingRow {
  id: string;
  body: string;
  received_at: string;
  alert_id: string | null;
}

/** Forgets subjects in sightings, pictures, alerts, the events for tablets that were away, and dead letters. */
export class SqlEraser implements Eraser {
  readonly kinds = ['sightings', 'pictures', 'alerts', 'events', 'dead_letters'];
  readonly #db: HubKysely;
  readonly #files: EvidenceFiles;

  constructor(db: HubKysely, files: EvidenceFiles) {
    this.#db = db;
    this.#files = files;
  }

  async erase(who: ToErase): Promise<EraserOutcome> {
    if (who.persons.length + who.plates.length === 0) return { removed: 0, events: [] };
    const events: LoggedEvent[] = [];
    let removed = await inBatches(() => this.#eraseSightings(who, events));
    removed += await inBatches(() => this.#unlinkLater(who, events));
    removed += await inBatches(() => this.#eraseAlerts(who, events));
    removed += await this.#eraseDeadLetters(who);
    await finishRemovals(this.#db, this.#files);
    // What was deleted is zeroes in the file (`secure_delete`); older pages of it are still in the log until this.
    if (removed > 0) await sql`pragma wal_checkpoint(truncate)`.execute(this.#db);
    const held = await countHeld(this.#db, who);
    return { removed, events, ...(held ? { held } : {}) };
  }

  #eraseSightings(who: ToErase, events: LoggedEvent[]): Promise<number> {
    return inTransaction(this.#db, async (transaction) => {
      const rows = await sightingsOf(transaction, who)
        .select(['id', 'body', 'received_at', 'alert_id'])
        .where(seenUntil(who.until))
        .where('id', 'not in', (eb) => eb.selectFrom('held_sighting').select('id'))
        .limit(batchRows)
        .execute();
      if (rows.length === 0) return 0;
      const ids = rows.map(({ id }) => id);
      await erasePictures(transaction, who, ids);
      await transaction.deleteFrom('sighting_flag').where('sighting_id', 'in', ids).execute();
      for (const row of rows) await save(this.#db.raw, transaction, row, anonymous(read(row)), events);
      await noteRemoved(transaction, who, 'sightings', ids);
      await eraseAlertRows(transaction, who, await alertsAbout(transaction, ids), events);
      return rows.length;
    });
  }

  /** Of a person: what a box that has not heard yet saw later keeps its picture, and loses the id. */
  #unlinkLater({ persons, until }: ToErase, events: LoggedEvent[]): Promise<number> {
    if (persons.length === 0) return Promise.resolve(0);
    return inTransaction(this.#db, async (transaction) => {
      const rows = await transaction
        .selectFrom('sighting')
        .select(['id', 'body', 'received_at', 'alert_id'])
        .where('subject', 'in', persons)
        .where(({ eb, and }) => and([eb('occurred_at', '>', until), eb('received_at', '>', until)]))
        .where('id', 'not in', (eb) => eb.selectFrom('held_sighting').select('id'))
        .limit(batchRows)
        .execute();
      for (const row of rows) await save(this.#db.raw, transaction, row, unlinked(read(row)), events);
      return rows.length;
    });
  }

  #eraseAlerts(who: ToErase, events: LoggedEvent[]): Promise<number> {
    return inTransaction(this.#db, async (transaction) => {
      const rows = await alertsOf(transaction, who)
        .select(['id', 'body'])
        .where('id', 'not in', (eb) => eb.selectFrom('held_alert').select('id'))
        .limit(batchRows)
        .execute();
      await eraseAlertRows(transaction, who, rows, events);
      return rows.length;
    });
  }

  /** What could not be read may name the subject all the same: its text goes, the fact that it came stays. */
  #eraseDeadLetters(who: ToErase): Promise<number> {
    return inTransaction(this.#db, async (transaction) => {
      const ids: string[] = [];
      for (const name of [...who.persons, ...who.plates]) {
        const changed = await transaction
          .updateTable('dead_letter')
          .set({ excerpt: Buffer.alloc(0) })
          .where(sql<boolean>`instr(excerpt, ${Buffer.from(name)}) > 0`)
          .returning('id')
          .execute();
        ids.push(...changed.map(({ id }) => String(id)));
      }
      await noteRemoved(transaction, who, 'dead_letters', ids);
      return ids.length;
    });
  }
}

async function inBatches(batch: () => Promise<number>): Promise<number> {
  for (let total = 0; ; ) {
    const count = await batch();
    total += count;
    if (count < batchRows) return total;
  }
}

/** Persons by their id, vehicles by their plate. */
function sightingsOf(db: Db, { persons, plates }: ToErase) {
  return db
    .selectFrom('sighting')
    .where(({ eb, or }) =>
      or([
        ...(persons.length > 0 ? [eb('subject', 'in', persons)] : []),
        ...(plates.length > 0 ? [eb('plate', 'in', plates)] : []),
      ]),
    );
}

/** By the lens or by the hub: a box whose clock is ahead keeps nobody from being forgotten. */
function seenUntil(until: string) {
  const eb = expressionBuilder<HubDatabase, 'sighting'>();
  return eb.or([eb('occurred_at', '<=', until), eb('received_at', '<=', until)]);
}

/** A person's id never comes back; a plate may, after it was forgotten. */
function alertsOf(db: Db, { persons, plates, until }: ToErase) {
  return db
    .selectFrom('alert')
    .where(({ eb, or, and }) =>
      or([
        ...(persons.length > 0 ? [eb('subject', 'in', persons)] : []),
        ...(plates.length > 0 ? [and([eb('subject', 'in', plates), eb('opened_at', '<=', until)])] : []),
      ]),
    );
}

function alertsAbout(
  transaction: HubTransaction,
  sightings: string[],
): Promise<{ id: string; body: string }[]> {
  return transaction
    .selectFrom('alert')
    .select(['id', 'body'])
    .where('sighting_id', 'in', sightings)
    .where('id', 'not in', (eb) => eb.selectFrom('held_alert').select('id'))
    .execute();
}

async function eraseAlertRows(
  transaction: HubTransaction,
  who: ToErase,
  rows: { id: string; body: string }[],
  events: LoggedEvent[],
): Promise<void> {
  for (const { id, body } of rows) {
    const alert = anonymousAlert(alertSchema.parse(JSON.parse(body)));
    await transaction
      .updateTable('alert')
      .set({ subject: null, body: JSON.stringify(alert) })
      .where('id', '=', id)
      .execute();
    if (await isLogged(transaction, `alert/${id}`))
      events.push(await logEvent(transaction, { type: 'alert', alert }));
  }
  await noteRemoved(
    transaction,
    who,
    'alerts',
    rows.map(({ id }) => id),
  );
}

/** Pictures that these sightings name and nobody else; what a hold or another sighting needs stays. */
async function erasePictures(transaction: HubTransaction, who: ToErase, sightings: string[]): Promise<void> {
  const named = await transaction
    .selectFrom('evidence_name')
    .select(['evidence_id', 'sha256'])
    .where('sighting_id', 'in', sightings)
    .execute();
  await transaction.deleteFrom('evidence_name').where('sighting_id', 'in', sightings).execute();
  if (named.length === 0) return;
  const ids = named.map(({ evidence_id }) => evidence_id);
  const gone = await transaction
    .deleteFrom('evidence')
    .where('id', 'in', ids)
    .where('id', 'not in', (eb) =>
      eb.selectFrom('evidence_name').select('evidence_id').where('evidence_id', 'in', ids),
    )
    .returning('sha256')
    .execute();
  if (gone.length === 0) return;
  const contents = await dropUnusedFiles(
    transaction,
    gone.map(({ sha256 }) => sha256),
  );
  for (const sha256 of contents)
    await transaction
      .insertInto('erasure_picture')
      .values({ erasure: who.erasure, sha256 })
      .onConflict((conflict) => conflict.columns(['erasure', 'sha256']).doNothing())
      .execute();
  await noteRemoved(transaction, who, 'pictures', contents);
}

async function save(
  raw: RawSql,
  transaction: HubTransaction,
  { id, received_at, alert_id }: SightingRow,
  sighting: Sighting,
  events: LoggedEvent[],
): Promise<void> {
  unlinkSighting(raw, id, sighting);
  if (!(await isLogged(transaction, `sighting/${id}`))) return;
  const entry: TrajectoryEntry = {
    ...sighting,
    receivedAt: received_at,
    ...(alert_id === null ? {} : { alert: alert_id }),
  };
  events.push(await logEvent(transaction, { type: 'sighting', sighting: entry }));
}

function read({ body }: SightingRow): Sighting {
  return sightingSchema.parse(JSON.parse(body));
}

/** Whether open pages, and those that come back, may show it: then they are told what is left of it. */
async function isLogged(transaction: HubTransaction, concerns: string): Promise<boolean> {
  const row = await transaction
    .selectFrom('event_log')
    .select('id')
    .where('concerns', '=', concerns)
    .executeTakeFirst();
  return row !== undefined;
}

async function countHeld(db: HubKysely, who: ToErase): Promise<HeldFromErasure | undefined> {
  const sightings = await sightingsOf(db, who).select('id').where(seenUntil(who.until)).execute();
  const alerts = await alertsOf(db, who).select('id').execute();
  if (sightings.length + alerts.length === 0) return undefined;
  const ids = sightings.map(({ id }) => id);
  const pictures =
    ids.length === 0
      ? []
      : await db
          .selectFrom('evidence_name')
          .innerJoin('evidence', 'evidence.id', 'evidence_name.evidence_id')
          .select('evidence.sha256')
          .distinct()
          .where('sighting_id', 'in', ids)
          .execute();
  return { sightings: sightings.length, alerts: alerts.length, pictures: pictures.length };
}
