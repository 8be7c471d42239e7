import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Corners,
  overlap,
  type PlateCells,
  platesOf,
} from '../../../../edge/perceive/plates/plate-cells.ts';

const stride = 8;
const unit = 16;
const rows = 12;
const columns = 20;

/** Cells in which nothing is seen. */
function emptyCells(): PlateCells {
  const data = new Float32Array(10 * rows * columns);
  data.fill(-9, 0, rows * columns);
  return { data, rows, columns, stride, unit };
}

/** Writes into one cell that a plate with these corners is seen there. */
function see(
  cells: PlateCells,
  row: number,
  column: number,
  corners: Corners,
  score: number,
  twoRows = 0.1,
): void {
  const size = rows * columns;
  const cell = row * columns + column;
  const logit = (p: number) => Math.log(p / (1 - p));
  cells.data[cell] = logit(score);
  for (const [index, [x, y]] of corners.entries()) {
    cells.data[(1 + 2 * index) * size + cell] = (x - (column + 0.5) * stride) / unit;
    cells.data[(2 + 2 * index) * size + cell] = (y - (row + 0.5) * stride) / unit;
  }
  cells.data[9 * size + cell] = logit(twoRows);
}

const plate = (x: number, y: number): Corners => [
  [x, y],
  [x + 60, y + 4],
  [x + 59, y + 24],
  [x - 1, y + 20],
];

describe('the cells of the plate network', () => {
  test('that see nothing give nothing', () => {
    expect(platesOf(emptyCells(), 0.2)).toEqual([]);
  });

  test('give back the corners that were seen, in pixels of the input', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: rows - 1 }),
        fc.integer({ min: 0, max: columns - 1 }),
        fc.double({ min: -50, max: 150, noNaN: true }),
        fc.double({ min: -50, max: 90, noNaN: true }),
        (row, column, x, y) => {
          const cells = emptyCells();
          see(cells, row, column, plate(x, y), 0.8);
          const [found, ...others] = platesOf(cells, 0.2);
          expect(others).toEqual([]);
          for (const [index, [px, py]] of plate(x, y).entries()) {
            expect(found!.corners[index]![0]).toBeCloseTo(px, 2);
            expect(found!.corners[index]![1]).toBeCloseTo(py, 2);
          }
          expect(found!.score).toBeCloseTo(0.8, 5);
        },
      ),
    );
  });

  test('that see one plate give one, with the mean of their corners, the surer ones counting for more', () => {
    const cells = emptyCells();
    see(cells, 4, 6, plate(30, 30), 0.9);
    see(cells, 4, 7, plate(34, 30), 0.6);
    const [found, ...others] = platesOf(cells, 0.2);
    expect(others).toEqual([]);
    expect(found!.corners[0][0]).toBeCloseTo((30 * 0.9 + 34 * 0.6) / 1.5, 3);
    expect(found!.score).toBeCloseTo(0.9, 5);
  });

  test('that are much less sure than their neighbour have no say in the corners', () => {
    const cells = emptyCells();
    see(cells, 4, 6, plate(30, 30), 0.95);
    see(cells, 4, 7, plate(44, 30), 0.3);
    expect(platesOf(cells, 0.2)[0]!.corners[0][0]).toBeCloseTo(30, 3);
  });

  test('that see two plates give both, the surer one first', () => {
    const cells = emptyCells();
    see(cells, 2, 3, plate(4, 8), 0.5);
    see(cells, 8, 12, plate(80, 60), 0.9, 0.8);
    const found = platesOf(cells, 0.2);
    expect(found.map(({ score }) => Math.round(score * 10))).toEqual([9, 5]);
    expect(found.map(({ twoRows }) => twoRows > 0.5)).toEqual([true, false]);
  });

  test('that are not numbers give nothing', () => {
    const cells = emptyCells();
    cells.data.fill(Number.NaN);
    expect(platesOf(cells, 0.2)).toEqual([]);
    see(cells, 3, 3, plate(Number.POSITIVE_INFINITY, 4), 0.9);
    expect(platesOf(cells, 0.2)).toEqual([]);
  });
});

test('the overlap of two quadrilaterals is symmetric, 1 with itself and 0 when they are apart', () => {
  const somewhere = fc.double({ min: -100, max: 100, noNaN: true });
  fc.assert(
    fc.property(somewhere, somewhere, somewhere, somewhere, (ax, ay, bx, by) => {
      const [a, b] = [plate(ax, ay), plate(bx, by)];
      expect(overlap(a, a)).toBeCloseTo(1, 9);
      expect(overlap(a, b)).toBeCloseTo(overlap(b, a), 9);
      if (Math.abs(ax - bx) > 62) expect(overlap(a, b)).toBe(0);
    }),
  );
});
