import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  clipBox,
  intersectionOverSmaller,
  intersectionOverUnion,
  suppress,
} from '../../../edge/perceive/nms.ts';
import type { Box } from '../../../edge/perceive/perception.ts';

const box = fc.tuple(
  fc.integer({ min: -50, max: 100 }),
  fc.integer({ min: -50, max: 100 }),
  fc.integer({ min: 1, max: 80 }),
  fc.integer({ min: 1, max: 80 }),
) as fc.Arbitrary<Box>;
const candidate = fc.record({ box, score: fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000) });

describe('overlap', () => {
  test('is the same both ways, 0 to 1, and 1 with itself', () => {
    fc.assert(
      fc.property(box, box, (a, b) => {
        for (const overlap of [intersectionOverUnion, intersectionOverSmaller]) {
          expect(overlap(a, b)).toBe(overlap(b, a));
          expect(overlap(a, b)).toBeGreaterThanOrEqual(0);
          expect(overlap(a, b)).toBeLessThanOrEqual(1);
          expect(overlap(a, a)).toBe(1);
        }
      }),
    );
  });

  test('a box inside another covers the smaller one wholly', () => {
    expect(intersectionOverSmaller([0, 0, 100, 100], [40, 40, 10, 10])).toBe(1);
    expect(intersectionOverUnion([0, 0, 100, 100], [40, 40, 10, 10])).toBeCloseTo(0.01);
  });

  test('boxes that only touch, or have no area, do not overlap', () => {
    expect(intersectionOverUnion([0, 0, 10, 10], [10, 0, 10, 10])).toBe(0);
    expect(intersectionOverUnion([0, 0, 0, 0], [0, 0, 0, 0])).toBe(0);
  });
});

describe('suppression', () => {
  const limit = 0.4;

  test('no two kept boxes overlap by more than the limit, and they come best first', () => {
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 30 }), (candidates) => {
        const kept = suppress(candidates, limit);
        kept.forEach((one, i) => {
          for (const other of kept.slice(i + 1)) {
            expect(intersectionOverUnion(one.box, other.box)).toBeLessThanOrEqual(limit);
            expect(one.score).toBeGreaterThanOrEqual(other.score);
          }
        });
      }),
    );
  });

  test('what goes overlaps something kept that is at least as good', () => {
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 30 }), (candidates) => {
        const kept = suppress(candidates, limit);
        for (const gone of candidates.filter((one) => !kept.includes(one)))
          expect(
            kept.some(
              (better) => better.score >= gone.score && intersectionOverUnion(better.box, gone.box) > limit,
            ),
          ).toBe(true);
      }),
    );
  });

  test('doing it twice changes nothing, and the candidates are left as they were', () => {
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 30 }), (candidates) => {
        const before = structuredClone(candidates);
        const once = suppress(candidates, limit);
        expect(suppress(once, limit)).toEqual(once);
        expect(candidates).toEqual(before);
      }),
    );
  });
});

test('a clipped box lies inside the picture and inside the box', () => {
  fc.assert(
    fc.property(box, (original) => {
      const [x, y, width, height] = clipBox(original, 60, 40);
      expect(Math.min(x, y, width, height)).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(60);
      expect(y + height).toBeLessThanOrEqual(40);
      if (width > 0 && height > 0) {
        expect(x).toBeGreaterThanOrEqual(original[0]);
        expect(x + width).toBeLessThanOrEqual(original[0] + original[2]);
      }
    }),
  );
});
