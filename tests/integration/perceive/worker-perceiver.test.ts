import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Picture } from '../../../edge/capture/frame.ts';
import { decodePicture, shrinkPicture } from '../../../edge/capture/picture-codec.ts';
import { arcFaceTemplate, similarityBetween } from '../../../edge/perceive/align.ts';
import type { Face, Point } from '../../../edge/perceive/perception.ts';
import { applyAffine, invertAffine } from '../../../edge/perceive/resample.ts';
import { WorkerPerceiver } from '../../../edge/perceive/worker-perceiver.ts';

const root = join(import.meta.dirname, '../../..');
const models = join(root, 'models');
const sample = (n: number) => join(root, `node_modules/@vladmandic/face-api/demo/sample${n}.jpg`);
const still = { embed: true, wholePicture: true };
const stream = { embed: false, wholePicture: false };

async function frameOf(full: Picture) {
  return { small: await shrinkPicture(full, 640), full };
}

const cosine = (a: Face, b: Face) =>
  a.embeddings!.whole!.reduce((sum, value, i) => sum + value * b.embeddings!.whole![i]!, 0);

/** Paints a light blue mask from the nose over the mouth, as it lies in the aligned face. */
function putMaskOn(picture: Picture, landmarks: Face['landmarks']): void {
  const toAligned = similarityBetween(landmarks, arcFaceTemplate);
  const toPicture = invertAffine(toAligned);
  for (let y = 66; y < 118; y += 0.2)
    for (let x = 20 + Math.max(0, y - 95) * 0.8; x < 92 - Math.max(0, y - 95) * 0.8; x += 0.2) {
      const [px, py] = applyAffine(toPicture, [x, y]).map(Math.round) as Point;
      if (px < 0 || py < 0 || px >= picture.width || py >= picture.height) continue;
      const fold = Math.sin(y / 3) * 8;
      picture.data.set([150 + fold, 190 + fold, 215 + fold], (py * picture.width + px) * 3);
    }
}

describe('perception on real pictures', () => {
  const perceiver = new WorkerPerceiver({ modelsFolder: models });
  beforeAll(() => perceiver.start(), 60_000);
  afterAll(() => perceiver.stop());

  test('finds the four women, their faces, and whose face is whose', async () => {
    const { persons, faces } = await perceiver.perceive(
      await frameOf(await decodePicture(sample(6), 1280)),
      still,
    );
    expect(persons).toHaveLength(4);
    expect(faces).toHaveLength(4);
    expect(new Set(faces.map(({ person }) => person)).size).toBe(4);
    for (const { box, landmarks, quality, embeddings } of faces) {
      const [leftEye, rightEye, nose, leftMouth, rightMouth] = landmarks;
      expect(leftEye[0]).toBeLessThan(rightEye[0]);
      expect(leftMouth[0]).toBeLessThan(rightMouth[0]);
      expect(nose[1]).toBeGreaterThan(leftEye[1]);
      expect(leftMouth[1]).toBeGreaterThan(nose[1]);
      for (const [x, y] of landmarks) {
        expect(x).toBeGreaterThan(box[0]);
        expect(x).toBeLessThan(box[0] + box[2]);
        expect(y).toBeGreaterThan(box[1]);
        expect(y).toBeLessThan(box[1] + box[3] * 1.1);
      }
      expect(quality).toBeGreaterThan(0.4);
      expect(Math.hypot(...embeddings!.whole!)).toBeCloseTo(1, 5);
      expect(Math.hypot(...embeddings!.upper)).toBeCloseTo(1, 5);
    }
  }, 60_000);

  test('a face is close to itself in worse light and resolution, and far from others', async () => {
    const picture = await decodePicture(sample(6), 1280);
    const worse = await decodePicture(sample(6), 900);
    worse.data = worse.data.map((value) => 20 + value * 0.6);
    const byLeft = (a: Face, b: Face) => a.box[0] - b.box[0];
    const first = (await perceiver.perceive(await frameOf(picture), still)).faces.toSorted(byLeft);
    const second = (await perceiver.perceive(await frameOf(worse), still)).faces.toSorted(byLeft);
    for (const [i, face] of first.entries())
      for (const [j, other] of second.entries())
        if (i === j) expect(cosine(face, other)).toBeGreaterThan(0.8);
        else expect(cosine(face, other)).toBeLessThan(0.45);
  }, 60_000);

  test('masks do not hide faces: the same faces are found with a mask painted on', async () => {
    const picture = await decodePicture(sample(6), 1280);
    const bare = await perceiver.perceive(await frameOf(picture), still);
    for (const { landmarks } of bare.faces) putMaskOn(picture, landmarks);
    const masked = await perceiver.perceive(await frameOf(picture), still);
    expect(masked.faces.map(({ person }) => person).toSorted()).toEqual([0, 1, 2, 3]);
  }, 60_000);

  test('the stream finds the same faces on the persons, and computes no embedding unasked', async () => {
    const { faces } = await perceiver.perceive(await frameOf(await decodePicture(sample(6), 1280)), stream);
    expect(faces).toHaveLength(4);
    expect(faces.every(({ embeddings }) => embeddings === undefined)).toBe(true);
  }, 60_000);

  test('the buffers come back as they were', async () => {
    const picture = await decodePicture(sample(1), 640);
    const frame = { small: picture, full: picture };
    const before = picture.data.slice();
    await perceiver.perceive(frame, stream);
    expect(frame.full.data).toEqual(before);
    expect(frame.small.data.buffer).toBe(frame.full.data.buffer);
  }, 60_000);

  test.each([
    ['8×3 pixels', 8, 3],
    ['1×1 pixel', 1, 1],
    ['a black frame', 1280, 720],
    ['a strip', 2000, 4],
  ])(
    '%s: nothing is found and nothing fails',
    async (_, width, height) => {
      const full = { width, height, data: new Uint8Array(width * height * 3) };
      const perception = await perceiver.perceive(await frameOf(full), still);
      expect(perception).toMatchObject({ persons: [], vehicles: [], faces: [], plates: [] });
    },
    60_000,
  );

  test('a frame that makes it fail is refused with its code, and the next one is served', async () => {
    const picture = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3) };
    const frame = { small: picture, full: picture };
    const wrong = undefined as unknown as typeof still;
    await expect(perceiver.perceive(frame, wrong)).rejects.toMatchObject({ code: 'PERCEPTION_FAILED' });
    expect(frame.full.data).toHaveLength(64 * 64 * 3);
    await expect(perceiver.perceive(frame, stream)).resolves.toMatchObject({ persons: [] });
  });
});

