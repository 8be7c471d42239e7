import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../../hub/store/open-store.ts';
import { temporaryFolder } from '../../integration/hub/run-hub.ts';

async function paths() {
  const folder = await temporaryFolder();
  onTestFinished(folder.remove);
  return { database: join(folder.path, 'hub.sqlite'), evidence: join(folder.path, 'evidence') };
}

test('a database is brought to this version once, and opens again as it is', async () => {
  const at = await paths();
  const first = await openStore(at);
  await first.boxes.admit({ site: 'demo', box: 'east' }, 'hash', '2026-03-01T08:00:00.000Z');
  await first.close();
  const second = await openStore(at);
  expect(await second.boxes.tokenHash({ site: 'demo', box: 'east' })).toBe('hash');
  await second.close();
});

test('a database of a newer hub is refused and left alone', async () => {
  const at = await paths();
  const store = await openStore(at);
  await sql`update database_version set version = 99`.execute(store.database);
  await store.close();
  await expect(openStore(at)).rejects.toMatchObject({ code: 'DATABASE_NEWER' });
});

test('a database that cannot be opened is refused with its path', async () => {
  const { evidence } = await paths();
  await expect(openStore({ database: '/dev/null/hub.sqlite', evidence })).rejects.toMatchObject({
    code: 'DATABASE_UNREADABLE',
    message: expect.stringContaining('/dev/null/hub.sqlite'),
  });
});

test('what a crash left half written beside the pictures is swept away', async () => {
  const at = await paths();
  await mkdir(join(at.evidence, 'ab'), { recursive: true });
  await writeFile(join(at.evidence, 'ab', 'x.partial'), '');
  await writeFile(join(at.evidence, 'ab', 'whole.jpg'), '');
  const store = await openStore(at);
  expect(await readdir(join(at.evidence, 'ab'))).toEqual(['whole.jpg']);
  await store.close();
});

test('every commit is flushed to the disk', async () => {
  const store = await openStore(await paths());
  const read = async (name: string) =>
    Object.values(
      (await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(store.database)).rows[0],
    )[0];
  expect(await read('journal_mode')).toBe('wal');
  expect(await read('synchronous')).toBe(2);
  await store.close();
});

test('a unit of work that reads before it writes waits for a command of another process', async () => {
  const at = await paths();
  const hub = await openStore(at);
  const command = promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    changeTwenty,
    JSON.stringify(at),
  ]);
  let ended = false;
  command.finally(() => {
    ended = true;
  });
  let changes = 20;
  for (; !ended; changes++)
    await hub.duty.change((duties) => duties, '2026-03-01T08:00:00.000Z').then(nextTurn);
  await command;
  expect(await hub.events.lastId()).toBe(changes);
  await hub.close();
});

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

const changeTwenty = `
  import { openStore } from ${JSON.stringify(new URL('../../../hub/store/open-store.ts', import.meta.url).href)};
  const store = await openStore(JSON.parse(process.argv.at(-1)));
  for (let turn = 0; turn < 20; turn++) await store.duty.change((duties) => duties, '2026-03-01T08:00:00.000Z');
  await store.close();
`;
