import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { Kysely, sql } from 'kysely';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BackupReport, backUp } from '../../../hub/backup/backup.ts';
import { runCommand } from '../../../hub/command-line.ts';
import { ErasureDesk } from '../../../hub/erasure/erasure-desk.ts';
import { tombstonesOf } from '../../../hub/erasure/tombstones.ts';
import { openKeyRing } from '../../../hub/keys/key-file.ts';
import { startHub } from '../../../hub/server.ts';
import { migrate } from '../../../hub/store/migrate.ts';
import { openStore, type Store } from '../../../hub/store/open-store.ts';
import { openSqlite } from '../../../hub/store/sqlite.ts';
import { filesBelow, filesWith, type Kept, keep, vehicle } from '../../builders/kept.ts';
import { buildJpeg, buildSighting, describeEvidence } from '../../builders/sighting.ts';
import { temporaryFolder } from './run-hub.ts';

const somebody = '0195500c-0000-4000-8000-00000000000a';
const plate = '苏A12345';
const manager = { id: '0195500c-0000-7000-8000-000000000001', displayName: 'a manager' };
const at = '2026-03-01T08:00:00.000Z';
const passphrase = 'correct horse battery';
/** With a scrypt that does not make the tests wait. */
const backedUp = {
  passphrase,
  withPictures: true,
  verify: true,
  version: '0.1.0',
  now: Date.parse(at),
  cost: 8,
};

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

const inFolder = (...names: string[]) => join(folder.path, ...names);
const open = (data: string) =>
  openStore({ database: join(data, 'hub.sqlite'), evidence: join(data, 'evidence') });

async function hub(args: string[], { input = '', env = {} as Record<string, string> } = {}) {
  const written = { out: '', err: '' };
  const collect = (to: 'out' | 'err') =>
    new Writable({
      write(piece, _encoding, done) {
        written[to] += piece;
        done();
      },
    });
  const code = await runCommand({
    argv: args,
    env: { GATEHOUSE_BACKUP_PASSPHRASE: passphrase, ...env },
    stdin: Readable.from([input]),
    stdout: collect('out'),
    stderr: collect('err'),
    stopped: Promise.resolve(),
  });
  return { code, ...written };
}

function deskOf(store: Store, data: string): ErasureDesk {
  const keys = openKeyRing(join(data, 'hub.key'));
  return new ErasureDesk({
    store: store.erasures,
    erasers: store.erasers,
    tombstones: tombstonesOf(data, keys),
    keys,
    publish: async () => {},
    announcer: { announce: () => {} },
    clock: { now: () => Date.parse(at) + 3_600_000 },
  });
}

