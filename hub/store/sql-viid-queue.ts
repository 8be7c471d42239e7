import { toInstant } from '../clock.ts';
import type { Sighting } from '../contract/sighting.ts';
import type { QueueCounts, ViidQueue, WaitingItem } from '../viid/viid-queue.ts';
import { kindsThatLeave, savedViidSettings, viidSettingName } from '../viid/viid-settings.ts';
import type { HubKysely } from './hub-database.ts';
import type { RawSql } from './sqlite.ts';
import { inTransaction } from './transaction.ts';

/** A track that no box closes is sent as it is after this. */
const closesWithinMs = 10 * 60_000;

/** Puts a sighting into the queue, inside the unit of work that commits it, when its kind leaves for the platform. */
export function queueForPlatform(raw: RawSql, { id, site, kind, phase }: Sighting, receivedAt: string): void {
  const saved = raw.get<{ body: string }>(
    'select body from setting where site = cast(? as text) and name = cast(? as text) order by version desc limit 1',
    [site, viidSettingName],
  );
  if (!saved || !kindsThatLeave(savedViidSettings.parse(JSON.parse(saved.body))).includes(kind)) return;
  const dueAt = phase === 'closed' ? receivedAt : toInstant(Date.parse(receivedAt) + closesWithinMs);
  const again =
    phase === 'closed'
      ? "do update set due_at = excluded.due_at where viid_item.state = 'waiting'"
      : 'do nothing';
  raw.run(
    `insert into viid_item (sighting, kind, state, attempts, due_at) values (?, ?, 'waiting', 0, ?)
     on conflict (sighting) ${again}`,
    [id, kind, dueAt],
  );
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
