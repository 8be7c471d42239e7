import { toInstant } from '../clock.ts';
import type { Sighting } from '../contract/sighting.ts';
import type { QueueCounts, ViidQueue, WaitingItem } from '../viid/viid-queue.ts';
import { kindsThatLeave, savedViidSettings, viidSettingName } from '../viid/viid-settings.ts';
import type { HubKysely, HubTransaction } from './hub-database.ts';
import { inTransaction } from './transaction.ts';

/** A track that no box closes is sent as it is after this. */
const closesWithinMs = 10 * 60_000;

/** Puts a sighting into the queue, inside the unit of work that commits it, when its kind leaves for the platform. */
export async function queueForPlatform(
  transaction: HubTransaction,
  { id, site, kind, phase }: Sighting,
  receivedAt: string,
): Promise<void> {
  const saved = await transaction
    .selectFrom('setting')
    .select('body')
    .where('site', '=', site)
    .where('name', '=', viidSettingName)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!saved || !kindsThatLeave(savedViidSettings.parse(JSON.parse(saved.body))).includes(kind)) return;
  const dueAt = phase === 'closed' ? receivedAt : toInstant(Date.parse(receivedAt) + closesWithinMs);
  await transaction
    .insertInto('viid_item')
    .values({ sighting: id, kind, state: 'waiting', attempts: 0, due_at: dueAt })
    .onConflict((conflict) =>
      phase === 'closed'
        ? conflict.column('sighting').doUpdateSet({ due_at: dueAt }).where('viid_item.state', '=', 'waiting')
        : conflict.column('sighting').doNothing(),
    )
    .execute();
}

/** The queue for the platform, in the database. */
export class SqlViidQueue implements ViidQueue {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async due(at: string, kinds: Sighting['kind'][], limit: number): Promise<WaitingItem[]> {
    const rows = await this.#db
      .selectFrom('viid_item')
      .select(['sighting', 'kind', 'attempts'])
      .where('state', '=', 'waiting')
      .where('due_at', '<=', at)
      .where('kind', 'in', kinds)
      .orderBy('due_at')
      .orderBy('sighting')
      .limit(limit)
      .execute();
    return rows.map(({ sighting, kind, attempts }) => ({
      sighting,
      kind: kind as Sighting['kind'],
      attempts,
    }));
  }

  async markSent(sightings: string[], at: string): Promise<void> {
    await this.#settle(sightings, 'sent', at);
  }

  async markRefused(sighting: string, at: string): Promise<void> {
    await this.#settle([sighting], 'refused', at);
  }

  async postpone(sightings: string[], until: string): Promise<void> {
    await inTransaction(this.#db, (transaction) =>
      transaction
        .updateTable('viid_item')
        .set(({ eb }) => ({ due_at: until, attempts: eb('attempts', '+', 1) }))
        .where('sighting', 'in', sightings)
        .execute(),
    );
  }

  async drop(sightings: string[]): Promise<void> {
    await inTransaction(this.#db, (transaction) =>
      transaction.deleteFrom('viid_item').where('sighting', 'in', sightings).execute(),
    );
  }

  async keepOnly(kinds: Sighting['kind'][]): Promise<number> {
    const { numDeletedRows } = await inTransaction(this.#db, (transaction) =>
      transaction
        .deleteFrom('viid_item')
        .where('state', '=', 'waiting')
        .$if(kinds.length > 0, (query) => query.where('kind', 'not in', kinds))
        .executeTakeFirst(),
    );
    return Number(numDeletedRows);
  }

  async prune(before: string): Promise<void> {
    await inTransaction(this.#db, (transaction) =>
      transaction
        .deleteFrom('viid_item')
        .where('state', '!=', 'waiting')
        .where('due_at', '<', before)
        .execute(),
    );
  }

  async counts(): Promise<QueueCounts> {
    const rows = await this.#db
      .selectFrom('viid_item')
      .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
      .groupBy('state')
      .execute();
    const of = (state: string) => rows.find((row) => row.state === state)?.count ?? 0;
    return { waiting: of('waiting'), sent: of('sent'), refused: of('refused') };
  }

  /** `due_at` of what is settled is when it was. */
  async #settle(sightings: string[], state: 'sent' | 'refused', at: string): Promise<void> {
    await inTransaction(this.#db, (transaction) =>
      transaction
        .updateTable('viid_item')
        .set({ state, due_at: at })
        .where('sighting', 'in', sightings)
        .execute(),
    );
  }
}