test('stopping while it is busy lets the frame end, then refuses further ones', async () => {
  const perceiver = new WorkerPerceiver({ modelsFolder: models });
  await perceiver.start();
  const frame = await frameOf(await decodePicture(sample(1), 1280));
  const busy = perceiver.perceive(frame, still);
  const stopped = perceiver.stop();
  await expect(busy).resolves.toMatchObject({ vehicles: [] });
  await stopped;
  await expect(perceiver.perceive(frame, still)).rejects.toMatchObject({ code: 'PERCEPTION_FAILED' });
}, 60_000);

describe('models that are not what they should be', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-models-'));
    for (const name of await readdir(models)) await symlink(join(models, name), join(folder, name));
    await rm(join(folder, 'face-refiner'));
    await cp(join(models, 'face-refiner'), join(folder, 'face-refiner'), { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true }));

  const start = () => new WorkerPerceiver({ modelsFolder: folder }).start();
  const manifestPath = () => join(folder, 'face-refiner/manifest.json');

  test('one changed byte is a wrong hash', async () => {
    const path = join(folder, 'face-refiner/model.onnx');
    const bytes = await readFile(path);
    bytes[1000]! ^= 1;
    await writeFile(path, bytes);
    await expect(start()).rejects.toMatchObject({ code: 'MODEL_HASH_MISMATCH' });
  });

  test('bytes that are no model are unreadable, even when the hash is right', async () => {
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    const manifest = JSON.parse(await readFile(manifestPath(), 'utf8'));
    await writeFile(join(folder, 'face-refiner/model.onnx'), '');
    await writeFile(manifestPath(), JSON.stringify({ ...manifest, sha256: empty }));
    await expect(start()).rejects.toMatchObject({ code: 'MODEL_UNREADABLE' });
  });

  test('a manifest with an unknown key is refused', async () => {
    const manifest = JSON.parse(await readFile(manifestPath(), 'utf8'));
    await writeFile(manifestPath(), JSON.stringify({ ...manifest, surprise: 1 }));
    await expect(start()).rejects.toMatchObject({ code: 'MODEL_MANIFEST_INVALID' });
  });

  test('a missing model is named', async () => {
    await rm(join(folder, 'face-refiner/model.onnx'));
    await writeFile(manifestPath(), await readFile(join(models, 'face-refiner/manifest.json')));
    await expect(start()).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      message: expect.stringContaining('face-refiner'),
    });
  });
});
