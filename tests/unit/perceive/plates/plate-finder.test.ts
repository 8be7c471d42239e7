import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseCandidates, growCorners } from '../../../../edge/perceive/plates/plate-finder.ts';
import { type Corners, findTextLines, type TextLine } from '../../../../edge/perceive/plates/text-lines.ts';

/** A line of text from `x`, `y`, leaning by `slope`. */
function line(x: number, y: number, width: number, height: number, slope = 0): TextLine {
  const corners: Corners = [
    [x, y],
    [x + width, y + slope * width],
    [x + width, y + height + slope * width],
    [x, y + height],
  ];
  return { corners, score: 0.9 };
}

/** Paints parallelograms of probability 0.9 on 0. */
function paint(width: number, height: number, lines: TextLine[]) {
  const data = new Float32Array(width * height);
  for (const { corners } of lines) {
    const [a, b, , d] = corners;
    const slope = (b[1] - a[1]) / (b[0] - a[0]);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const down = y + 0.5 - a[1] - slope * (x + 0.5 - a[0]);
        if (x + 0.5 > a[0] && x + 0.5 < b[0] && down > 0 && down < d[1] - a[1]) data[y * width + x] = 0.9;
      }
  }
  return { data, width, height };
}

describe('lines of text', () => {
  test('are found where they are painted, leaning as they lean, and grown back from their core', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -0.4, max: 0.4, noNaN: true }),
        fc.integer({ min: 40, max: 110 }),
        fc.integer({ min: 8, max: 20 }),
        (slope, width, height) => {
          const painted = line(30, 70, width, height, slope);
          const found = findTextLines(paint(180, 160, [painted]));
          expect(found).toHaveLength(1);
          const [a, b, , d] = found[0]!.corners;
          const grown = ((width * height) / (2 * (width + height))) * 1.6;
          expect((b[1] - a[1]) / (b[0] - a[0])).toBeCloseTo(slope, 1);
          expect(Math.abs(a[0] - (30 - grown))).toBeLessThan(2);
          expect(Math.abs(b[0] - a[0] - width - 2 * grown)).toBeLessThan(3);
          expect(Math.abs(d[1] - a[1] - height - 2 * grown)).toBeLessThan(3);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('that do not touch are apart, and specks are none', () => {
    const map = paint(200, 100, [line(10, 20, 60, 10), line(110, 20, 60, 10), line(50, 80, 3, 3)]);
    expect(findTextLines(map)).toHaveLength(2);
  });

  test('are none in an empty map or in noise below the threshold', () => {
    expect(findTextLines({ data: new Float32Array(0), width: 0, height: 0 })).toEqual([]);
    expect(findTextLines({ data: new Float32Array(900).fill(0.29), width: 30, height: 30 })).toEqual([]);
  });
});

describe('candidates', () => {
  test('a line of a plate’s shape is one, with a rim around it', () => {
    const [candidate] = chooseCandidates([line(100, 100, 150, 42)]);
    expect(candidate!.rowCorners).toBeUndefined();
    expect(candidate!.corners[0][0]).toBeLessThan(100);
    expect(candidate!.corners[2][1]).toBeGreaterThan(142);
  });

  test('a headline, a column and a line too low to read are none', () => {
    expect(chooseCandidates([line(0, 0, 600, 20)])).toEqual([]);
    expect(chooseCandidates([line(0, 0, 20, 80)])).toEqual([]);
    expect(chooseCandidates([line(0, 0, 20, 5)])).toEqual([]);
  });

  test('a plate parted at its dot is joined', () => {
    const parts = [line(100, 100, 50, 40, 0.1), line(158, 106, 100, 40, 0.1)];
    const joined = chooseCandidates(parts).find(({ corners }) => corners[1][0] - corners[0][0] > 150);
    expect(joined).toBeDefined();
    expect(joined!.corners[0][0]).toBeLessThan(100);
    expect(joined!.corners[1][0]).toBeGreaterThan(258);
  });

  test('a short line centred above a wide one is a two-row plate, upper row first', () => {
    const candidate = chooseCandidates([line(100, 140, 150, 60), line(130, 100, 90, 36)]).find(
      (c) => c.rowCorners,
    );
    expect(candidate).toBeDefined();
    expect(candidate!.rowCorners![0][0][1]).toBeLessThan(candidate!.rowCorners![1][0][1]);
  });

  test('two lines far apart are never put together', () => {
    const both = chooseCandidates([line(0, 0, 100, 30), line(300, 200, 100, 30)]);
    expect(both).toHaveLength(2);
  });

  test('come best first, with finite corners, whatever the lines', () => {
    const number = fc.double({ min: -500, max: 500, noNaN: true });
    const size = fc.double({ min: 0, max: 400, noNaN: true });
    const lines = fc.array(
      fc.tuple(number, number, size, size, fc.double({ min: -2, max: 2, noNaN: true })),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(lines, (shapes) => {
        const candidates = chooseCandidates(shapes.map((shape) => line(...shape)));
        expect(candidates.flatMap((c) => c.corners.flat()).every(Number.isFinite)).toBe(true);
        expect(candidates).toEqual([...candidates].sort((a, b) => b.score - a.score));
      }),
    );
  });
});

test('corners grown and shrunk again are where they were, in the middle', () => {
  const { corners } = line(10, 20, 100, 30, 0.2);
  const grown = growCorners(corners, { left: 0.1, right: 0.1, height: 0.2 });
  expect(grown[0][0]).toBeCloseTo(0);
  expect(grown[1][0]).toBeCloseTo(120);
  expect((grown[0][1] + grown[2][1]) / 2).toBeCloseTo((corners[0][1] + corners[2][1]) / 2);
});
