import { describe, expect, test } from 'vitest';
import type { Picture } from '../../../edge/capture/frame.ts';
import { cropShrink } from '../../../edge/perceive/crop-shrink.ts';
import type { Box } from '../../../edge/perceive/perception.ts';
import { cropResize } from '../../../edge/perceive/resample.ts';

/** Waves a few pixels long in each channel. */
function waves(width: number, height: number): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      data.set(
        [0, 1, 2].map((c) => 127 + 120 * Math.sin((x + c) / 9) * Math.cos(y / 7)),
        (y * width + x) * 3,
      );
  return { width, height, data };
}

/** Mean difference, grey levels. */
function difference(a: Picture, b: Picture): number {
  expect([a.width, a.height, a.data.length]).toEqual([b.width, b.height, b.data.length]);
  return a.data.reduce((sum, value, i) => sum + Math.abs(value - b.data[i]!), 0) / a.data.length;
}

describe('shrinking a crop', () => {
  const picture = waves(900, 700);

  test.each<[string, Box, number, number]>([
    ['large, on whole pixels', [100, 50, 600, 480], 200, 160],
    ['large, to the very edges', [0, 0, 900, 700], 288, 224],
    ['small', [400, 300, 90, 60], 60, 40],
    ['over the edge', [-50, -20, 600, 500], 200, 160],
    ['quite outside', [2000, 2000, 600, 500], 200, 160],
  ])('gives what resizing gives: %s', async (_, box, width, height) => {
    const shrunk = await cropShrink(picture, box, width, height);
    expect(difference(shrunk, cropResize(picture, box, width, height))).toBeLessThan(2);
  });

  test('between pixels it lies less than one pixel off', async () => {
    const box: Box = [100.4, 50.6, 600.3, 480.2];
    const shrunk = await cropShrink(picture, box, 200, 160);
    const pixelOff = cropResize(picture, [101.4, 51.6, 600.3, 480.2], 200, 160);
    const exact = cropResize(picture, box, 200, 160);
    expect(difference(shrunk, exact)).toBeLessThan(0.6 * difference(pixelOff, exact));
  });
});
