import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommand } from '../../../hub/command-line.ts';
import type { InstallationFinding } from '../../../hub/installation-check.ts';
import { openKeyRing } from '../../../hub/keys/key-file.ts';
import { openDatabase } from '../../../hub/store/open-database.ts';
import { issueServerCertificate, makeAuthority } from '../../../hub/tls/certificate.ts';
import { LocalIdentity } from '../../../hub/tls/local-identity.ts';
import { permittedFor } from '../../../hub/tls/server-names.ts';

const root = mkdtempSync(join(tmpdir(), 'gatehouse-check-'));
afterAll(() => rmSync(root, { recursive: true }));
const day = 86_400_000;
const freePorts = ['--port', '0', '--mqtt-port', '0'];
let folder: string;
let taken: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(root, 'hub-'));
});
afterEach(() => taken?.close());

async function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const into = (where: 'out' | 'err') =>
    new Writable({
      write(chunk, _encoding, done) {
        said[where] += chunk;
        done();
      },
    });
  const around = {
    env: {},
    stdin: Readable.from([]),
    stdout: into('out'),
    stderr: into('err'),
    stopped: Promise.resolve(),
  };
  const code = await runCommand({ ...around, argv: ['check', '--data', folder, ...words] });
  return { code, ...said };
}

async function check(
  ...words: string[]
): Promise<{ code: number; found: Record<string, InstallationFinding> }> {
  const { code, out } = await run('--json', ...words);
  const findings = JSON.parse(out) as InstallationFinding[];
  return { code, found: Object.fromEntries(findings.map((finding) => [finding.what, finding])) };
}

test('a fresh machine passes, and nothing is made by looking', async () => {
  folder = join(folder, 'not-yet/hub');
  const { code, found } = await check(...freePorts);
  expect(code).toBe(0);
  expect(Object.values(found).filter(({ state }) => state === 'fail')).toEqual([]);
  expect(readdirSync(join(folder, '../..'))).toEqual([]);
});

test('a hub that has run passes, and is left as it is', async () => {
  await (await openDatabase(join(folder, 'hub.sqlite'))).destroy();
  openKeyRing(join(folder, 'hub.key'));
  const names = readdirSync(folder);
  const { code, found } = await check(...freePorts);
  expect(code).toBe(0);
  expect([found.database.state, found.key.state, found['data folder'].state]).toEqual(['ok', 'ok', 'ok']);
  expect(readdirSync(folder)).toEqual(names);
});

test('a table for people says what to do; wrong options are wrong use', async () => {
  const { code, out } = await run('--host', '192.168.1.10', '--port', '0', '--mqtt-port', '0');
  expect(code).toBe(1);
  expect(out).toMatch(/^fail {2}encryption +TLS_REQUIRED: .*\n +→ Add --tls auto/m);
  expect((await run('--port', 'x')).code).toBe(2);
});

