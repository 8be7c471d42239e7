import { expect, test } from 'vitest';
import { Grouped } from '../../../hub/store/grouped.ts';

const fulfilled = <R>(value: R): PromiseSettledResult<R> => ({ status: 'fulfilled', value });

test('what comes while a group is in hand becomes the next one, in order and never larger than allowed', async () => {
  const groups: number[][] = [];
  const grouped = new Grouped<number, number>(async (items) => {
    groups.push(items);
    await Promise.resolve();
    return items.map((item) => fulfilled(item * 2));
  }, 3);
  const results = await Promise.all([1, 2, 3, 4, 5, 6].map((item) => grouped.add(item)));
  expect(results).toEqual([2, 4, 6, 8, 10, 12]);
  expect(groups).toEqual([[1], [2, 3, 4], [5, 6]]);
});

test('one that is refused does not touch the others of its group, and a group that fails does not touch the next', async () => {
  const grouped = new Grouped<string, string>(async (items) => {
    if (items.includes('all')) throw new Error('all');
    return items.map((item) =>
      item === 'one' ? { status: 'rejected', reason: new Error('one') } : fulfilled(item),
    );
  }, 2);
  const outcomes = await Promise.allSettled(
    ['a', 'one', 'b', 'all', 'c', 'd'].map((item) => grouped.add(item)),
  );
  expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : 'refused'))).toEqual([
    'a',
    'refused',
    'b',
    'refused',
    'refused',
    'd',
  ]);
});

test('whoever comes in the very turn in which the last group ends is not left waiting', async () => {
  const grouped = new Grouped<number, number>(async (items) => items.map(fulfilled), 1);
  let value = 0;
  for (let ticks = 0; ticks < 12; ticks++) {
    for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
    value = await grouped.add(value + 1);
  }
  expect(value).toBe(12);
});
