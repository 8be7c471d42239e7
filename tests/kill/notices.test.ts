import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HubKysely } from '../../hub/store/hub-database.ts';
import { openDatabase } from '../../hub/store/open-database.ts';
import { SqlNoticeStore } from '../../hub/store/sql-notice-store.ts';
import { freePort, HubProcess } from '../builders/hub-process.ts';
import { type Provider, startProvider } from '../builders/provider.ts';

let folder: string;
let hub: HubProcess;
let provider: Provider;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-notices-'));
  hub = new HubProcess({ dataFolder: folder, port: await freePort(), mqttPort: await freePort() });
  provider = await startProvider(() => undefined);
});
afterEach(async () => {
  await hub.kill();
  await provider.close();
  rmSync(folder, { recursive: true });
});

/** As the engineer of the gaps writes it: the gap and the request in one commit. */
async function requestNotice(database: HubKysely): Promise<string> {
  const gap = randomUUID();
  const at = new Date().toISOString();
  const about = { kind: 'gap', gap };
  const body = JSON.stringify({ at, about, site: 'demo', gate: 'east-gate', stage: 'manager', people: [] });
  await database.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('duty_gap')
      .values({ id: gap, site: 'demo', gate: 'east-gate', from_at: at, until_at: null, body: '{}' })
      .execute();
    await transaction.insertInto('notice_request').values({ at, body }).execute();
  });
  return gap;
}

async function webhookNotices(database: HubKysely): Promise<{ id: string; about: string; state: string }[]> {
  return database
    .selectFrom('notice')
    .select(['id', 'about', 'state'])
    .where('channel_kind', '=', 'webhook')
    .orderBy('request')
    .execute();
}

test('a hub that is killed while it tells people tells them all after its start, and expands nothing twice', async () => {
  hub.addAdmin();
  await hub.start();
  await hub.write('POST', '/channels', {
    kind: 'webhook',
    name: 'desk',
    enabled: true,
    language: 'en',
    stages: ['manager'],
    gaps: true,
    pictures: false,
    secrets: { url: `${provider.origin}/in`, secret: 'sixteen characters' },
  });
  const database = await openDatabase(join(folder, 'hub.sqlite'));
  const gaps = [await requestNotice(database), await requestNotice(database), await requestNotice(database)];
  await expect.poll(() => provider.taken.length, { timeout: 20_000 }).toBeGreaterThan(0);
  await hub.kill();
  const before = await webhookNotices(database);
  expect(before.map(({ about, state }) => [about, state])).toEqual(gaps.map((gap) => [gap, 'waiting']));
  gaps.push(await requestNotice(database));

  const early = new Set(provider.taken.map(({ headers }) => headers['x-gatehouse-id']));
  provider.taken.length = 0;
  provider.answer = () => ({ status: 204 });
  await hub.start();
  await expect
    .poll(async () => (await webhookNotices(database)).map(({ about, state }) => [about, state]), {
      timeout: 20_000,
    })
    .toEqual(gaps.map((gap) => [gap, 'delivered']));
  const ids = provider.taken.map(({ headers }) => headers['x-gatehouse-id']);
  expect(ids.toSorted()).toEqual((await webhookNotices(database)).map(({ id }) => id).toSorted());
  for (const id of early) expect(ids).toContain(id);
  await database.destroy();
});

test('a request whose expansion fails half-way stays, with nothing of it kept', async () => {
  const database = await openDatabase(join(folder, 'hub.sqlite'));
  const store = new SqlNoticeStore(database);
  await requestNotice(database);
  const planned = {
    channel: randomUUID(),
    channelKind: 'webhook' as const,
    channelName: 'desk',
    target: '',
    state: 'waiting' as const,
    expiresAt: '2026-03-01T08:30:00.000Z',
  };
  const at = '2026-03-01T08:00:00.000Z';
  const twice = store.expandNext(() => [planned, planned], randomUUID, at);
  await expect(twice).rejects.toThrow(/UNIQUE/);
  expect(await webhookNotices(database)).toEqual([]);

  expect(await store.expandNext(() => [planned], randomUUID, at)).toEqual([planned]);
  expect(await store.expandNext(() => [planned], randomUUID, at)).toBeUndefined();
  expect(await webhookNotices(database)).toHaveLength(1);
  await database.destroy();
});

test('a request that nobody can read is passed over, and those behind it are told', async () => {
  const database = await openDatabase(join(folder, 'hub.sqlite'));
  const store = new SqlNoticeStore(database);
  await database.insertInto('notice_request').values({ at: '2026-03-01T08:00:00.000Z', body: '{' }).execute();
  const gap = await requestNotice(database);
  const seen: unknown[] = [];
  const plan = ({ about }: { about: unknown }) => {
    seen.push(about);
    return [];
  };
  expect(await store.expandNext(plan, randomUUID, '')).toBe('unreadable');
  expect(await store.expandNext(plan, randomUUID, '')).toEqual([]);
  expect(seen).toEqual([{ kind: 'gap', gap }]);
  await database.destroy();
});
