import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ScoredPair, verify } from '../../../models/evaluate/verification.ts';

const shares = [0.01, 0.001, 0.0001];
const pair = (isSame: boolean, similarity: number, fold = 0): ScoredPair => ({ fold, isSame, similarity });
const anyPairs = fc.array(
  fc.record({
    fold: fc.integer({ min: 0, max: 4 }),
    isSame: fc.boolean(),
    similarity: fc.double({ min: -1, max: 1, noNaN: true }),
  }),
  { minLength: 2, maxLength: 300 },
);

test('no more pairs of two people lie above a threshold than its share of false matches allows', () => {
  fc.assert(
    fc.property(anyPairs, (pairs) => {
      const different = pairs.filter(({ isSame }) => !isSame);
      fc.pre(different.length > 0 && different.length < pairs.length);
      for (const { share, threshold, trueMatches } of verify(pairs, shares).atFalseMatches) {
        const above = different.filter(({ similarity }) => similarity > threshold).length;
        expect(above).toBeLessThanOrEqual(share * different.length);
        expect(trueMatches).toBeGreaterThanOrEqual(0);
        expect(trueMatches).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test('who tells all pairs apart is right in every fold', () => {
  const pairs = [0, 1, 2].flatMap((fold) => [pair(true, 0.6 + fold / 10, fold), pair(false, 0.2, fold)]);
  const { accuracy, atFalseMatches } = verify(pairs, shares);
  expect(accuracy).toBe(1);
  for (const { trueMatches } of atFalseMatches) expect(trueMatches).toBe(1);
});

test('a fold is judged with the threshold of the others, not with its own', () => {
  const others = [pair(true, 0.9, 1), pair(true, 0.8, 1), pair(false, 0.1, 1), pair(false, 0.2, 1)];
  // Told apart at 0.05, but the others put the threshold at 0.5.
  const odd = [pair(true, 0.09, 0), pair(false, 0.01, 0)];
  expect(verify([...odd, ...others], shares).accuracy).toBeLessThan(1);
});

test('without pairs of both kinds there is nothing to say', () => {
  expect(() => verify([pair(true, 1)], shares)).toThrow(RangeError);
  expect(() => verify([pair(false, 1)], shares)).toThrow(RangeError);
});
