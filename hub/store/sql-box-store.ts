import { type BoxHealth, boxHealth } from '../contract/api.ts';
import type { BoxStatus, Telemetry } from '../contract/status.ts';
import type { BoxAddress } from '../contract/topics.ts';
import type { LoggedEvent } from '../event-log.ts';
import type { BoxStore } from '../ingest/box-store.ts';
import type { HubKysely, HubTransaction } from './hub-database.ts';
import { logEvent } from './sql-event-log.ts';
import { noteGate } from './sql-sighting-store.ts';
import { inTransaction } from './transaction.ts';

const healthColumns = [
  'site',
  'box',
  'status',
  'telemetry',
  'telemetry_received_at',
  'clock_skew_seconds',
] as const;

/** The boxes in the database. */
export class SqlBoxStore implements BoxStore {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async admit({ site, box }: BoxAddress, tokenHash: string, at: string): Promise<void> {
    const row = { token_hash: tokenHash, admitted_at: at };
    await inTransaction(this.#db, (transaction) => saveBox(transaction, { site, box }, row));
  }

  async tokenHash({ site, box }: BoxAddress): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('box')
      .select('token_hash')
      .where('site', '=', site)
      .where('box', '=', box)
      .executeTakeFirst();
    return row?.token_hash ?? undefined;
  }

  async list(): Promise<BoxHealth[]> {
    const rows = await this.#db
      .selectFrom('box')
      .select(healthColumns)
      .orderBy('site')
      .orderBy('box')
      .execute();
    return rows.map(readHealth);
  }

  async gates(site: string): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('gate')
      .select('gate')
      .where('site', '=', site)
      .orderBy('gate')
      .execute();
    return rows.map(({ gate }) => gate);
  }

  recordStatus(address: BoxAddress, status: BoxStatus, _receivedAt: string): Promise<LoggedEvent[]> {
    return inTransaction(this.#db, async (transaction) => {
      await saveBox(transaction, address, { status: JSON.stringify(status) });
      return [await logHealth(transaction, address)];
    });
  }

  recordTelemetry(address: BoxAddress, telemetry: Telemetry, receivedAt: string): Promise<LoggedEvent[]> {
    return inTransaction(this.#db, async (transaction) => {
      await saveBox(transaction, address, {
        telemetry: JSON.stringify(telemetry),
        telemetry_received_at: receivedAt,
        clock_skew_seconds: (Date.parse(telemetry.at) - Date.parse(receivedAt)) / 1000,
      });
      for (const { gate } of telemetry.cameras) await noteGate(transaction, address.site, gate);
      return [await logHealth(transaction, address)];
    });
  }

  markAllOffline(): Promise<void> {
    return inTransaction(this.#db, async (transaction) => {
      const rows = await transaction.selectFrom('box').select(healthColumns).execute();
      for (const { status, ...address } of rows.map(readHealth)) {
        if (!status?.online) continue;
        await saveBox(transaction, address, { status: JSON.stringify({ ...status, online: false }) });
        await logHealth(transaction, address);
      }
    });
  }
}

async function saveBox(
  transaction: HubTransaction,
  { site, box }: BoxAddress,
  row: Record<string, string | number>,
): Promise<void> {
  await transaction
    .insertInto('box')
    .values({ site, box, ...row })
    .onConflict((conflict) => conflict.columns(['site', 'box']).doUpdateSet(row))
    .execute();
}

async function logHealth(transaction: HubTransaction, { site, box }: BoxAddress): Promise<LoggedEvent> {
  const row = await transaction
    .selectFrom('box')
    .select(healthColumns)
    .where('site', '=', site)
    .where('box', '=', box)
    .executeTakeFirstOrThrow();
  return logEvent(transaction, { type: 'box', box: readHealth(row) });
}

function readHealth(row: {
  site: string;
  box: string;
  status: string | null;
  telemetry: string | null;
  telemetry_received_at: string | null;
  clock_skew_seconds: number | null;
}): BoxHealth {
  return boxHealth.parse({
    site: row.site,
    box: row.box,
    status: row.status === null ? undefined : JSON.parse(row.status),
    telemetry: row.telemetry === null ? undefined : JSON.parse(row.telemetry),
    telemetryReceivedAt: row.telemetry_received_at ?? undefined,
    clockSkewSeconds: row.clock_skew_seconds ?? undefined,
  });
}
