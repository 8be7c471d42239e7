import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { loadSiteKey } from '../../../edge/gallery/site-key.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-key-'));
});

test('a missing key is made once, for this user only', async () => {
  const path = join(folder, 'site.key');
  const key = await loadSiteKey(path);
  expect(key).toHaveLength(32);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await loadSiteKey(path)).toEqual(key);
  expect(readdirSync(folder)).toEqual(['site.key']);
});

test('several starts at once agree on one key', async () => {
  const path = join(folder, 'site.key');
  const keys = await Promise.all(Array.from({ length: 8 }, () => loadSiteKey(path)));
  for (const key of keys) expect(key).toEqual(readFileSync(path));
  expect(readdirSync(folder)).toEqual(['site.key']);
});

test.each([0o640, 0o604, 0o610, 0o666])('a key file of mode %o is refused', async (mode) => {
  const path = join(folder, 'site.key');
  writeFileSync(path, Buffer.alloc(32, 7));
  chmodSync(path, mode);
  await expect(loadSiteKey(path)).rejects.toMatchObject({ code: 'GALLERY_KEY_UNSAFE' });
});

test.each([0, 31, 33, 64])('a key of %i bytes is refused', async (length) => {
  const path = join(folder, 'site.key');
  writeFileSync(path, Buffer.alloc(length, 7), { mode: 0o600 });
  await expect(loadSiteKey(path)).rejects.toMatchObject({ code: 'GALLERY_KEY_INVALID' });
});

test('a folder in place of the key is refused', async () => {
  const path = join(folder, 'site.key');
  mkdirSync(path, { mode: 0o700 });
  await expect(loadSiteKey(path)).rejects.toMatchObject({ code: 'GALLERY_KEY_INVALID' });
});
