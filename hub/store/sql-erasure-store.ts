import type { Erasure } from '../contract/api.ts';
import type { ErasureStore, NewErasure } from '../erasure/erasure-store.ts';
import type { HubKysely, HubTransaction } from './hub-database.ts';
import { repairSubject } from './sql-visit-book.ts';
import { inTransaction } from './transaction.ts';

/** Erasures and the names of people in the database. */
export class SqlErasureStore implements ErasureStore {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  add({ askedBy, askedAt, ...erasure }: NewErasure): Promise<Erasure> {
    const { id, site, subject } = erasure;
    return inTransaction(this.#db, async (transaction) => {
      const earlier = await idOfSubject(transaction, site, subject);
      if (earlier !== undefined) return read(transaction, earlier);
      const row = { ...erasure, asked_by: askedBy.id, asked_by_name: askedBy.displayName, asked_at: askedAt };
      await transaction.insertInto('erasure').values(row).execute();
      for (const name of await namesOf(transaction, site, subject))
        await addName(transaction, id, site, name);
      const boxes = await transaction.selectFrom('box').select('box').where('site', '=', site).execute();
      for (const { box } of boxes)
        await transaction.insertInto('erasure_box').values({ erasure: id, box }).execute();
      return read(transaction, id);
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

  async confirm(confirmation: Parameters<ErasureStore['confirm']>[0]): Promise<void> {
    const { erasure, box, subject, at, templates } = confirmation;
    await inTransaction(this.#db, async (transaction) => {
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
  return {
    id,
    subject: row.subject,
    subjects: names.map(({ subject }) => subject),
    reason: row.reason,
    askedBy: { id: row.asked_by, displayName: row.asked_by_name },
    askedAt: row.asked_at,
    boxes: boxes.map((box) => ({ box, ...confirmed.get(box) })),
  };
}
