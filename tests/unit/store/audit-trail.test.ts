import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, sql } from 'kysely';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { type ChainLink, chainHash, chainStart } from '../../../hub/accounts/audit-chain.ts';
import { HubKysely } from '../../../hub/store/hub-database.ts';
import * as sightings from '../../../hub/store/migrations/0001-sightings.ts';
import * as accounts from '../../../hub/store/migrations/0002-accounts.ts';
import * as erasures from '../../../hub/store/migrations/0003-erasures.ts';
import * as duty from '../../../hub/store/migrations/0004-duty.ts';
import * as trust from '../../../hub/store/migrations/0007-trust.ts';
import { openDatabase } from '../../../hub/store/open-database.ts';
import { SqlAuditTrail } from '../../../hub/store/sql-audit-trail.ts';
import { openSqlite } from '../../../hub/store/sqlite.ts';
import { temporaryFolder } from '../../integration/hub/run-hub.ts';

/** More than the walk reads at once. */
const entries = 1203;
const person = { id: '0195500c-0000-7000-8000-000000000001', displayName: '李' };
let whole: string;
let head: ChainLink;

beforeAll(async () => {
  const folder = await temporaryFolder();
  whole = join(folder.path, 'hub.sqlite');
  const database = await openDatabase(whole);
  const trail = new SqlAuditTrail(database);
  await sql`pragma synchronous = OFF`.execute(database);
  for (let entry = 1; entry <= entries; entry++) {
    const at = new Date(Date.parse('2026-03-01T08:00:00.000Z') + entry * 1000).toISOString();
    const details = entry % 2 ? { disposition: 'let_in' } : undefined;
    await trail.record({
      at,
      action: 'trajectory_viewed',
      actor: person,
      target: `苏A${entry}`,
      address: '::1',
      details,
    });
  }
  head = await trail.head();
  await database.destroy();
  return folder.remove;
});

/** A copy of the file, changed behind the hub's back: without its triggers. */
async function tampered(...statements: string[]): Promise<{ trail: SqlAuditTrail; database: HubKysely }> {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'hub.sqlite');
  await cp(whole, path);
  const file = new Database(path);
  const triggers = file.prepare(`select name from sqlite_master where type = 'trigger'`).pluck().all();
  for (const trigger of triggers) file.exec(`drop trigger ${trigger}`);
  for (const statement of statements) file.exec(statement);
  file.close();
  const database = await openDatabase(path);
  onTestFinished(async () => {
    await database.destroy();
    await folder.remove();
  });
  return { trail: new SqlAuditTrail(database), database };
}

test('a trail that nobody touched holds, up to its head', async () => {
  const { trail } = await tampered();
  expect(await trail.prove()).toEqual({ intact: true, entries, head });
  expect(head.id).toBe(entries);
});

test.each([
  ['one character of a name', `update audit set actor_name = '王' where id = 700`, 700],
  ['one digit of an instant', `update audit set at = replace(at, '08:', '09:') where id = 501`, 501],
  ['details that were not there', `update audit set details = '{}' where id = 2`, 2],
  ['a hash', `update audit set hash = '${'0'.repeat(64)}' where id = 3`, 3],
  ['a hash that is gone', `update audit set hash = null where id = 3`, 3],
])('%s that was changed shows, and where', async (_what, statement, brokenAt) => {
  const { trail } = await tampered(statement);
  expect(await trail.prove()).toMatchObject({ intact: false, brokenAt, entries: brokenAt - 1 });
});

test('an entry that was removed shows at the next one', async () => {
  const { trail } = await tampered('delete from audit where id = 1000');
  expect(await trail.prove()).toMatchObject({ intact: false, brokenAt: 1001 });
});

test('two entries that changed places show at the first', async () => {
  const { trail } = await tampered(
    'update audit set id = -1 where id = 10',
    'update audit set id = 10 where id = 11',
    'update audit set id = 11 where id = -1',
  );
  expect(await trail.prove()).toMatchObject({ intact: false, brokenAt: 10 });
});

test('an entry that was slipped in shows', async () => {
  const { trail } = await tampered(
    `insert into audit (id, at, action, address, hash) values (${entries + 1}, 'x', 'logged_in', '::1', '${'a'.repeat(64)}')`,
  );
  expect(await trail.prove()).toMatchObject({ intact: false, brokenAt: entries + 1 });
});

test('a tail that was cut off shows only to who noted the head before', async () => {
  const { trail } = await tampered('delete from audit where id > 1100');
  expect(await trail.prove()).toMatchObject({ intact: true, entries: 1100 });
  expect(await trail.prove(head)).toMatchObject({ intact: false, brokenAt: head.id });
});

test('a tail that was cut off and written afresh shows to who noted the head before', async () => {
  const { trail } = await tampered('delete from audit where id > 1202');
  await trail.record({ at: '2026-03-01T09:00:00.000Z', action: 'logged_in', address: '::1' });
  expect(await trail.prove()).toMatchObject({ intact: true, entries });
  expect(await trail.prove(head)).toMatchObject({ intact: false, brokenAt: head.id });
});

