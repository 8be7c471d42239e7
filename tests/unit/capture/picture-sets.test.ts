import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PictureSets } from '../../../edge/capture/picture-sets.ts';

interface Pair {
  full: number;
  small: number;
}

test('the n-th of one pipe is paired with the n-th of the other, however they interleave', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 12 }), fc.array(fc.boolean()), async (count, order) => {
      const pairs: Pair[] = [];
      const sets = new PictureSets<Pair>(['full', 'small'], async (pair) => void pairs.push(pair));
      let full = 0;
      let small = 0;
      for (const isFull of order) {
        if (isFull && full < count) await sets.add('full', full++);
        if (!isFull && small < count) await sets.add('small', small++);
      }
      while (full < count) await sets.add('full', full++);
      while (small < count) await sets.add('small', small++);
      expect(pairs).toEqual([...Array(count).keys()].map((n) => ({ full: n, small: n })));
    }),
  );
});

test('a pipe may run ahead while a set is not whole, and every pipe waits while one is delivered', async () => {
  const delivered = Promise.withResolvers<void>();
  const sets = new PictureSets<Pair>(['full', 'small'], () => delivered.promise);
  await sets.add('full', 0);
  await sets.add('full', 1);
  let waited = true;
  const both = [sets.add('small', 0), sets.add('full', 2)].map((adding) =>
    adding.then(() => {
      waited = false;
    }),
  );
  await new Promise((resolve) => setImmediate(resolve));
  expect(waited).toBe(true);
  delivered.resolve();
  await Promise.all(both);
});
