import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Picture } from '../../../edge/capture/frame.ts';
import type { Point } from '../../../edge/perceive/perception.ts';
import {
  type Affine,
  applyAffine,
  applyHomography,
  cropResize,
  fitBox,
  homographyToCorners,
  interleavedTensor,
  invertAffine,
  planarTensor,
  unfitBox,
  unfitPoint,
  warpAffine,
  warpPerspective,
} from '../../../edge/perceive/resample.ts';

/** Red rises with x, green with y, blue is constant: what was sampled tells from where. */
function gradient(width: number, height: number): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set([x, y, 77], (y * width + x) * 3);
  return { width, height, data };
}

const pixel = ({ width, data }: Picture, x: number, y: number) =>
  Array.from(data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3));

const coordinate = fc.integer({ min: -400, max: 400 }).map((n) => n / 4);

/** Whether pixel number `at` of a square of `side` is made of nothing from beyond the edge of a `width`×`height` picture. */
function isInner(at: number, side: number, width: number, height: number): boolean {
  const reaches = (k: number, length: number) => {
    const step = length / side;
    const centre = (k + 0.5) * step - 0.5;
    return centre - Math.max(1, step) < -1 || centre + Math.max(1, step) > length;
  };
  return !reaches(at % side, width) && !reaches(Math.floor(at / side), height);
}

describe('crop and resize', () => {
  test('at the same size gives the very pixels', () => {
    const picture = gradient(40, 30);
    const crop = cropResize(picture, [5, 7, 20, 10], 20, 10);
    expect(pixel(crop, 0, 0)).toEqual([5, 7, 77]);
    expect(pixel(crop, 19, 9)).toEqual([24, 16, 77]);
    expect(cropResize(picture, [0, 0, 40, 30], 40, 30).data).toEqual(picture.data);
  });

  test('shrinking averages all covered pixels, so a fine pattern becomes grey and not a moiré', () => {
    const stripes = gradient(120, 120);
    for (let i = 0; i < 120 * 120; i++) stripes.data.fill(i % 2 ? 255 : 0, i * 3, i * 3 + 3);
    const small = cropResize(stripes, [0, 0, 120, 120], 16, 16);
    for (let x = 1; x < 15; x++) expect(Math.abs(pixel(small, x, 8)[0]! - 127.5)).toBeLessThan(12);
  });

  test('white stays white and black black, however much it shrinks or grows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9000 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom(0, 255),
        (width, height, side, level) => {
          const flat = { width, height, data: new Uint8Array(width * height * 3).fill(level) };
          const out = cropResize(flat, [0, 0, width, height], side, side);
          const inner = out.data.filter((_, i) => isInner(Math.floor(i / 3), side, width, height));
          expect(inner.every((value) => value === level)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('keeps the middle of a gradient in the middle, whatever the sizes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 90 }), fc.integer({ min: 3, max: 90 }), (width, height) => {
        const out = cropResize(gradient(100, 80), [10, 10, 61, 41], width, height);
        const mean = (c: number) =>
          out.data.reduce((sum, value, i) => (i % 3 === c ? sum + value : sum), 0) / (width * height);
        expect(mean(0)).toBeCloseTo(40, -1);
        expect(mean(1)).toBeCloseTo(30, -1);
        expect(mean(2)).toBeCloseTo(77, 0);
      }),
      { numRuns: 30 },
    );
  });

  test('outside the picture is black, also when nothing of the box is inside', () => {
    const picture = gradient(20, 20);
    expect(pixel(cropResize(picture, [-10, -10, 20, 20], 20, 20), 2, 2)).toEqual([0, 0, 0]);
    expect(cropResize(picture, [500, 500, 40, 40], 8, 8).data.every((value) => value === 0)).toBe(true);
    expect(cropResize(picture, [-90, 5, 10, 10], 8, 8).data.every((value) => value === 0)).toBe(true);
  });

  test('a picture of 8×3 pixels can be enlarged and one of 1×1 too', () => {
    expect(pixel(cropResize(gradient(8, 3), [0, 0, 8, 3], 64, 24), 32, 12)[2]).toBe(77);
    expect(pixel(cropResize(gradient(1, 1), [0, 0, 1, 1], 1, 1), 0, 0)).toEqual([0, 0, 77]);
  });
});

