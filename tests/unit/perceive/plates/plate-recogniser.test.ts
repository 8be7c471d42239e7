import { expect, test } from 'vitest';
import type { Corners } from '../../../../edge/perceive/plates/plate-cells.ts';
import { partOf, straighten } from '../../../../edge/perceive/plates/plate-recogniser.ts';

/** A picture whose red grows to the right and whose green grows downwards. */
function ramp(width: number, height: number) {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      data[(y * width + x) * 3] = (x * 255) / width;
      data[(y * width + x) * 3 + 1] = (y * 255) / height;
    }
  return { width, height, data };
}
const whole: Corners = [
  [0, 0],
  [200, 0],
  [200, 100],
  [0, 100],
];
const at = (picture: ReturnType<typeof ramp>, x: number, y: number) => [
  ...picture.data.subarray((y * picture.width + x) * 3, (y * picture.width + x) * 3 + 2),
];

test('a part of a rectangle is the part of its sides', () => {
  expect(partOf(whole, { left: 0.1, top: 0.2, right: 0.6, bottom: 1 })).toEqual([
    [20, 20],
    [120, 20],
    [120, 100],
    [20, 100],
  ]);
});

test('one row becomes one line of 160×48 from left to right', () => {
  const line = straighten(ramp(200, 100), whole, 1);
  expect([line.width, line.height]).toEqual([160, 48]);
  expect(at(line, 0, 0)[0]).toBeLessThan(8);
  expect(at(line, 159, 47)[0]).toBeGreaterThan(245);
  expect(at(line, 0, 47)[1]).toBeGreaterThan(240);
});

test('two rows become one line: the upper one first, then the lower one', () => {
  const line = straighten(ramp(200, 100), whole, 2);
  expect([line.width, line.height]).toEqual([160, 48]);
  const upperMiddle = at(line, 26, 24);
  const lowerMiddle = at(line, 106, 24);
  expect(upperMiddle[0]).toBeCloseTo(127, -1);
  expect(upperMiddle[1]).toBeCloseTo(0.21 * 255, -1);
  expect(lowerMiddle[0]).toBeCloseTo(127, -1);
  expect(lowerMiddle[1]).toBeCloseTo(0.69 * 255, -1);
});