describe('a backup of a hub that works on', () => {
  let source: Awaited<ReturnType<typeof temporaryFolder>>;
  let data: string;
  let file: string;
  let person: Kept;
  let car: Kept;
  let report: BackupReport;
  let during: Kept[];
  let namesDuring: string[];

  beforeAll(async () => {
    source = await temporaryFolder();
    data = join(source.path, 'data');
    file = join(source.path, 'hub.backup');
    const store = await open(data);
    person = await keep(store, at, { subject: somebody });
    car = await keep(store, at, vehicle(plate));
    for (let index = 0; index < 60; index++) await keep(store, at, { flags: [] });
    during = [];
    // What a backup that died left.
    mkdirSync(join(data, '.backup-died'));
    let isDone = false;
    const goesOn = (async () => {
      while (!isDone) during.push(await keep(store, at, { flags: [] }));
    })();
    report = await backUp({ ...backedUp, dataFolder: data, to: file });
    namesDuring = readdirSync(data);
    isDone = true;
    await goesOn;
    await store.close();
  });
  afterAll(() => source.remove());

  test('is one file that says what it holds, was restored for a test, and leaves nothing beside it', async () => {
    const { manifest, opened, bytes } = report;
    expect(manifest.rows.sighting).toBeGreaterThanOrEqual(62);
    expect(manifest.pictures).toBe(manifest.rows.evidence_file);
    expect(opened).toBeGreaterThanOrEqual(31);
    expect(bytes).toBe(statSync(file).size);
    expect(during.length).toBeGreaterThan(0);
    expect(namesDuring.filter((name) => name.startsWith('.backup-'))).toEqual([]);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  test('shows nothing of what is in it', () => {
    const bytes = readFileSync(file);
    const key = readFileSync(join(data, 'hub.key'), 'utf8').trim();
    for (const secret of [plate, somebody, key, 'sighting', 'SQLite format'])
      expect(bytes.includes(Buffer.from(secret))).toBe(false);
    expect(bytes.includes(person.jpeg.subarray(0, 32))).toBe(false);
  });

  test('brings back sightings, alerts and pictures as they were', async () => {
    const into = inFolder('restored');
    expect(await hub(['restore', '--from', file, '--data', into])).toMatchObject({ code: 0, err: '' });
    const store = await open(into);
    expect(Buffer.from((await store.evidence.read(person.picture.id, 'all'))?.jpeg ?? [])).toEqual(
      person.jpeg,
    );
    expect((await store.log.get(car.sighting.id, 'all'))?.plate?.text).toBe(plate);
    expect(await store.alerts.get(car.alert ?? '')).toBeDefined();
    expect(store.sweptFiles).toBe(0);
    await store.close();
    expect(readdirSync(folder.path)).toEqual(['restored']);
  });

  test('is refused by a folder that has data, with --replace puts that aside, and leaves it alone when it fails', async () => {
    const into = inFolder('taken');
    const before = await open(into);
    const older = await keep(before, at);
    const args = ['restore', '--from', file, '--data', into];
    await before.close();
    expect(await hub(args)).toMatchObject({ code: 1, err: expect.stringMatching(/^DATA_FOLDER_TAKEN: /) });

    const broken = inFolder('broken.backup');
    const bytes = readFileSync(file);
    writeFileSync(broken, bytes.subarray(0, bytes.length - 40));
    expect(await hub(['restore', '--from', broken, '--replace', '--data', into])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^BACKUP_UNREADABLE: /),
    });
    const still = await open(into);
    expect(await still.evidence.read(older.picture.id, 'all')).toBeDefined();
    await still.close();
    expect(readdirSync(folder.path).toSorted()).toEqual(['broken.backup', 'taken']);

    const done = await hub([...args, '--replace', '--json']);
    const { aside } = JSON.parse(done.out);
    const [old, fresh] = [await open(aside), await open(into)];
    expect(await old.evidence.read(older.picture.id, 'all')).toBeDefined();
    expect(await fresh.evidence.read(person.picture.id, 'all')).toBeDefined();
    await old.close();
    await fresh.close();
  });

  test('brings nobody back who was forgotten after it: by the list of the folder, or by one that is handed over', async () => {
    const [replaced, fresh] = [inFolder('replaced'), inFolder('fresh')];
    cpSync(data, replaced, { recursive: true });
    const store = await open(replaced);
    const desk = deskOf(store, replaced);
    for (const subject of [somebody, plate]) await desk.ask('demo', subject, 'asked for it', manager);
    await store.close();
    const list = inFolder('list');
    cpSync(join(replaced, 'erasures.tombstones'), list);

    for (const args of [
      ['--data', replaced, '--replace'],
      ['--data', fresh, '--tombstones', list],
    ]) {
      const done = await hub(['restore', '--from', file, '--json', ...args]);
      expect([done.code, JSON.parse(done.out).repeatedErasures]).toEqual([0, 2]);
      const into = args[1];
      expect(filesWith(into, Buffer.from(plate))).toEqual([]);
      const restored = await open(into);
      for (const { picture } of [person, car])
        expect(await restored.evidence.read(picture.id, 'all')).toBeUndefined();
      expect(
        await restored.log.trajectory({ site: 'demo', subject: somebody }, { limit: 9 }, 'all'),
      ).toBeUndefined();
      expect((await restored.erasures.list('demo')).map(({ removed }) => removed.length)).toEqual([3, 3]);
      await restored.close();
      expect(readFileSync(join(into, 'erasures.tombstones'), 'utf8')).toContain(somebody);
    }
  });

  test('by the command, without pictures, tells what it did', async () => {
    const small = inFolder('small.backup');
    const done = await hub(['backup', '--without-evidence', '--data', data, '--to', small]);
    expect(done).toMatchObject({ code: 0, err: '' });
    expect(done.out).toMatch(/small\.backup: [\d.]+ MB\nwithout pictures\nverified: .+ 0 pictures opened\n$/);
    expect(
      await hub(['restore', '--from', small, '--passphrase-stdin', '--data', inFolder('x')], {
        input: 'another one\n',
      }),
    ).toMatchObject({ code: 2 });
  });
});

