import type { z } from 'zod';
import type { DeviceStore, StoredDevice, StoredPairing } from '../accounts/device-store.ts';
import { type Device, deviceRules } from '../contract/api.ts';
import type { HubDatabase, HubKysely } from './hub-database.ts';
import { inTransaction } from './transaction.ts';

/** The name under which the rules of tablets lie among the settings. */
const setting = 'devices';

/** Paired tablets in the database. */
export class SqlDeviceStore implements DeviceStore {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  addPairing({ codeHash, madeBy, expiresAt, ...rest }: StoredPairing, now: string): Promise<void> {
    return inTransaction(this.#db, async (transaction) => {
      await transaction.deleteFrom('pairing_code').where('expires_at', '<=', now).execute();
      await transaction
        .insertInto('pairing_code')
        .values({ code_hash: codeHash, made_by: madeBy, expires_at: expiresAt, ...rest })
        .execute();
    });
  }

  pair(
    codeHash: string,
    now: string,
    toDevice: (pairing: StoredPairing) => StoredDevice,
  ): Promise<StoredDevice | undefined> {
    return inTransaction(this.#db, async (transaction) => {
      const row = await transaction
        .deleteFrom('pairing_code')
        .where('code_hash', '=', codeHash)
        .where('expires_at', '>', now)
        .returningAll()
        .executeTakeFirst();
      if (!row) return undefined;
      const { code_hash, made_by: madeBy, expires_at: expiresAt, ...rest } = row;
      const device = toDevice({ codeHash: code_hash, madeBy, expiresAt, ...rest });
      const { id, site, gate, name } = device;
      await transaction
        .insertInto('device')
        .values({
          id,
          site,
          gate,
          name,
          token_hash: device.tokenHash,
          paired_by: device.pairedBy,
          paired_at: device.pairedAt,
          last_seen_at: device.lastSeenAt,
        })
        .execute();
      return device;
    });
  }

  async findByToken(tokenHash: string): Promise<StoredDevice | undefined> {
    const row = await this.#db
      .selectFrom('device')
      .selectAll()
      .where('token_hash', '=', tokenHash)
      .executeTakeFirst();
    return row && { ...readDevice(row), site: row.site, tokenHash };
  }

  async list(site: string): Promise<Device[]> {
    const rows = await this.#db
      .selectFrom('device')
      .selectAll()
      .where('site', '=', site)
      .orderBy('gate')
      .orderBy('name')
      .orderBy('id')
      .execute();
    return rows.map(readDevice);
  }

  async noteSeen(id: string, at: string): Promise<void> {
    await inTransaction(this.#db, (transaction) =>
      transaction.updateTable('device').set({ last_seen_at: at }).where('id', '=', id).execute(),
    );
  }

  revoke(site: string, id: string): Promise<{ device: Device; sessions: string[] } | undefined> {
    return inTransaction(this.#db, async (transaction) => {
      const row = await transaction
        .deleteFrom('device')
        .where('site', '=', site)
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      if (!row) return undefined;
      const ended = await transaction
        .deleteFrom('session')
        .where('device', '=', id)
        .returning('token_hash')
        .execute();
      return { device: readDevice(row), sessions: ended.map(({ token_hash }) => token_hash) };
    });
  }

  async guardsOnlyOnPairedTablets(site: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom('setting')
      .select('body')
      .where('site', '=', site)
      .where('name', '=', setting)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row !== undefined && deviceRules.parse(JSON.parse(row.body)).guardsOnlyOnPairedTablets;
  }

  setGuardsOnlyOnPairedTablets(site: string, on: boolean, changedBy: string, at: string): Promise<void> {
    return inTransaction(this.#db, async (transaction) => {
      const newest = await transaction
        .selectFrom('setting')
        .select(({ fn }) => fn.max('version').as('version'))
        .where('site', '=', site)
        .where('name', '=', setting)
        .executeTakeFirst();
      const rules: z.infer<typeof deviceRules> = { guardsOnlyOnPairedTablets: on };
      await transaction
        .insertInto('setting')
        .values({
          site,
          name: setting,
          version: (newest?.version ?? 0) + 1,
          body: JSON.stringify(rules),
          changed_by: changedBy,
          changed_at: at,
        })
        .execute();
    });
  }
}

function readDevice(row: HubDatabase['device']): Device {
  return {
    id: row.id,
    name: row.name,
    gate: row.gate,
    pairedBy: row.paired_by,
    pairedAt: row.paired_at,
    lastSeenAt: row.last_seen_at,
  };
}
