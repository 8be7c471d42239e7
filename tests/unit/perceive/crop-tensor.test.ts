import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Picture } from '../../../edge/capture/frame.ts';
import { cropTensor } from '../../../edge/perceive/crop-tensor.ts';
import type { Box } from '../../../edge/perceive/perception.ts';
import { cropResize, planarTensor } from '../../../edge/perceive/resample.ts';

const scaling = { order: 'rgb', mean: [0, 0, 0], deviation: [1, 1, 1] } as const;
const other = { order: 'bgr', mean: [10, 20, 30], deviation: [2, 3, 4] } as const;

/** Waves a few pixels long, another in each channel. */
function waves(width: number, height: number): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      data.set(
        [0, 1, 2].map((c) => 127 + 100 * Math.sin((x + 9 * c) / 15) * Math.cos(y / 17)),
        (y * width + x) * 3,
      );
  return { width, height, data };
}

function meanDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
}

describe('a crop for a network', () => {
  const picture = waves(900, 700);

  test.each<[string, Box, number, number]>([
    ['at its size', [100, 50, 160, 96], 160, 96],
    ['enlarged, between pixels', [100.3, 50.6, 80.5, 48.2], 160, 96],
    ['shrunk a little', [100.4, 50.7, 200, 120], 160, 96],
    ['shrunk to a third', [100, 50, 600, 480], 200, 160],
    ['shrunk to a tenth', [0, 0, 900, 700], 96, 64],
    ['over the edge', [-50, -20, 600, 500], 200, 160],
    ['quite outside', [2000, 2000, 600, 500], 200, 160],
  ])('shows what resizing shows: %s', (_, box, width, height) => {
    const exact = planarTensor(cropResize(picture, box, width, height), scaling);
    expect(meanDifference(cropTensor(picture, box, width, height, scaling), exact)).toBeLessThan(3);
    const pixelOff = planarTensor(
      cropResize(picture, [box[0] + box[2] / width, box[1], box[2], box[3]], width, height),
      scaling,
    );
    if (box[0] < 900)
      expect(meanDifference(cropTensor(picture, box, width, height, scaling), exact)).toBeLessThan(
        0.6 * meanDifference(pixelOff, exact),
      );
  });

  test('mean, deviation and the order of the planes are the manifest’s', () => {
    const box: Box = [100, 50, 160, 96];
    const expected = planarTensor(cropResize(picture, box, 160, 96), other);
    expect(meanDifference(cropTensor(picture, box, 160, 96, other), expected)).toBeLessThan(1e-4);
  });

  test('white stays white, however much it shrinks or grows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 900 }),
        fc.integer({ min: 2, max: 60 }),
        fc.integer({ min: 1, max: 12 }),
        (width, height, side) => {
          const white = { width, height, data: new Uint8Array(width * height * 3).fill(255) };
          const out = cropTensor(white, [0.5, 0.5, width - 1, height - 1], side, side, scaling);
          const middle = Math.floor(side / 2) * side + Math.floor(side / 2);
          expect(out[middle]).toBe(255);
          expect(Math.max(...out)).toBe(255);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a picture of 1×1 can be looked at', () => {
    const dot = { width: 1, height: 1, data: new Uint8Array([1, 2, 3]) };
    expect([...cropTensor(dot, [0, 0, 1, 1], 1, 1, scaling)]).toEqual([1, 2, 3]);
  });
});