describe('wrong use of backup', () => {
  test.each([
    [['backup'], {}, '--to'],
    [['restore'], {}, '--from'],
    [['backup', '--to', '/tmp/x'], { GATEHOUSE_BACKUP_PASSPHRASE: 'short' }, 'passphrase'],
    [['backup', 'now'], {}, 'no command'],
  ])('%j', async (args, env, named) => {
    const { code, err } = await hub([...args, '--data', inFolder()], { env });
    expect([code, err.split('\n')[0]]).toEqual([2, expect.stringContaining(named)]);
  });

  test('of a folder without data, into one that is not there', async () => {
    const into = (to: string) => hub(['backup', '--to', to, '--data', inFolder('data')]);
    expect((await into(inFolder('b'))).err).toMatch(/^DATA_FOLDER_EMPTY: /);
    await (await open(inFolder('data'))).close();
    expect((await into(inFolder('nowhere', 'b'))).err).toMatch(/^BACKUP_NOT_WRITTEN: /);
  });
});

test('a picture that no longer opens makes a backup say so', async () => {
  const store = await open(inFolder('data'));
  await keep(store, at);
  const [sealed] = filesBelow(inFolder('data', 'evidence'));
  const bytes = readFileSync(sealed);
  bytes[50] ^= 1;
  writeFileSync(sealed, bytes);
  await expect(
    backUp({ ...backedUp, dataFolder: inFolder('data'), to: inFolder('b') }),
  ).rejects.toMatchObject({ code: 'BACKUP_NOT_VERIFIED' });
  await store.close();
});

