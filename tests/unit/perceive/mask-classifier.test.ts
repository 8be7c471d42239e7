import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Picture } from '../../../edge/capture/frame.ts';
import { decodePicture } from '../../../edge/capture/picture-codec.ts';
import { MaskClassifier, maskCrop } from '../../../edge/perceive/mask-classifier.ts';
import type { Face, MaskReading } from '../../../edge/perceive/perception.ts';

const models = 'models';
let classifier: MaskClassifier;

beforeAll(async () => {
  classifier = await MaskClassifier.load(models);
});
afterAll(() => classifier.release());

const frontal: Face['box'] = [60, 70, 80, 104];

test('the crop moves and grows with the face', () => {
  const coordinate = fc.double({ min: -2000, max: 2000, noNaN: true });
  const scale = fc.double({ min: 0.2, max: 20, noNaN: true });
  fc.assert(
    fc.property(coordinate, coordinate, scale, (dx, dy, k) => {
      const [x, y, side] = maskCrop({ box: frontal });
      const [left, top, width, height] = frontal;
      const moved = maskCrop({ box: [left * k + dx, top * k + dy, width * k, height * k] });
      for (const [got, want] of [
        [moved[0], x * k + dx],
        [moved[1], y * k + dy],
        [moved[2], side * k],
        [moved[3], side * k],
      ] as const)
        expect(got).toBeCloseTo(want, 3);
    }),
  );
});

test('the crop holds the whole face, and one from the side gets as large a crop as one from the front', () => {
  const [x, y, width, height] = maskCrop({ box: frontal });
  expect(width).toBe(height);
  expect([x < 60, x + width > 140, y <= 70, y + height > 174]).toEqual([true, true, true, true]);
  expect(maskCrop({ box: [75, 70, 50, 104] })[2]).toBe(width);
});

test('the training scripts cut by the same numbers', async () => {
  const source = await readFile('models/train/masks/geometry.py', 'utf8');
  const number = (name: string) => Number(new RegExp(`^${name} = ([\\d.]+)$`, 'm').exec(source)![1]);
  const [x, y, side] = maskCrop({ box: frontal });
  expect(side).toBeCloseTo(number('CROP_SIDE') * 104, 6);
  expect(x + side / 2).toBeCloseTo(100, 6);
  expect(y + side / 2).toBeCloseTo(122 + number('CROP_DOWN') * 104, 6);
});

test('probabilities sum to one; worn or not is said where that is clear, and then which of the two that are not', async () => {
  const picture = await photograph();
  const shifts = Array.from({ length: 40 }, (_, i) => i * 4 - 40);
  const faces = shifts.map((shift) => ({ box: moved(frontal, shift) }));
  const seen = new Set<string>();
  for (const { verdict, score, probabilities } of await classifier.classify(picture, faces)) {
    const { worn, not_worn, worn_improperly } = probabilities;
    seen.add(verdict);
    expect(worn + not_worn + worn_improperly).toBeCloseTo(1, 4);
    if (verdict === 'cannot_tell') expect(score).toBeCloseTo(1 - Math.max(worn, 1 - worn), 5);
    else expect(score).toBe(probabilities[verdict]);
    if (verdict === 'worn') expect(worn).toBeGreaterThanOrEqual(0.55);
    else if (verdict !== 'cannot_tell')
      expect([1 - worn >= 0.55, score >= Math.max(not_worn, worn_improperly)]).toEqual([true, true]);
  }
  expect(seen.size).toBeGreaterThan(1);
});

test('a face among others reads as it does alone', async () => {
  const picture = await photograph();
  const faces = [0, 25, 50].map((shift) => ({ box: moved(frontal, shift) }));
  const together = await classifier.classify(picture, faces);
  const [alone] = await classifier.classify(picture, [faces[1]!]);
  expect(together[1]!.probabilities.worn).toBeCloseTo(alone!.probabilities.worn, 4);
});

test('a face that is too small, or a crop that shows nothing, is cannot_tell', async () => {
  const [small] = await classifier.classify(await photograph(), [{ box: [0, 0, 5, 5] }]);
  expect(small!.verdict).toBe('cannot_tell');
  const grey: Picture = { width: 300, height: 300, data: new Uint8Array(300 * 300 * 3).fill(120) };
  const [flat] = await classifier.classify(grey, [{ box: frontal }]);
  expect(flat!.verdict).toBe('cannot_tell');
});

