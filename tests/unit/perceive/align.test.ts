import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alignFace, arcFaceTemplate, similarityBetween } from '../../../edge/perceive/align.ts';
import type { Point } from '../../../edge/perceive/perception.ts';
import { applyAffine } from '../../../edge/perceive/resample.ts';

const turn = fc.integer({ min: -180, max: 180 }).map((degrees) => (degrees * Math.PI) / 180);
const scale = fc.integer({ min: 2, max: 80 }).map((n) => n / 10);
const shift = fc.integer({ min: -500, max: 500 });

function moved(points: readonly Point[], angle: number, factor: number, dx: number, dy: number): Point[] {
  const cosine = Math.cos(angle) * factor;
  const sine = Math.sin(angle) * factor;
  return points.map(([x, y]): Point => [cosine * x - sine * y + dx, sine * x + cosine * y + dy]);
}

test('the similarity finds any turn, scale and shift exactly', () => {
  fc.assert(
    fc.property(turn, scale, shift, shift, (angle, factor, dx, dy) => {
      const seen = moved(arcFaceTemplate, angle, factor, dx, dy);
      const back = similarityBetween(seen, arcFaceTemplate);
      seen.forEach((point, i) => {
        const [x, y] = applyAffine(back, point);
        expect(x).toBeCloseTo(arcFaceTemplate[i]![0], 6);
        expect(y).toBeCloseTo(arcFaceTemplate[i]![1], 6);
      });
    }),
  );
});

test('it never mirrors or shears, even when the points would like it', () => {
  const mirrored = arcFaceTemplate.map(([x, y]): Point => [112 - x, y]);
  const [a, b, , d, e] = similarityBetween(mirrored, arcFaceTemplate);
  expect(a).toBeCloseTo(e, 9);
  expect(b).toBeCloseTo(-d, 9);
});

test('points that are all the same give a shift, not a division by zero', () => {
  const same = Array.from({ length: 5 }, (): Point => [7, 7]);
  expect(similarityBetween(same, arcFaceTemplate).every(Number.isFinite)).toBe(true);
});

test('an aligned face has its eyes where the template says', () => {
  const picture = { width: 300, height: 300, data: new Uint8Array(300 * 300 * 3) };
  const landmarks = moved(arcFaceTemplate, 0.3, 1.7, 80, 20) as typeof arcFaceTemplate;
  const [x, y] = landmarks[0].map(Math.round) as [number, number];
  for (let dy = -3; dy <= 3; dy++)
    for (let dx = -3; dx <= 3; dx++)
      picture.data.fill(255, ((y + dy) * 300 + x + dx) * 3, ((y + dy) * 300 + x + dx) * 3 + 3);
  const aligned = alignFace(picture, landmarks);
  const at = (px: number, py: number) => aligned.data[(py * 112 + px) * 3]!;
  expect(at(38, 51)).toBeGreaterThan(200);
  expect(at(73, 51)).toBe(0);
});
