import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openKeyRing } from '../../../hub/keys/key-file.ts';
import { digest } from '../../../hub/store/evidence-files.ts';
import { openStore, type Store } from '../../../hub/store/open-store.ts';
import { filesBelow, filesWith, keep } from '../../builders/kept.ts';
import { buildJpeg, buildSighting, describeEvidence } from '../../builders/sighting.ts';
import { temporaryFolder } from '../../integration/hub/run-hub.ts';

const at = '2026-03-01T08:00:00.000Z';
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let evidence: string;
let store: Store;

const open = () => openStore({ database: join(folder.path, 'hub.sqlite'), evidence });
const sealedFiles = () => filesBelow(evidence).filter((path) => path.endsWith('.sealed'));
const from = { site: 'demo', box: 'east-box' };

beforeEach(async () => {
  folder = await temporaryFolder();
  evidence = join(folder.path, 'evidence');
  store = await open();
});
afterEach(async () => {
  await store.close();
  await folder.remove();
});

/** What a hub of before pictures were sealed left: a row, and the picture as it is. */
async function leavePlain(jpeg: Buffer): Promise<{ id: string; path: string }> {
  const picture = describeEvidence(jpeg);
  const { id, sha256 } = picture;
  await store.database
    .insertInto('evidence')
    .values({ id, site: 'demo', box: 'east-box', sha256, bytes: jpeg.length, received_at: at })
    .execute();
  await store.sightings.commit(buildSighting({ evidence: [picture] }), undefined, at, () => ({
    changed: [],
    notices: [],
  }));
  const path = join(evidence, sha256.slice(0, 2), `${sha256}.jpg`);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, jpeg);
  return { id, path };
}

describe('at rest', () => {
  test('a picture is on the disk sealed, under a name that says nothing of it, and comes back as it was', async () => {
    const { jpeg, picture } = await keep(store, at);
    expect(filesWith(folder.path, jpeg.subarray(0, 64))).toEqual([]);
    expect(sealedFiles()).toEqual([expect.stringMatching(/\/2026-03-01\/[0-9a-f-]{36}\.sealed$/)]);
    expect(sealedFiles()[0]).not.toContain(picture.sha256.slice(0, 8));
    const kept = await store.evidence.read(picture.id, 'all');
    expect(Buffer.from(kept?.jpeg ?? [])).toEqual(jpeg);
  });

  test('equal pictures lie there once', async () => {
    const jpeg = buildJpeg();
    for (const picture of [describeEvidence(jpeg), describeEvidence(jpeg)])
      expect(await store.evidence.keep({ id: picture.id, from, jpeg, receivedAt: at })).toBe('kept');
    expect(sealedFiles()).toHaveLength(1);
    expect(await store.evidence.use()).toMatchObject({ pictures: 1, broken: 0 });
  });

  test('one changed bit, or another picture in its place, is an error and counted, never a picture', async () => {
    const [one, other] = [await keep(store, at), await keep(store, at)];
    const [first, second] = sealedFiles();
    const bytes = readFileSync(first);
    bytes[100] ^= 1;
    writeFileSync(first, bytes);
    renameSync(second, `${second}.away`);
    writeFileSync(second, bytes);
    for (const { picture } of [one, other])
      await expect(store.evidence.read(picture.id, 'all')).rejects.toMatchObject({ code: 'EVIDENCE_BROKEN' });
    expect((await store.evidence.use()).broken).toBe(2);
  });

  test('with another key nothing opens', async () => {
    const { picture } = await keep(store, at);
    await store.close();
    writeFileSync(join(folder.path, 'hub.key'), `${'ab'.repeat(32)}\n`);
    store = await open();
    await expect(store.evidence.read(picture.id, 'all')).rejects.toMatchObject({ code: 'EVIDENCE_BROKEN' });
  });
});

