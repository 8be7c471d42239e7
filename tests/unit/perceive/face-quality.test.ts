import { expect, test } from 'vitest';
import type { Picture } from '../../../edge/capture/frame.ts';
import { arcFaceTemplate } from '../../../edge/perceive/align.ts';
import { faceQuality } from '../../../edge/perceive/face-quality.ts';
import type { Face } from '../../../edge/perceive/perception.ts';

/** A checkered surface: sharp everywhere, mean grey level `light`. */
function surface(light: number, contrast: number): Picture {
  const data = new Uint8Array(224 * 224 * 3);
  for (let i = 0; i < 224 * 224; i++) {
    const dark = ((i % 224) >> 2) % 2 === (Math.floor(i / 224) >> 2) % 2;
    data.fill(light + (dark ? -contrast : contrast), i * 3, i * 3 + 3);
  }
  return { width: 224, height: 224, data };
}

const frontal = arcFaceTemplate.map(([x, y]) => [x * 2, y * 2]) as Face['landmarks'];
const sharp = surface(128, 60);

test('a large, sharp, frontal, well-lit face has full quality', () => {
  expect(faceQuality(sharp, frontal)).toBe(1);
});

test('each fault lowers it: blur, darkness, glare, a turned head, a small face', () => {
  const turned = structuredClone(frontal);
  turned[2][0] += 28;
  const small = arcFaceTemplate.map(([x, y]) => [x / 3, y / 3]) as Face['landmarks'];
  for (const [picture, landmarks] of [
    [surface(128, 1), frontal],
    [surface(35, 30), frontal],
    [surface(240, 15), frontal],
    [sharp, turned],
    [sharp, small],
  ] as const)
    expect(faceQuality(picture, landmarks)).toBeLessThan(0.6);
});

test('landmarks that fell together give 0, not an error', () => {
  const point = frontal[0];
  expect(faceQuality(sharp, [point, point, point, point, point])).toBe(0);
});
