import { readlinkSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openStore, type Store } from '../../../hub/store/open-store.ts';
import { inTransaction } from '../../../hub/store/transaction.ts';
import { temporaryFolder } from '../../integration/hub/run-hub.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;

beforeEach(async () => {
  folder = await temporaryFolder();
  store = await openStore({ database: `${folder.path}/hub.sqlite`, evidence: folder.path });
  await sql`create table note (text text primary key)`.execute(store.database);
});

afterEach(async () => {
  await store.close();
  await folder.remove();
});

const write = (text: string) =>
  inTransaction(store.database, async (transaction) => {
    await sql`insert into note (text) values (${text})`.execute(transaction);
    return text;
  });
const notes = async () =>
  (await sql<{ text: string }>`select text from note order by rowid`.execute(store.database)).rows.map(
    ({ text }) => text,
  );

describe('units of work that wait at the same time', () => {
  test('share a commit, in the order of the calls', async () => {
    const other = await openStore({ database: `${folder.path}/hub.sqlite`, evidence: folder.path });
    const committed: number[] = [];
    const work = (text: string) =>
      inTransaction(store.database, async (transaction) => {
        const { rows } = await sql`select 1 from note`.execute(other.database);
        committed.push(rows.length);
        await sql`insert into note (text) values (${text})`.execute(transaction);
        return text;
      });
    expect(await Promise.all([work('a'), work('b'), work('c')])).toEqual(['a', 'b', 'c']);
    expect(committed).toEqual([0, 0, 0]);
    expect(await notes()).toEqual(['a', 'b', 'c']);
    await other.close();
  });

  test('one that fails fails alone', async () => {
    const outcomes = await Promise.allSettled([write('a'), write('a'), write('b')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await notes()).toEqual(['a', 'b']);
  });

  test('of a full disk each is told, and nothing of them stays', async () => {
    await write('before');
    store.limitDatabaseBytes(0);
    const large = 'x'.repeat(100_000);
    const outcomes = await Promise.allSettled([write(`1${large}`), write(`2${large}`)]);
    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: { code: 'STORAGE_FULL' } },
      { status: 'rejected', reason: { code: 'STORAGE_FULL' } },
    ]);
    expect(await notes()).toEqual(['before']);
    store.limitDatabaseBytes(1e9);
    await write('after');
    expect(await notes()).toEqual(['before', 'after']);
  });

  test('a small one is committed though a large one beside it does not fit', async () => {
    store.limitDatabaseBytes(0);
    const outcomes = await Promise.allSettled([write('small'), write('x'.repeat(100_000))]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(await notes()).toEqual(['small']);
  });
});

test('nothing is told before it is on the disk', async () => {
  const other = await openStore({ database: `${folder.path}/hub.sqlite`, evidence: folder.path });
  const told = Array.from({ length: 300 }, (_, at) =>
    write(`n${at}`).then(async (text) => {
      const { rows } = await sql`select 1 from note where text = ${text}`.execute(other.database);
      return rows.length;
    }),
  );
  expect(await Promise.all(told)).toEqual(Array.from({ length: 300 }, () => 1));
  await other.close();
});

describe('the disk', () => {
  /** Flushes of files that have begun, each ended by the test. */
  async function holdFlushes(): Promise<{ file: string; end: () => void }[]> {
    const file = await open(`${folder.path}/hub.sqlite`);
    const begun: { file: string; end: () => void }[] = [];
    const held = vi.spyOn(Object.getPrototypeOf(file) as FileHandle, 'datasync').mockImplementation(function (
      this: FileHandle,
    ) {
      const path = readlinkSync(`/proc/self/fd/${this.fd}`);
      return new Promise((end) => begun.push({ file: path, end }));
    });
    onTestFinished(() => held.mockRestore());
    await file.close();
    return begun;
  }
  const isDone = (work: Promise<unknown>) =>
    Promise.race([work.then(() => true), new Promise((later) => setTimeout(later, 20, false))]);

  test('has what was committed, before anybody is told so', async () => {
    const flushes = await holdFlushes();
    const first = write('a');
    expect(await isDone(first)).toBe(false);
    expect(flushes.map(({ file }) => file)).toEqual([`${folder.path}/hub.sqlite-wal`]);
    expect(await notes()).toEqual(['a']);
    flushes[0].end();
    expect(await isDone(first)).toBe(true);
  });

  test('is not waited for by the next ones, who share a flush that begins after their commits', async () => {
    const flushes = await holdFlushes();
    const first = write('a');
    expect(await isDone(first)).toBe(false);
    const second = write('b');
    expect(await isDone(second)).toBe(false);
    const third = write('c');
    expect(await isDone(third)).toBe(false);
    expect(await notes()).toEqual(['a', 'b', 'c']);
    expect(flushes).toHaveLength(1);
    flushes[0].end();
    expect(await Promise.all([first, second, third].map(isDone))).toEqual([true, false, false]);
    expect(flushes).toHaveLength(2);
    flushes[1].end();
    expect(await Promise.all([second, third].map(isDone))).toEqual([true, true]);
  });

  test('that fails fails those who wait for it, and nobody after them', async () => {
    const file = await open(`${folder.path}/hub.sqlite`);
    const broken = vi
      .spyOn(Object.getPrototypeOf(file) as FileHandle, 'datasync')
      .mockRejectedValueOnce(Object.assign(new Error('I/O error'), { code: 'EIO' }));
    onTestFinished(() => broken.mockRestore());
    await file.close();
    await expect(write('a')).rejects.toThrow('I/O error');
    expect(await write('b')).toBe('b');
  });

  test('has each write outside of a unit of work when it returns', async () => {
    await write('a');
    const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(store.database);
    expect(rows).toEqual([{ synchronous: 2 }]);
  });
});
