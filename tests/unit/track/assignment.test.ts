import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assign } from '../../../edge/track/assignment.ts';

/** The least total by trying everything: each row takes a free column or pays for staying apart. */
function leastByTrying(costs: number[][], limit: number, row = 0, taken = new Set<number>()): number {
  if (row === costs.length) return 0;
  let least = leastByTrying(costs, limit, row + 1, taken);
  for (const [column, cost] of costs[row].entries()) {
    if (taken.has(column) || !(cost < limit)) continue;
    const rest = leastByTrying(costs, limit, row + 1, new Set(taken).add(column));
    least = Math.min(least, cost - limit + rest);
  }
  return least;
}

const matrix = fc
  .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 5 }))
  .chain(([rows, columns]) =>
    fc.array(
      fc.array(
        fc.oneof(
          { weight: 6, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
          fc.constantFrom(Number.POSITIVE_INFINITY, Number.NaN, 0.5),
        ),
        { minLength: columns, maxLength: columns },
      ),
      { minLength: rows, maxLength: rows },
    ),
  );

test('the pairing costs the least that any pairing can', () => {
  fc.assert(
    fc.property(matrix, fc.constantFrom(0.4, 0.9, 2), (costs, limit) => {
      const total = assign(costs, limit).reduce(
        (sum, { row, column }) => sum + costs[row][column] - limit,
        0,
      );
      expect(total).toBeCloseTo(leastByTrying(costs, limit), 9);
    }),
  );
});

test('a row and a column are used once, and never at or above the limit', () => {
  fc.assert(
    fc.property(matrix, (costs) => {
      const pairs = assign(costs, 0.7);
      expect(new Set(pairs.map(({ row }) => row)).size).toBe(pairs.length);
      expect(new Set(pairs.map(({ column }) => column)).size).toBe(pairs.length);
      for (const { row, column } of pairs) expect(costs[row][column]).toBeLessThan(0.7);
    }),
  );
});

test('one good pair is preferred to two bad ones', () => {
  const costs = [
    [0.1, 0.85],
    [0.85, Number.POSITIVE_INFINITY],
  ];
  expect(assign(costs, 0.9)).toEqual([{ row: 0, column: 0 }]);
});

test('nothing is paired where there is nothing', () => {
  expect(assign([], 1)).toEqual([]);
  expect(assign([[], []], 1)).toEqual([]);
});
