import { mkdtemp, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { checkClock } from '../../../edge/clock.ts';

const lastWork = Date.UTC(2026, 10, 21, 12);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-clock-'));
  await writeFile(join(folder, 'outbox.sqlite'), '');
  await utimes(join(folder, 'outbox.sqlite'), new Date(lastWork), new Date(lastWork));
});

test.each([
  ['woke up in 1970', 0],
  ['is a day before its last work', lastWork - 86_400_000],
  ['is two minutes before its last work', lastWork - 120_000],
])('a clock that %s is wrong', async (_, now) => {
  await expect(checkClock(now, folder)).rejects.toMatchObject({ code: 'CLOCK_WRONG' });
});

test.each([
  ['a little back, as when it is being set', lastWork - 30_000],
  ['after the last work', lastWork + 1],
  ['years after it', lastWork + 1e11],
])('a clock %s is not', async (_, now) => {
  await expect(checkClock(now, folder)).resolves.toBeUndefined();
});

test('a box that has never worked is judged by the release alone', async () => {
  const none = join(folder, 'none');
  await expect(checkClock(Date.UTC(2025, 0), none)).rejects.toMatchObject({ code: 'CLOCK_WRONG' });
  await expect(checkClock(Date.UTC(2026, 6), none)).resolves.toBeUndefined();
});
