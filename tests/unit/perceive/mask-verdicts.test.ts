import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Picture } from '../../../edge/capture/frame.ts';
import { decodePicture } from '../../../edge/capture/picture-codec.ts';
import { FaceFinder } from '../../../edge/perceive/face-finder.ts';
import { MaskClassifier } from '../../../edge/perceive/mask-classifier.ts';
import type { Face, MaskReading, Point } from '../../../edge/perceive/perception.ts';

let finder: FaceFinder;
let classifier: MaskClassifier;
let photographs: { picture: Picture; faces: Pick<Face, 'box' | 'landmarks'>[] }[];

beforeAll(async () => {
  finder = await FaceFinder.load('models');
  classifier = await MaskClassifier.load('models');
  photographs = [];
  for (const number of [1, 2, 3, 4, 5, 6]) {
    const picture = await decodePicture(`node_modules/@vladmandic/face-api/demo/sample${number}.jpg`, 1280);
    const found = await finder.find(picture, [], { wholePicture: true });
    photographs.push({ picture, faces: found.filter(({ box, score }) => box[2] > 50 && score > 0.6) });
  }
});
afterAll(async () => {
  await finder.release();
  await classifier.release();
});

test('bare faces on real photographs are not_worn, and none is called masked', async () => {
  const verdicts = await verdictsOf((picture) => picture);
  expect(verdicts.length).toBeGreaterThanOrEqual(8);
  expect(verdicts).not.toContain('worn');
  expect(share(verdicts, 'not_worn')).toBeGreaterThan(0.85);
});

test.each([
  ['white', [235, 238, 240]],
  ['light blue', [130, 190, 225]],
  ['black', [25, 25, 28]],
] as const)('the same faces under a %s mask are worn, and none is called bare', async (_, colour) => {
  const verdicts = await verdictsOf((picture, face) => withMask(picture, face, colour));
  expect(verdicts).not.toContain('not_worn');
  expect(share(verdicts, 'worn')).toBeGreaterThan(0.7);
});

async function verdictsOf(change: (picture: Picture, face: Pick<Face, 'landmarks'>) => Picture) {
  const verdicts: MaskReading['verdict'][] = [];
  for (const { picture, faces } of photographs)
    for (const face of faces) {
      const [reading] = await classifier.classify(change(picture, face), [face]);
      verdicts.push(reading!.verdict);
    }
  return verdicts;
}

function share(verdicts: string[], verdict: string): number {
  return verdicts.filter((each) => each === verdict).length / verdicts.length;
}

/** A copy with a pleated patch from the bridge of the nose to the chin; every second pleat a little darker. */
function withMask(
  picture: Picture,
  { landmarks }: Pick<Face, 'landmarks'>,
  colour: readonly number[],
): Picture {
  const [left, right, , mouthLeft, mouthRight] = landmarks;
  const eyes: Point = [(left[0] + right[0]) / 2, (left[1] + right[1]) / 2];
  const mouth: Point = [(mouthLeft[0] + mouthRight[0]) / 2, (mouthLeft[1] + mouthRight[1]) / 2];
  const down: Point = [mouth[0] - eyes[0], mouth[1] - eyes[1]];
  const reach = Math.hypot(...down);
  const data = Uint8Array.from(picture.data);
  for (let y = 0; y < picture.height; y++)
    for (let x = 0; x < picture.width; x++) {
      // In units of the eye-to-mouth distance: along the face from the eyes, and across it from the middle.
      const along = ((x - eyes[0]) * down[0] + (y - eyes[1]) * down[1]) / reach ** 2;
      const across = Math.abs((y - eyes[1]) * down[0] - (x - eyes[0]) * down[1]) / reach ** 2;
      const top = 0.3 + 0.12 * across;
      const half = along < 1.1 ? 0.9 : 0.9 - 1.1 * (along - 1.1);
      if (along < top || along > 1.62 || across > half) continue;
      const shade = (1 - 0.18 * across) * (Math.floor(along * 9) % 2 ? 0.93 : 1);
      for (let c = 0; c < 3; c++) data[(y * picture.width + x) * 3 + c] = colour[c]! * shade;
    }
  return { ...picture, data };
}