describe('pictures that come at once', () => {
  test('each gets its own answer: kept, here already, or not what was named', async () => {
    const [named, same] = [describeEvidence(buildJpeg()), buildJpeg()];
    await store.sightings.commit(buildSighting({ evidence: [named] }), undefined, at, () => ({
      changed: [],
      notices: [],
    }));
    const twice = describeEvidence(same);
    const outcomes = await Promise.all([
      store.evidence.keep({ id: named.id, from, jpeg: buildJpeg(), receivedAt: at }),
      store.evidence.keep({ id: twice.id, from, jpeg: same, receivedAt: at }),
      store.evidence.keep({ id: twice.id, from, jpeg: same, receivedAt: at }),
      ...Array.from({ length: 100 }, () => {
        const jpeg = buildJpeg();
        return store.evidence.keep({ id: describeEvidence(jpeg).id, from, jpeg, receivedAt: at });
      }),
    ]);
    expect(outcomes.slice(0, 3)).toEqual(['mismatch', 'kept', 'duplicate']);
    expect(new Set(outcomes.slice(3))).toEqual(new Set(['kept']));
    expect(sealedFiles()).toHaveLength(101);
  });

  test('a full disk undoes the whole group and leaves no file', async () => {
    store.limitDatabaseBytes(1);
    const keeps = Array.from({ length: 300 }, () => {
      const jpeg = buildJpeg();
      return store.evidence.keep({ id: describeEvidence(jpeg).id, from, jpeg, receivedAt: at });
    });
    const outcomes = await Promise.allSettled(keeps);
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const outcome of refused) expect(outcome).toMatchObject({ reason: { code: 'STORAGE_FULL' } });
    expect(sealedFiles()).toHaveLength(outcomes.length - refused.length);
  });
});

describe('after a crash', () => {
  test('a file without a row and one that was to be removed are gone after the start, all others are there', async () => {
    const kept = await keep(store, at);
    writeFileSync(join(evidence, '2026-03-01', 'half.sealed'), 'half');
    const doomed = join(evidence, '2026-03-01', 'doomed.sealed');
    writeFileSync(doomed, 'doomed');
    await store.database
      .insertInto('evidence_removal')
      .values({ file: '2026-03-01/doomed.sealed' })
      .execute();
    await store.close();
    store = await open();
    expect(store.sweptFiles).toBe(1);
    expect(existsSync(doomed)).toBe(false);
    expect(await store.database.selectFrom('evidence_removal').selectAll().execute()).toEqual([]);
    expect(await store.evidence.read(kept.picture.id, 'all')).toBeDefined();
  });
});

describe('plain pictures of before', () => {
  test('are read as they are, then sealed, and are read again', async () => {
    const jpeg = buildJpeg();
    const { id, path } = await leavePlain(jpeg);
    expect(Buffer.from((await store.evidence.read(id, 'all'))?.jpeg ?? [])).toEqual(jpeg);
    expect(await store.resealPlain(new AbortController().signal)).toBe(1);
    expect(existsSync(path)).toBe(false);
    expect(filesWith(evidence, jpeg.subarray(0, 64))).toEqual([]);
    expect(Buffer.from((await store.evidence.read(id, 'all'))?.jpeg ?? [])).toEqual(jpeg);
  });

  test('that are broken stay, are counted, and are never handed out; what no row names goes', async () => {
    const { id, path } = await leavePlain(buildJpeg());
    writeFileSync(path, buildJpeg());
    const stray = buildJpeg();
    const strayPath = join(evidence, digest(stray).slice(0, 2), `${digest(stray)}.jpg`);
    mkdirSync(join(strayPath, '..'), { recursive: true });
    writeFileSync(strayPath, stray);
    expect(await store.resealPlain(new AbortController().signal)).toBe(0);
    expect([existsSync(path), existsSync(strayPath)]).toEqual([true, false]);
    await expect(store.evidence.read(id, 'all')).rejects.toMatchObject({ code: 'EVIDENCE_BROKEN' });
  });

  test('wait for the next start when the hub is asked to end', async () => {
    const { path } = await leavePlain(buildJpeg());
    expect(await store.resealPlain(AbortSignal.abort())).toBe(0);
    expect(existsSync(path)).toBe(true);
  });
});

test('the key is made once, beside the database, and opens what was sealed before the start', async () => {
  const { picture, jpeg } = await keep(store, at);
  await store.close();
  store = await openStore({
    database: join(folder.path, 'hub.sqlite'),
    evidence,
    keys: openKeyRing(join(folder.path, 'hub.key')),
  });
  expect(Buffer.from((await store.evidence.read(picture.id, 'all'))?.jpeg ?? [])).toEqual(jpeg);
});