describe('it finds', () => {
  async function expectFinding(
    what: string,
    state: 'warn' | 'fail',
    says: RegExp,
    ...words: string[]
  ): Promise<void> {
    const { code, found } = await check(
      ...(words.includes('--port') ? [] : ['--port', '0']),
      ...(words.includes('--mqtt-port') ? [] : ['--mqtt-port', '0']),
      ...words,
    );
    expect([found[what].state, found[what].says]).toEqual([state, expect.stringMatching(says)]);
    expect(found[what].remedy).toMatch(/^[A-Z].+/);
    if (state === 'fail') expect(code).toBe(1);
  }

  test('a data folder that others can read', async () => {
    chmodSync(folder, 0o755);
    await expectFinding('data folder', 'warn', /read by others/);
  });

  test('a database that is none, is damaged, is newer, or is behind', async () => {
    const path = join(folder, 'hub.sqlite');
    writeFileSync(path, 'this is no database, whatever its name says'.repeat(100));
    await expectFinding('database', 'fail', /DATABASE_UNREADABLE/);
    rmSync(path);
    const database = new Database(path);
    database.exec(
      'create table database_version (version integer not null); insert into database_version values (999)',
    );
    await expectFinding('database', 'fail', /DATABASE_NEWER/);
    database.exec('update database_version set version = 1');
    await expectFinding('database', 'warn', /version 1.*brings it \d+ on/);
    database.close();
  });

  test('a key that is none, or that others can read', async () => {
    const path = join(folder, 'hub.key');
    writeFileSync(path, 'no key', { mode: 0o600 });
    await expectFinding('key', 'fail', /HUB_KEY_UNREADABLE/);
    rmSync(path);
    openKeyRing(path);
    chmodSync(path, 0o644);
    await expectFinding('key', 'fail', /read by others/);
  });

  test('a clock that is behind the hub’s own work', async () => {
    const path = join(folder, 'hub.sqlite');
    await (await openDatabase(path)).destroy();
    const tomorrow = Date.now() / 1000 + 86_400;
    utimesSync(path, tomorrow, tomorrow);
    await expectFinding('clock', 'fail', /behind/);
  });

  test('ports that are taken', async () => {
    taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = String((taken.address() as AddressInfo).port);
    await expectFinding('HTTP port', 'fail', /HTTP_PORT_TAKEN/, '--port', port);
    await expectFinding('MQTT port', 'fail', /BROKER_PORT_TAKEN/, '--mqtt-port', port);
    await expectFinding('redirect port', 'fail', /HTTP_PORT_TAKEN/, '--tls', 'auto', '--redirect-port', port);
    const { found } = await check('--port', '0', '--broker', `mqtt://127.0.0.1:${port}`);
    expect(found.broker.state).toBe('ok');
  });

  test('an external broker that is away', async () => {
    await expectFinding('broker', 'fail', /BROKER_UNREACHABLE/, '--broker', 'mqtt://127.0.0.1:9');
  });

  test('a network without encryption, even when it was asked for', async () => {
    await expectFinding('encryption', 'warn', /none, although/, '--host', '0.0.0.0', '--insecure-http');
  });

  test('certificates that end, do not belong to their key, name another host, or are not there', async () => {
    const now = Date.now();
    const files = ['--tls-cert', join(folder, 'hub.crt'), '--tls-key', join(folder, 'hub.key.pem')];
    await expectFinding('encryption', 'fail', /TLS_FILES_UNUSABLE/, ...files);
    const write = (issuedAt: number, names: string[], key?: string) => {
      const authority = makeAuthority('Company', permittedFor([]), issuedAt);
      const issued = issueServerCertificate(authority, names, issuedAt);
      writeFileSync(files[1], issued.certificate);
      writeFileSync(files[3], key ?? issued.key);
      return issued.key;
    };
    const other = write(now - 390 * day, ['hub.lan']);
    await expectFinding('encryption', 'warn', /until \d{4}-/, ...files);
    write(now - 400 * day, ['hub.lan']);
    await expectFinding('encryption', 'fail', /until \d{4}-/, ...files);
    write(now, ['hub.lan'], other);
    await expectFinding('encryption', 'fail', /TLS_FILES_UNUSABLE/, ...files);
    write(now, ['hub.lan']);
    await expectFinding('encryption', 'warn', /does not name other\.lan/, '--host', 'other.lan', ...files);
  });

  test('an authority that cannot be read; one that is there is named by its fingerprint', async () => {
    const tls = join(folder, 'tls');
    const { authority } = new LocalIdentity({
      folder: tls,
      site: 'demo',
      asked: [],
      found: () => ['localhost'],
      now: Date.now(),
    });
    const { found } = await check('--tls', 'auto', ...freePorts);
    expect(found.encryption.says).toContain(authority.fingerprint);
    mkdirSync(tls, { recursive: true });
    writeFileSync(join(tls, 'authority.json'), '{}');
    await expectFinding('encryption', 'fail', /TLS_FOLDER_UNREADABLE/, '--tls', 'auto');
  });
});