describe('an upgrade', () => {
  /** A data folder as a hub of version 4 left it: no sealed pictures, no state of erasures. */
  async function leaveVersion4(): Promise<{ data: string; pictures: { id: string; jpeg: Buffer }[] }> {
    const data = inFolder('data');
    mkdirSync(data);
    const database = new Kysely<unknown>({ dialect: openSqlite(join(data, 'hub.sqlite')).dialect });
    await migrate(database, 4);
    const pictures = [];
    for (const [index, subject] of [somebody, null].entries()) {
      const jpeg = buildJpeg();
      const evidence = describeEvidence(jpeg);
      const sighting = buildSighting({
        id: `0195500c-0000-7000-8000-00000000000${index}`,
        evidence: [evidence],
        ...(subject === null ? {} : { subject }),
      });
      const { id, site, box, gate, camera, kind, direction } = sighting;
      await sql`insert into sighting (id, revision, site, box, gate, camera, kind, subject, direction, occurred_at, received_at, body)
        values (${id}, 1, ${site}, ${box}, ${gate}, ${camera}, ${kind}, ${subject}, ${direction}, ${at}, ${at}, ${JSON.stringify(sighting)})`.execute(
        database,
      );
      await sql`insert into evidence values (${evidence.id}, ${site}, ${box}, ${evidence.sha256}, 400, ${at})`.execute(
        database,
      );
      await sql`insert into evidence_name values (${evidence.id}, ${id}, ${evidence.sha256})`.execute(
        database,
      );
      const path = join(data, 'evidence', evidence.sha256.slice(0, 2), `${evidence.sha256}.jpg`);
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, jpeg);
      pictures.push({ id: evidence.id, jpeg });
    }
    await database.destroy();
    return { data, pictures };
  }

  const rollback = (data: string, ...words: string[]) => hub(['rollback', '--data', data, ...words]);

  test('copies the database first, and once; what it then loses is told before it is taken back', async () => {
    const { data } = await leaveVersion4();
    const copies = () => readdirSync(data).filter((name) => name.includes('.before-'));
    const store = await open(data);
    const [copy] = copies();
    expect(copy).toMatch(/^hub\.sqlite\.before-v\d+$/);
    await keep(store, '2026-03-02T08:00:00.000Z');
    await store.close();
    await (await open(data)).close();
    expect(copies()).toEqual([copy]);

    const shown = await rollback(data, '--json');
    expect(JSON.parse(shown.out)).toMatchObject({
      isDone: false,
      reaches: at,
      lost: { sighting: 1, evidence: 1, alert: 1 },
    });
    expect((await rollback(data)).out).toContain('add --yes');
    const after = await open(data);
    expect((await after.log.search({ limit: 9 }, 'all')).items).toHaveLength(3);
    await after.close();
  });

  test('taken back gives the hub of before its database, its pictures as it knows them, and nobody who was forgotten', async () => {
    const { data, pictures } = await leaveVersion4();
    const store = await open(data);
    await store.resealPlain(new AbortController().signal);
    await deskOf(store, data).ask('demo', somebody, 'asked for it', manager);
    await store.close();
    expect(filesBelow(join(data, 'evidence'))).toHaveLength(1);

    expect(await rollback(data, '--yes')).toMatchObject({ code: 0, err: '' });
    const database = new Kysely<unknown>({ dialect: openSqlite(join(data, 'hub.sqlite')).dialect });
    const read = async (query: ReturnType<typeof sql>) =>
      (await query.execute(database)).rows as Record<string, unknown>[];
    expect(await read(sql`select version from database_version`)).toEqual([{ version: 4 }]);
    expect(
      await read(sql`select subject, json_extract(body, '$.evidence') as evidence from sighting order by id`),
    ).toEqual([
      { subject: null, evidence: '[]' },
      { subject: null, evidence: expect.stringContaining(pictures[1].id) },
    ]);
    expect(await read(sql`select id from evidence`)).toEqual([{ id: pictures[1].id }]);
    expect(await read(sql`select subject from erasure_name`)).toEqual([{ subject: somebody }]);
    await database.destroy();
    const plain = filesBelow(join(data, 'evidence')).filter((path) => path.endsWith('.jpg'));
    expect(plain.map((path) => readFileSync(path))).toEqual([pictures[1].jpeg]);
    expect(readdirSync(data).filter((name) => name.includes('rolled-back'))).toHaveLength(1);

    const again = await open(data);
    await again.resealPlain(new AbortController().signal);
    expect(Buffer.from((await again.evidence.read(pictures[1].id, 'all'))?.jpeg ?? [])).toEqual(
      pictures[1].jpeg,
    );
    await again.close();
  });

  test('cannot be taken back while a hub runs, nor when there was none', async () => {
    const { data } = await leaveVersion4();
    const running = await startHub({
      dataFolder: data,
      site: 'demo',
      port: 0,
      mqttPort: 0,
      requireSecondFactor: false,
      log: pino({ level: 'silent' }),
    });
    expect((await rollback(data, '--yes')).err).toMatch(/^HUB_RUNNING: /);
    expect((await hub(['restore', '--from', 'x', '--replace', '--data', data])).err).toMatch(
      /^HUB_RUNNING: /,
    );
    await expect(
      startHub({
        dataFolder: data,
        site: 'demo',
        port: 0,
        mqttPort: 0,
        requireSecondFactor: false,
        log: pino({ level: 'silent' }),
      }),
    ).rejects.toMatchObject({ code: 'HUB_RUNNING' });
    await running.stop();
    for (const name of readdirSync(data)) if (name.includes('.before-')) rmSync(join(data, name));
    expect((await rollback(data)).err).toMatch(/^ROLLBACK_NOTHING: /);
    expect(existsSync(join(data, 'hub.sqlite'))).toBe(true);
  });
});
