import type { Erasure, HeldFromErasure } from '../contract/api.ts';
import type { ToErase } from '../erasure/eraser.ts';
import { tombstoneOf } from '../erasure/erasure-desk.ts';
import type { ErasureStore, NewErasure } from '../erasure/erasure-store.ts';
import { isPerson } from '../erasure/subject-name.ts';
import type { Tombstone } from '../erasure/tombstones.ts';
import type { HubKysely, HubTransaction } from './hub-database.ts';
import { repairSubject } from './sql-visit-book.ts';
import { inTransaction } from './transaction.ts';

/** Plates of one step. */
const platesAtOnce = 500;

const nobody: ReadonlyMap<string, string> = new Map();

/** Erasures and the names of people in the database. */
export class SqlErasureStore implements ErasureStore {
  readonly #db: HubKysely;
  /** By site and name until when: every sighting asks, few change it, and nobody else writes to the database. */
  #forgotten: Promise<Map<string, Map<string, string>>> | undefined;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  add({ askedBy, askedAt, isKnownToBoxes, ...erasure }: NewErasure): Promise<Erasure> {
    const { id, site, subject } = erasure;
    return this.#change(async (transaction) => {
      const earlier = await idOfSubject(transaction, site, subject);
      if (earlier !== undefined) {
        await reachUntil(transaction, earlier, askedAt);
        return read(transaction, earlier);
      }
      const row = { ...erasure, asked_by: askedBy.id, asked_by_name: askedBy.displayName, asked_at: askedAt };
      await transaction.insertInto('erasure').values(row).execute();
      await reachUntil(transaction, id, askedAt);
      for (const name of await namesOf(transaction, site, subject))
        await addName(transaction, id, site, name);
      if (isKnownToBoxes) await expectBoxes(transaction, id, site);
      return read(transaction, id);
    });
  }

  restore({ id, site, subject, subjects, askedBy, askedAt, until, reason }: Tombstone): Promise<boolean> {
    return this.#change(async (transaction) => {
      const known = await transaction
        .selectFrom('erasure_state')
        .select('until_at')
        .where('erasure', '=', id)
        .executeTakeFirst();
      if (!known) {
        const by = { asked_by: askedBy.id, asked_by_name: askedBy.displayName, asked_at: askedAt };
        await transaction
          .insertInto('erasure')
          .values({ id, site, subject, reason, ...by })
          .execute();
        if (isPerson(subject)) await expectBoxes(transaction, id, site);
      }
      await reachUntil(transaction, id, until);
      for (const name of subjects) await addName(transaction, id, site, name);
      return known === undefined || known.until_at < until;
    });
  }

  async get(id: string): Promise<Erasure | undefined> {
    const row = await this.#db.selectFrom('erasure').select('id').where('id', '=', id).executeTakeFirst();
    return row && read(this.#db, id);
  }

  async list(site: string): Promise<Erasure[]> {
    const rows = await this.#db
      .selectFrom('erasure')
      .select('id')
      .where('site', '=', site)
      .orderBy('asked_at', 'desc')
      .orderBy('id')
      .execute();
    return Promise.all(rows.map(({ id }) => read(this.#db, id)));
  }

  async ofSubject(site: string, subject: string): Promise<Erasure | undefined> {
    const id = await idOfSubject(this.#db, site, subject);
    return id === undefined ? undefined : read(this.#db, id);
  }

  async tombstones(): Promise<Tombstone[]> {
    const rows = await this.#db.selectFrom('erasure').select(['id', 'site']).orderBy('asked_at').execute();
    const found: Tombstone[] = [];
    for (const { id, site } of rows) found.push(tombstoneOf(site, await read(this.#db, id)));
    return found;
  }

  async forgotten(site: string): Promise<ReadonlyMap<string, string>> {
    this.#forgotten ??= this.#readForgotten();
    return (await this.#forgotten).get(site) ?? nobody;
  }

  async #readForgotten(): Promise<Map<string, Map<string, string>>> {
    const rows = await this.#db
      .selectFrom('erasure_name')
      .innerJoin('erasure_state', 'erasure_state.erasure', 'erasure_name.erasure')
      .select(['site', 'subject', 'until_at'])
      .execute();
    const sites = new Map<string, Map<string, string>>();
    for (const { site, subject, until_at } of rows) {
      const names = sites.get(site) ?? new Map<string, string>();
      sites.set(site, names.set(subject, until_at));
    }
    return sites;
  }

  /** What changes who is forgotten: read anew after its commit, and before whoever asked for it knows. */
  async #change<T>(work: (transaction: HubTransaction) => Promise<T>): Promise<T> {
    const done = await inTransaction(this.#db, work);
    this.#forgotten = undefined;
    return done;
  }

  /** From sighting and alert; each step reads a few hundred from the index. */
  async *plates(): AsyncGenerator<string[]> {
    for (let last = ''; ; ) {
      const rows = await this.#db
        .selectFrom('sighting')
        .select('plate')
        .distinct()
        .where('plate', '>', last)
        .orderBy('plate')
        .limit(platesAtOnce)
        .execute();
      const plates = rows.flatMap(({ plate }) => plate ?? []);
      yield plates;
      if (plates.length < platesAtOnce) break;
      last = plates[plates.length - 1];
    }
    for (let last = ''; ; ) {
      const rows = await this.#db
        .selectFrom('alert')
        .select('subject')
        .distinct()
        .where('subject', '>', last)
        .orderBy('subject')
        .limit(platesAtOnce)
        .execute();
      const subjects = rows.flatMap(({ subject }) => subject ?? []);
      yield subjects;
      if (subjects.length < platesAtOnce) break;
      last = subjects[subjects.length - 1];
    }
  }

  async carriedOut(erasure: string, at: string, held: HeldFromErasure | undefined): Promise<void> {
    await this.#db
      .updateTable('erasure_state')
      .set({ carried_out_at: at, held: held ? JSON.stringify(held) : null })
      .where('erasure', '=', erasure)
      .execute();
  }

  async confirm(confirmation: Parameters<ErasureStore['confirm']>[0]): Promise<void> {
    const { erasure, box, subject, at, templates } = confirmation;
    await this.#change(async (transaction) => {
      const known = await transaction
        .selectFrom('erasure')
        .select('site')
        .where('id', '=', erasure)
        .executeTakeFirst();
      if (!known) return;
      await addName(transaction, erasure, known.site, subject);
      await transaction
        .insertInto('erasure_reply')
        .values({ erasure, box, subject, at, templates })
        .onConflict((conflict) => conflict.columns(['erasure', 'box', 'subject']).doNothing())
        .execute();
    });
  }

  merge(site: string, subject: string, into: string, at: string): Promise<void> {
    return inTransaction(this.#db, async (transaction) => {
      await transaction
        .insertInto('subject_merge')
        .values({ site, subject, into_subject: into, at })
        .onConflict((conflict) => conflict.columns(['site', 'subject']).doUpdateSet({ into_subject: into }))
        .execute();
      repairSubject(this.#db.raw, site, subject);
    });
  }
}

/**
 * Notes for the certificate what a batch removed, inside the unit of work that removed it. Every eraser calls it, so
 * that no crash parts what is gone from what is said to be.
 */
export async function noteRemoved(
  transaction: HubTransaction,
  { erasure, at, digest }: Pick<ToErase, 'erasure' | 'at' | 'digest'>,
  kind: string,
  ids: string[],
): Promise<void> {
  if (ids.length === 0) return;
  await transaction
    .insertInto('erasure_removed')
    .values({ erasure, kind, at, count: ids.length, digest: digest(ids) })
    .execute();
}

/** What was seen up to this instant is forgotten, or later when that was said before. */
async function reachUntil(transaction: HubTransaction, erasure: string, until: string): Promise<void> {
  await transaction
    .insertInto('erasure_state')
    .values({ erasure, until_at: until })
    .onConflict((conflict) =>
      conflict.column('erasure').doUpdateSet({ until_at: until }).where('erasure_state.until_at', '<', until),
    )
    .execute();
}

async function expectBoxes(transaction: HubTransaction, erasure: string, site: string): Promise<void> {
  const boxes = await transaction.selectFrom('box').select('box').where('site', '=', site).execute();
  for (const { box } of boxes) await transaction.insertInto('erasure_box').values({ erasure, box }).execute();
}

async function addName(
  transaction: HubTransaction,
  erasure: string,
  site: string,
  subject: string,
): Promise<void> {
  await transaction
    .insertInto('erasure_name')
    .values({ erasure, site, subject })
    .onConflict((conflict) => conflict.columns(['site', 'subject']).doNothing())
    .execute();
}

async function idOfSubject(
  db: HubKysely | HubTransaction,
  site: string,
  subject: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('erasure_name')
    .select('erasure')
    .where('site', '=', site)
    .where('subject', '=', subject)
    .executeTakeFirst();
  return row?.erasure;
}

/** All names that are known to be this person's, itself first. */
async function namesOf(transaction: HubTransaction, site: string, subject: string): Promise<string[]> {
  const names = [subject];
  for (const name of names) {
    const merges = await transaction
      .selectFrom('subject_merge')
      .select(['subject', 'into_subject'])
      .where('site', '=', site)
      .where((eb) => eb.or([eb('subject', '=', name), eb('into_subject', '=', name)]))
      .execute();
    for (const merge of merges)
      for (const other of [merge.subject, merge.into_subject]) if (!names.includes(other)) names.push(other);
  }
  return names;
}

async function read(db: HubKysely | HubTransaction, id: string): Promise<Erasure> {
  const row = await db.selectFrom('erasure').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const names = await db
    .selectFrom('erasure_name')
    .select('subject')
    .where('erasure', '=', id)
    .orderBy('subject')
    .execute();
  const expected = await db.selectFrom('erasure_box').select('box').where('erasure', '=', id).execute();
  const replies = await db
    .selectFrom('erasure_reply')
    .select(({ fn }) => ['box', fn.max('at').as('at'), fn.sum<number>('templates').as('templates')])
    .where('erasure', '=', id)
    .groupBy('box')
    .execute();
  const confirmed = new Map(replies.map(({ box, at, templates }) => [box, { confirmedAt: at, templates }]));
  const boxes = [...new Set([...expected.map(({ box }) => box), ...confirmed.keys()])].sort();
  const { until_at, carried_out_at, held } = await db
    .selectFrom('erasure_state')
    .selectAll()
    .where('erasure', '=', id)
    .executeTakeFirstOrThrow();
  const pictures = await db
    .selectFrom('erasure_picture')
    .select('sha256')
    .where('erasure', '=', id)
    .orderBy('sha256')
    .execute();
  return {
    id,
    subject: row.subject,
    subjects: names.map(({ subject }) => subject),
    reason: row.reason,
    askedBy: { id: row.asked_by, displayName: row.asked_by_name },
    askedAt: row.asked_at,
    until: until_at,
    boxes: boxes.map((box) => ({ box, ...confirmed.get(box) })),
    ...(carried_out_at === null ? {} : { carriedOutAt: carried_out_at }),
    removed: await readRemoved(db, id),
    pictures: pictures.map(({ sha256 }) => sha256),
    ...(held === null ? {} : { held: JSON.parse(held) as HeldFromErasure }),
  };
}

async function readRemoved(db: HubKysely | HubTransaction, id: string): Promise<Erasure['removed']> {
  const rows = await db
    .selectFrom('erasure_removed')
    .select(['kind', 'count', 'digest'])
    .where('erasure', '=', id)
    .orderBy('id')
    .execute();
  const removed = new Map<string, Erasure['removed'][number]>();
  for (const { kind, count, digest } of rows) {
    const before = removed.get(kind);
    removed.set(kind, {
      kind,
      count: (before?.count ?? 0) + count,
      digests: [...(before?.digests ?? []), digest],
    });
  }
  return [...removed.values()];
}
