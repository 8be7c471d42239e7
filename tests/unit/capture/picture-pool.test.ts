import { expect, test } from 'vitest';
import { PicturePool } from '../../../edge/capture/picture-pool.ts';

test('a buffer that came back is given out again', () => {
  const pool = new PicturePool();
  const buffer = pool.take(12);
  pool.give(buffer);
  expect(pool.take(12)).toBe(buffer);
  expect(pool.take(12)).not.toBe(buffer);
});

test('a buffer that comes back twice is given out once', () => {
  const pool = new PicturePool();
  const buffer = pool.take(12);
  pool.give(buffer);
  pool.give(buffer);
  expect(pool.take(12)).not.toBe(pool.take(12));
});

test('a buffer that was transferred away, or is part of a larger one, is not kept', () => {
  const pool = new PicturePool();
  const transferred = pool.take(12);
  structuredClone(transferred.buffer, { transfer: [transferred.buffer] });
  pool.give(transferred);
  const part = new Uint8Array(new ArrayBuffer(24), 0, 12);
  pool.give(part);
  expect(pool.take(12).buffer.byteLength).toBe(12);
  expect(pool.take(0)).toHaveLength(0);
});

test('old sizes are forgotten', () => {
  const pool = new PicturePool();
  const old = pool.take(3);
  pool.give(old);
  for (const bytes of [6, 9, 12]) pool.give(pool.take(bytes));
  expect(pool.take(3)).not.toBe(old);
});
