import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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
