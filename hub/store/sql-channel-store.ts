import type { Selectable } from 'kysely';
import type { ChannelStore, StoredChannel, StoredDevice } from '../announce/channels/channel-store.ts';
import {
  channelKind,
  channelSettings,
  messageLanguage,
  type NoticeSettings,
  noticeSettings,
} from '../contract/channels.ts';
import type { HubDatabase, HubKysely } from './hub-database.ts';
import { inTransaction } from './transaction.ts';

/** The name of what messages share among the settings of a site. */
const settingName = 'notices';

/** Channels, browsers and what messages share, in the database. */
export class SqlChannelStore implements ChannelStore {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async list(site: string): Promise<StoredChannel[]> {
    const rows = await this.#db
      .selectFrom('channel')
      .selectAll()
      .where('site', '=', site)
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    return rows.map(readChannel);
  }

  async get(id: string): Promise<StoredChannel | undefined> {
    const row = await this.#db.selectFrom('channel').selectAll().where('id', '=', id).executeTakeFirst();
    return row && readChannel(row);
  }

  async save({ id, site, kind, settings, sealed, createdAt }: StoredChannel): Promise<void> {
    const changing = { body: JSON.stringify(settings), sealed: sealed ?? null };
    await inTransaction(this.#db, (transaction) =>
      transaction
        .insertInto('channel')
        .values({ id, site, kind, created_at: createdAt, ...changing })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(changing))
        .execute(),
    );
  }

  remove(id: string): Promise<boolean> {
    return inTransaction(this.#db, async (transaction) => {
      const { numDeletedRows } = await transaction
        .deleteFrom('channel')
        .where('id', '=', id)
        .executeTakeFirst();
      await transaction
        .updateTable('notice')
        .set({ state: 'skipped', reason: 'channel_removed', detail: null })
        .where('channel', '=', id)
        .where('state', '=', 'waiting')
        .execute();
      return numDeletedRows > 0n;
    });
  }

  async saveDevice({ id, endpointHash, person, language, sealed, createdAt }: StoredDevice): Promise<void> {
    await inTransaction(this.#db, async (transaction) => {
      await transaction.deleteFrom('push_subscription').where('endpoint_hash', '=', endpointHash).execute();
      await transaction
        .insertInto('push_subscription')
        .values({ id, endpoint_hash: endpointHash, person, language, sealed, created_at: createdAt })
        .execute();
    });
  }

  async device(id: string): Promise<StoredDevice | undefined> {
    const row = await this.#db
      .selectFrom('push_subscription')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row && readDevice(row);
  }

  async devicesOf(person: string): Promise<StoredDevice[]> {
    const rows = await this.#db
      .selectFrom('push_subscription')
      .selectAll()
      .where('person', '=', person)
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    return rows.map(readDevice);
  }

  async removeDevice(id: string): Promise<void> {
    await this.#db.deleteFrom('push_subscription').where('id', '=', id).execute();
  }

  async removeDeviceOf(person: string, endpointHash: string): Promise<void> {
    await this.#db
      .deleteFrom('push_subscription')
      .where('person', '=', person)
      .where('endpoint_hash', '=', endpointHash)
      .execute();
  }

  async settings(site: string): Promise<NoticeSettings | undefined> {
    const row = await this.#db
      .selectFrom('setting')
      .select('body')
      .where('site', '=', site)
      .where('name', '=', settingName)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row && noticeSettings.parse(JSON.parse(row.body));
  }

  async saveSettings(site: string, settings: NoticeSettings, changedBy: string, at: string): Promise<void> {
    await inTransaction(this.#db, async (transaction) => {
      const last = await transaction
        .selectFrom('setting')
        .select(({ fn }) => fn.max('version').as('version'))
        .where('site', '=', site)
        .where('name', '=', settingName)
        .executeTakeFirst();
      await transaction
        .insertInto('setting')
        .values({
          site,
          name: settingName,
          version: (last?.version ?? 0) + 1,
          body: JSON.stringify(settings),
          changed_by: changedBy,
          changed_at: at,
        })
        .execute();
    });
  }
}

function readChannel(row: Selectable<HubDatabase['channel']>): StoredChannel {
  const { id, site, kind, body, sealed, created_at: createdAt } = row;
  const settings = channelSettings.parse(JSON.parse(body));
  return { id, site, kind: channelKind.parse(kind), settings, createdAt, ...(sealed && { sealed }) };
}

function readDevice(row: Selectable<HubDatabase['push_subscription']>): StoredDevice {
  const { id, endpoint_hash: endpointHash, person, language, sealed, created_at: createdAt } = row;
  return { id, endpointHash, person, language: messageLanguage.parse(language), sealed, createdAt };
}