test('a place noted in the middle is found, and the trail goes on after it', async () => {
  const { trail } = await tampered();
  await trail.record({ at: '2026-03-02T08:00:00.000Z', action: 'logged_in', address: '::1' });
  expect(await trail.prove(head)).toMatchObject({ intact: true, entries: entries + 1 });
});

test('entries before a checkpoint may go, and the rest still holds from there', async () => {
  const { trail, database } = await tampered();
  const { hash } = await database
    .selectFrom('audit')
    .select('hash')
    .where('id', '=', 400)
    .executeTakeFirstOrThrow();
  await database
    .insertInto('audit_checkpoint')
    .values({ id: 400, hash, at: '2026-04-01T00:00:00.000Z' })
    .execute();
  await database.deleteFrom('audit').where('id', '<=', 400).execute();
  expect(await trail.prove(head)).toEqual({ intact: true, entries: entries - 400, head });
  expect(await trail.prove({ id: 400, hash })).toMatchObject({ intact: true });
});

test('the database itself refuses to change, remove, replace or slip in an entry', async () => {
  const folder = await temporaryFolder();
  const database = await openDatabase(join(folder.path, 'hub.sqlite'));
  onTestFinished(async () => {
    await database.destroy();
    await folder.remove();
  });
  const trail = new SqlAuditTrail(database);
  for (let entry = 0; entry < 3; entry++) {
    await trail.record({ at: '2026-03-01T08:00:00.000Z', action: 'logged_in', address: '::1' });
  }
  const deeds = [
    sql`update audit set address = '10.0.0.1' where id = 1`,
    sql`delete from audit where id = 2`,
    sql`delete from audit`,
    sql`insert or replace into audit (id, at, action, address, hash) values (2, 'x', 'logged_in', 'x', 'x')`,
    sql`insert into audit (at, action, address) values ('x', 'logged_in', 'x')`,
  ];
  for (const deed of deeds) await expect(deed.execute(database)).rejects.toThrow('audit is append-only');
  expect(await trail.prove()).toMatchObject({ intact: true, entries: 3 });

  // The one way out: a checkpoint first, and then no further than it.
  const { hash } = await database
    .selectFrom('audit')
    .select('hash')
    .where('id', '=', 1)
    .executeTakeFirstOrThrow();
  await sql`insert into audit_checkpoint (id, hash, at) values (1, ${hash}, 'x')`.execute(database);
  await expect(sql`delete from audit where id <= 2`.execute(database)).rejects.toThrow('append-only');
  await sql`delete from audit where id <= 1`.execute(database);
  await expect(sql`delete from audit_checkpoint`.execute(database)).rejects.toThrow('append-only');
  expect(await trail.prove()).toMatchObject({ intact: true, entries: 2 });
});

test('entries from before there was a chain are chained when the database is brought to this version', async () => {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'hub.sqlite');
  onTestFinished(folder.remove);
  await run(path, [sightings, accounts]);
  const file = new Database(path);
  for (let entry = 1; entry <= 5; entry++) {
    file.exec(
      `insert into audit (at, action, actor_name, address) values ('2026', 'logged_in', '李${entry}', '::1')`,
    );
  }
  file.exec('delete from audit where id = 3');
  file.exec(
    `insert into policy values ('demo', 1, '{"watchedProvinces":{"provinces":["鄂"]}}', 'x', 'x'), ('demo', 2, '{}', 'x', 'x')`,
  );
  file.close();
  await run(path, [erasures, duty, trust]);

  const database = new HubKysely(openSqlite(path));
  expect(await new SqlAuditTrail(database).prove()).toMatchObject({
    intact: true,
    entries: 4,
    head: { id: 5 },
  });
  const policies = await database.selectFrom('policy').select('body').orderBy('version').execute();
  expect(policies.map(({ body }) => JSON.parse(body))).toEqual([
    { watchedProvinces: [{ provinces: ['鄂'] }] },
    {},
  ]);
  await database.destroy();
});

async function run(path: string, migrations: { up(db: Kysely<unknown>): Promise<void> }[]): Promise<void> {
  const database = new Kysely<unknown>({ dialect: openSqlite(path).dialect });
  for (const migration of migrations) await migration.up(database);
  await database.destroy();
}

test('the hash is the one that the standards give for these bytes', () => {
  const entry = {
    id: 1,
    at: '2026-03-01T08:00:00.000Z',
    action: 'logged_in',
    actor: null,
    actorName: '李',
    target: null,
    address: '::1',
    details: '{"a":1}',
  };
  // printf '%064d' 0; printf '[1,"2026-…"]' | sha256sum
  expect(chainHash(chainStart.hash, entry)).toBe(
    '9a80856dd7a589b25ed4bb181cb8ad14d309fedc734e7a1e406e9789de7d0ced',
  );
});