describe('fit', () => {
  test('undoes itself: a corner of the box is found again', () => {
    fc.assert(
      fc.property(
        fc.tuple(coordinate, coordinate, fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 })),
        ([x, y, width, height]) => {
          const { fit } = fitBox(gradient(4, 4), [x, y, width, height], 32, 24);
          const left = (x - fit.origin[0]) * fit.scale;
          const top = (y - fit.origin[1]) * fit.scale;
          const found = unfitPoint([left, top], fit);
          expect(found[0]).toBeCloseTo(x, 6);
          expect(found[1]).toBeCloseTo(y, 6);
          expect(unfitBox([left, top, width * fit.scale, height * fit.scale], fit)[2]).toBeCloseTo(width, 6);
          expect(left).toBeGreaterThanOrEqual(-1e-6);
          expect(left + width * fit.scale).toBeLessThanOrEqual(32 + 1e-6);
        },
      ),
    );
  });

  test('keeps the aspect and puts the box in the middle on black', () => {
    const { picture } = fitBox(gradient(40, 20), [0, 0, 40, 20], 40, 40);
    expect(pixel(picture, 20, 2)).toEqual([0, 0, 0]);
    expect(pixel(picture, 20, 20)).toEqual([20, 10, 77]);
    expect(pixel(picture, 20, 37)).toEqual([0, 0, 0]);
  });
});

describe('warp', () => {
  test('an affine and its inverse bring every point back', () => {
    const part = fc.integer({ min: -30, max: 30 }).map((n) => n / 10);
    fc.assert(
      fc.property(
        fc.tuple(part, part, coordinate, part, part, coordinate),
        coordinate,
        coordinate,
        (m, x, y) => {
          const matrix = m as unknown as Affine;
          fc.pre(Math.abs(matrix[0] * matrix[4] - matrix[1] * matrix[3]) > 0.1);
          const back = applyAffine(invertAffine(matrix), applyAffine(matrix, [x, y]));
          expect(back[0]).toBeCloseTo(x, 4);
          expect(back[1]).toBeCloseTo(y, 4);
        },
      ),
    );
  });

  test('a homography sends the corners of the target to the given corners', () => {
    const wobble = fc.integer({ min: -20, max: 20 });
    fc.assert(
      fc.property(fc.array(wobble, { minLength: 8, maxLength: 8 }), (w) => {
        const corners: [Point, Point, Point, Point] = [
          [w[0]!, w[1]!],
          [200 + w[2]!, w[3]!],
          [200 + w[4]!, 100 + w[5]!],
          [w[6]!, 100 + w[7]!],
        ];
        const matrix = homographyToCorners(corners, 90, 30);
        const sent = (
          [
            [0, 0],
            [90, 0],
            [90, 30],
            [0, 30],
          ] as Point[]
        ).map((p) => applyHomography(matrix, p));
        sent.forEach((point, i) => {
          expect(point[0]).toBeCloseTo(corners[i]![0], 6);
          expect(point[1]).toBeCloseTo(corners[i]![1], 6);
        });
      }),
    );
  });

  test('a rectangle straightened is the crop', () => {
    const picture = gradient(60, 60);
    const straight = warpPerspective(
      picture,
      [
        [10, 20],
        [30, 20],
        [30, 35],
        [10, 35],
      ],
      20,
      15,
    );
    expect(straight.data).toEqual(cropResize(picture, [10, 20, 20, 15], 20, 15).data);
  });

  test('a rotation by a quarter turns the gradient', () => {
    const turned = warpAffine(gradient(20, 20), [0, 1, 0, -1, 0, 20], 20, 20);
    expect(pixel(turned, 3, 5)).toEqual([5, 16, 77]);
  });
});

test('tensors hold the channels in the order and scale the network wants', () => {
  const picture: Picture = { width: 2, height: 1, data: Uint8Array.of(10, 20, 30, 40, 50, 60) };
  const scaling = { order: 'bgr', mean: [1, 2, 3], deviation: [1, 2, 4] } as const;
  expect(Array.from(planarTensor(picture, scaling))).toEqual([29, 59, 9, 24, 1.75, 9.25]);
  expect(Array.from(interleavedTensor(picture, scaling))).toEqual([29, 9, 1.75, 59, 24, 9.25]);
});