test('a box outside the picture, or without size, is read without a fault', async () => {
  const picture = await photograph();
  const faces = [{ box: moved(frontal, 5000) }, { box: [10, 10, 0, 0] as Face['box'] }];
  const readings = await classifier.classify(picture, faces);
  expect(readings.map(({ verdict }) => verdict)).toEqual(['cannot_tell', 'cannot_tell']);
});

test('no faces, no work', async () => {
  expect(await classifier.classify(await photograph(), [])).toEqual([]);
});

test.each([{ minProbability: 1 }, { minCropSide: 5000 }, { minContrast: 200 }])(
  'a face that does not reach %o is cannot_tell',
  async (raised) => {
    const picture = await photograph();
    const face = { box: frontal };
    await withManifest({ ...(await parameters()), minProbability: 0, ...raised }, async (folder) => {
      const strict = await MaskClassifier.load(folder);
      const [reading] = await strict.classify(picture, [face]);
      await strict.release();
      expect(reading!.verdict).toBe('cannot_tell');
    });
    await withManifest({ ...(await parameters()), minProbability: 0 }, async (folder) => {
      const lax = await MaskClassifier.load(folder);
      const [reading] = await lax.classify(picture, [face]);
      await lax.release();
      expect(reading!.verdict).not.toBe('cannot_tell');
    });
  },
);

test('who is sure is not asked twice, and the second look decides where the first is not', async () => {
  const picture = await photograph();
  const faces = [0, 15, 30, 45].map((shift) => ({ box: moved(frontal, shift) }));
  const readBy = (sureFrom: number) => probabilitiesBy(sureFrom, picture, faces);
  const best = (of: MaskReading['probabilities']) => Math.max(...Object.values(of));
  const [first, second] = [await readBy(0), await readBy(1)];
  expect(second.every((of, i) => best(of) !== best(first[i]!))).toBe(true);
  const [, low, high] = first.map(best).sort((a, b) => a - b);
  const between = (low! + high!) / 2;
  const expected = first.map((of, i) => (best(of) < between ? second[i] : of));
  expect(await readBy(between)).toEqual(expected);
});

test('of many unsure faces only sixteen are looked at twice', async () => {
  const picture = await photograph();
  const faces = Array.from({ length: 20 }, (_, k) => ({ box: moved(frontal, 6 * k) }));
  const never = await probabilitiesBy(0, picture, faces);
  const always = await probabilitiesBy(1, picture, faces);
  expect(always.filter(({ worn }, i) => worn !== never[i]!.worn).length).toBe(16);
});

test('a manifest without thresholds is refused', async () => {
  const { minProbability: _, ...rest } = await parameters();
  await withManifest(rest, async (folder) => {
    await expect(MaskClassifier.load(folder)).rejects.toMatchObject({ code: 'MODEL_MANIFEST_INVALID' });
  });
});

/** What a classifier says that asks for a second look below `sureFrom`. */
async function probabilitiesBy(sureFrom: number, picture: Picture, faces: Pick<Face, 'box'>[]) {
  let readings: MaskReading[] = [];
  await withManifest({ ...(await parameters()), sureFrom }, async (folder) => {
    const asking = await MaskClassifier.load(folder);
    readings = await asking.classify(picture, faces);
    await asking.release();
  });
  return readings.map(({ probabilities }) => probabilities);
}

async function parameters(): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(models, 'mask-classifier', 'manifest.json'), 'utf8')).parameters;
}

/** Calls `use` with a models folder in which the classifier has these parameters. */
async function withManifest(changed: object, use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-mask-'));
  try {
    for (const model of ['mask-classifier', 'mask-second-look'])
      await cp(join(models, model), join(folder, model), { recursive: true });
    const path = join(folder, 'mask-classifier', 'manifest.json');
    const manifest = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...manifest, parameters: changed }));
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function moved([x, y, width, height]: Face['box'], by: number): Face['box'] {
  return [x + by, y + by, width, height];
}

function photograph(): Promise<Picture> {
  return decodePicture('node_modules/@vladmandic/face-api/demo/sample1.jpg', 800);
}
