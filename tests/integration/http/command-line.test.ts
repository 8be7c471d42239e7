import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable, Writable } from 'node:stream';
import Database from 'better-sqlite3';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../../hub/command-line.ts';
import { openDatabase } from '../../../hub/store/open-database.ts';
import { openStore } from '../../../hub/store/open-store.ts';
import { buildSighting } from '../../builders/sighting.ts';

const launcher = resolve(import.meta.dirname, '../../../hub/gatehouse-hub.mjs');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-command-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function hub(args: string[], { input = '', env = {} } = {}) {
  const written = { out: '', err: '' };
  const collect = (to: 'out' | 'err') =>
    new Writable({
      write(chunk, _encoding, done) {
        written[to] += chunk;
        done();
      },
    });
  const code = await runCommand({
    argv: [...args, '--data', folder],
    env,
    stdin: Readable.from([input]),
    stdout: collect('out'),
    stderr: collect('err'),
    stopped: Promise.resolve(),
  });
  return { code, ...written };
}

describe('wrong use exits 2 and shows the usage', () => {
  test.each([
    [['frobnicate'], 'no command'],
    [['person', 'add'], 'USERNAME'],
    [['person', 'add', 'admin', '--role', 'boss'], '--role'],
    [['person', 'add', 'a', 'b', '--role', 'guard'], 'one word too many'],
    [['box', 'add', '--box', 'East Box'], '--box'],
    [['box', 'add', 'east-box'], 'no command'],
    [['serve', '--port', '70000'], '--port'],
    [['serve', '--port', 'http'], '--port'],
    [['serve', '--broker', 'http://x'], '--broker'],
    [['serve', '--second-factor', 'perhaps'], '--second-factor'],
    [['audit', 'verify', '--expect', 'abc@1'], '--expect'],
    [['person', 'reset-password'], 'USERNAME'],
    [['serve', '--colour'], 'colour'],
    [['serve', '--tls', 'yes'], '--tls'],
    [['serve', '--tls-cert', 'a.crt'], '--tls-key'],
    [['serve', '--tls', 'auto', '--tls-cert', 'a', '--tls-key', 'b'], '--tls-cert'],
    [['serve', '--tls', 'auto', '--tls-name', 'a b'], '--tls-name'],
    [['serve', '--tls-name', 'a.lan'], '--tls auto'],
    [['serve', '--redirect-port', '80'], '--redirect-port'],
  ])('%j', async (args, named) => {
    const { code, out, err } = await hub(args);
    expect([code, out]).toEqual([2, '']);
    expect(err.split('\n')[0]).toContain(named);
    expect(err).toContain('person add USERNAME --role');
  });

  test('an unknown LOG_LEVEL', async () => {
    const { code, err } = await hub(['serve'], { env: { LOG_LEVEL: 'loud' } });
    expect([code, err.split('\n')[0]]).toEqual([2, expect.stringContaining('LOG_LEVEL')]);
  });
});

test('a person is added once, with a password that is shown once or read from stdin, and never with a short one', async () => {
  const made = await hub(['person', 'add', 'admin', '--role', 'admin']);
  expect(made).toEqual({ code: 0, out: expect.stringMatching(/^[\w-]{16}\n$/), err: '' });
  const stdin = ['--role', 'guard', '--name', '王', '--password-stdin'];
  expect(await hub(['person', 'add', 'wang', ...stdin], { input: 'a-long-password\n' })).toEqual({
    code: 0,
    out: '',
    err: '',
  });
  expect((await hub(['person', 'add', 'chen', ...stdin], { input: 'short\n' })).code).toBe(2);

  const again = await hub(['person', 'add', 'admin', '--role', 'admin']);
  expect(again).toEqual({
    code: 1,
    out: '',
    err: expect.stringMatching(/^USERNAME_TAKEN: .*Choose another/),
  });
  expect(JSON.parse((await hub(['person', 'list', '--json'])).out)).toMatchObject([
    { username: 'admin', role: 'admin' },
    { username: 'wang', role: 'guard', displayName: '王' },
  ]);
  expect((await hub(['person', 'list'])).out).toMatch(/^admin +admin +admin\nwang +guard +王\n$/);
});

test('what is derived from the sightings is derived anew when asked', async () => {
  const paths = { database: join(folder, 'hub.sqlite'), evidence: join(folder, 'evidence') };
  const window = { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' };
  const before = await openStore(paths);
  await before.sightings.commit(buildSighting(), undefined, window.to, () => ({ changed: [], notices: [] }));
  await sql`update flow set sightings = 7`.execute(before.database);
  await before.close();
  expect(await hub(['log', 'rebuild'])).toEqual({ code: 0, out: '', err: '' });
  const after = await openStore(paths);
  expect(await after.flows.hours(window, 'all')).toMatchObject([{ person: { unknown: 1 } }]);
  await after.close();
});

test('what is done on the hub’s machine is in the trail, which is verified up to its head', async () => {
  const first = await hub(['audit', 'verify']);
  const place = first.out.match(/[0-9a-f]{64}@\d+/)![0];
  expect(first).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+ entries hold; the newest is /) });
  const reset = await hub(['person', 'reset-password', 'wang']);
  expect(reset).toMatchObject({ code: 0, out: expect.stringMatching(/^[A-Z2-9]{4}(-[A-Z2-9]{4}){2}\n$/) });
  expect((await hub(['person', 'reset-second-factor', 'wang'])).out).toBe('wang had no second factor\n');
  expect((await hub(['person', 'reset-second-factor', 'nobody'])).err).toMatch(/^PERSON_UNKNOWN: nobody/);

  const again = await hub(['audit', 'verify', '--expect', place, '--json']);
  expect([again.code, JSON.parse(again.out)]).toMatchObject([0, { intact: true }]);
  const database = await openDatabase(join(folder, 'hub.sqlite'));
  const last = await database.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(2).execute();
  expect(last).toMatchObject([
    { action: 'second_factor_reset', address: 'command line' },
    { action: 'password_reset', address: 'command line' },
  ]);
  await database.destroy();
});

test('a trail that somebody has changed is told with the entry, and exit 1', async () => {
  const file = new Database(join(folder, 'hub.sqlite'));
  file.exec('drop trigger audit_never_changes');
  file.exec(`update audit set target = 'x' where id = 2`);
  file.close();
  const verified = await hub(['audit', 'verify', '--json']);
  expect(verified).toMatchObject({ code: 1, err: expect.stringMatching(/^AUDIT_BROKEN: entry 2: /) });
  expect(JSON.parse(verified.out)).toEqual({ intact: false, entries: 1, brokenAt: 2 });
});

test('a box gets a token, and a new one when it is added again', async () => {
  const add = () => hub(['box', 'add', '--box', 'east-box']);
  const [first, second] = [await add(), await add()];
  for (const { code, out } of [first, second])
    expect([code, out]).toEqual([0, expect.stringMatching(/^[\w-]{43}\n$/)]);
  expect(first.out).not.toBe(second.out);
});

test('the messages of the contract come as JSON Schemas', async () => {
  const { out } = await hub(['schema']);
  expect(Object.keys(JSON.parse(out))).toEqual(
    expect.arrayContaining(['sighting', 'receipt', 'policy', 'telemetry']),
  );
});

test('serve answers, and a signal to the launcher ends it cleanly', async () => {
  const args = [launcher, 'serve', '--port', '0', '--mqtt-port', '0', '--data', folder];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    log += chunk;
  });
  await expect.poll(() => log, { timeout: 25_000 }).toContain('hub is running');
  const { address } = JSON.parse(log.split('\n').find((line) => line.includes('hub is running')) ?? '');
  expect(await (await fetch(`${address}/api/v1/health`)).json()).toEqual({ ok: true });

  child.kill('SIGTERM');
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  expect(log).toContain('hub stopped');
}, 60_000);
