import { join } from 'node:path';
import fc from 'fast-check';
import sharp, { type OverlayOptions } from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Picture } from '../../../edge/capture/frame.ts';
import { decodePicture, shrinkPicture } from '../../../edge/capture/picture-codec.ts';
import { FaceFinder } from '../../../edge/perceive/face-finder.ts';
import { FaceLandmarker } from '../../../edge/perceive/face-landmarker.ts';
import { FaceProposer } from '../../../edge/perceive/face-proposer.ts';
import { FaceRefiner } from '../../../edge/perceive/face-refiner.ts';
import { intersectionOverSmaller } from '../../../edge/perceive/nms.ts';
import type { Box, Detection, Perception } from '../../../edge/perceive/perception.ts';
import { PlateDetector } from '../../../edge/perceive/plates/plate-detector.ts';
import { searchTiles } from '../../../edge/perceive/search-tiles.ts';
import { WorkerPerceiver } from '../../../edge/perceive/worker-perceiver.ts';
import { Tracker } from '../../../edge/track/tracker.ts';

const root = join(import.meta.dirname, '../../..');
const models = join(root, 'models');
const still = { embed: true, wholePicture: true };
const stream = { embed: true, wholePicture: false };

/** Bare faces of face-api.js's samples, boxes in pixels of the photograph at 1280 wide. */
const bareFaces: readonly { photograph: number; box: Box }[] = [
  { photograph: 6, box: [157, 319, 167, 202] },
  { photograph: 6, box: [437, 226, 141, 178] },
  { photograph: 6, box: [770, 205, 156, 194] },
  { photograph: 6, box: [973, 171, 166, 207] },
  { photograph: 1, box: [261, 230, 147, 174] },
  { photograph: 1, box: [964, 131, 164, 177] },
  { photograph: 5, box: [733, 131, 116, 158] },
  { photograph: 5, box: [519, 71, 115, 144] },
];

// Some look at a dozen pictures, each with all models.
vi.setConfig({ testTimeout: 120_000 });

const perceiver = new WorkerPerceiver({ modelsFolder: models });
let finder: FaceFinder;
beforeAll(async () => {
  finder = await FaceFinder.load(models);
  await perceiver.start();
});
afterAll(async () => {
  await perceiver.stop();
  await finder.release();
});
afterEach(() => vi.restoreAllMocks());

async function look(full: Picture, options = still): Promise<Perception> {
  return perceiver.perceive({ small: await shrinkPicture(full, 640), full }, options);
}

function photograph(number: number, width = 1280): Promise<Buffer> {
  return sharp(join(root, `node_modules/@vladmandic/face-api/demo/sample${number}.jpg`))
    .resize(width)
    .png()
    .toBuffer();
}

/** A face with what is around it, `side`×`side` pixels; `room`: longer sides of its box from edge to edge. */
async function portrait(index: number, side: number, room: number): Promise<Buffer> {
  const { photograph: number, box } = bareFaces[index % bareFaces.length]!;
  const length = Math.round(Math.max(box[2], box[3]) * room);
  const start = (at: number, size: number) => Math.max(0, Math.round(at + size / 2 - length / 2));
  return sharp(await photograph(number))
    .extract({ left: start(box[0], box[2]), top: start(box[1], box[3]), width: length, height: length })
    .resize(side, side)
    .png()
    .toBuffer();
}

async function canvas(width: number, height: number, layers: OverlayOptions[]): Promise<Picture> {
  const plain = sharp({ create: { width, height, channels: 3, background: '#707478' } });
  return decodePicture(await plain.composite(layers).png().toBuffer());
}

/** Faces side by side, `side` pixels each with what is around them. */
async function wallOfFaces(columns: number, rows: number, side: number, gap = 0): Promise<Picture> {
  const portraits = await Promise.all(bareFaces.map((_, index) => portrait(index, side, 1.6)));
  const layers = Array.from({ length: columns * rows }, (_, i) => ({
    input: portraits[i % portraits.length]!,
    left: Math.round(gap / 2) + (i % columns) * (side + gap),
    top: Math.round(gap / 2) + Math.floor(i / columns) * (side + gap),
  }));
  return canvas(columns * (side + gap), rows * (side + gap), layers);
}

function filled(width: number, height: number, valueAt: (index: number) => number): Picture {
  return { width, height, data: new Uint8Array(width * height * 3).map((_, index) => valueAt(index)) };
}

/** The same numbers every time, 0 up to 1. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function isInside([x, y, width, height]: Box, picture: Picture): boolean {
  return x >= 0 && y >= 0 && x + width <= picture.width + 1e-6 && y + height <= picture.height + 1e-6;
}

describe('a picture that shows nothing', () => {
  const random = chance(42);
  test.each<[string, Picture]>([
    ['black', filled(640, 360, () => 0)],
    ['white', filled(640, 360, () => 255)],
    ['one colour', filled(640, 360, (i) => [200, 30, 40][i % 3]!)],
    ['black beside white', filled(640, 360, (i) => (i % 1920 < 960 ? 0 : 255))],
    ['noise', filled(640, 360, () => random() * 256)],
    ['noise, 2×3000', filled(2, 3000, () => random() * 256)],
    ['noise, 3000×2', filled(3000, 2, () => random() * 256)],
    ['noise, 1×1', filled(1, 1, () => random() * 256)],
  ])('%s: nothing is found', async (_, picture) => {
    const nothing = { persons: [], vehicles: [], faces: [], plates: [] };
    expect(await look(picture)).toMatchObject(nothing);
    expect(await look(picture, stream)).toMatchObject(nothing);
  });

  test('a white picture, in which the plate network sees plates everywhere, gives it no more work than another', async () => {
    const detector = await PlateDetector.load(models);
    const white = filled(1280, 720, () => 250);
    const found = await detector.find(white, [0, 0, 1280, 720], 1408);
    await detector.release();
    expect(found.length).toBeGreaterThan(12);
    expect(found.length).toBeLessThanOrEqual(64);
  });
});

describe('very many faces', () => {
  test.each([40, 60])('fifty of %d pixels in one picture are found, each once', async (height) => {
    const side = Math.round(height * 1.6);
    const wall = await wallOfFaces(10, 5, side, 128 - side);
    const { faces } = await look(wall);
    const cells = faces.map(({ box: [x, y, width, h] }) => [
      Math.floor((x + width / 2) / 128),
      Math.floor((y + h / 2) / 128),
    ]);
    expect(new Set(cells.map(String)).size).toBeGreaterThanOrEqual(49);
    expect(faces.length).toBeLessThanOrEqual(53);
    expect(faces.every(({ mask }) => mask.verdict !== 'worn')).toBe(true);
  });

  test('however many there are, the networks run a bounded number of times, and what is left out is counted', async () => {
    const proposer = vi.spyOn(FaceProposer.prototype, 'propose');
    const refiner = vi.spyOn(FaceRefiner.prototype, 'refine');
    const landmarker = vi.spyOn(FaceLandmarker.prototype, 'locate');
    const wall = await wallOfFaces(16, 11, 40);

    const found = await finder.find(wall, [], still);
    expect(found.length).toBeGreaterThan(100);
    expect(proposer).toHaveBeenCalledTimes(searchTiles(wall.width, wall.height).length);
    expect(refiner.mock.calls.map(([, proposals]) => proposals.length)).toEqual([160]);
    expect(landmarker).toHaveBeenCalledTimes(found.length);

    const { face_proposal_over_limit: unlooked } = finder.takeDrops();
    expect(unlooked).toBeGreaterThanOrEqual(16);
    expect(finder.takeDrops()).toEqual({ face_proposal_over_limit: 0 });

    const before = perceiver.drops.face_proposal_over_limit ?? 0;
    await look(wall);
    expect(perceiver.drops.face_proposal_over_limit! - before).toBeGreaterThanOrEqual(16);
  });

  test('one face leaves nothing out', async () => {
    finder.takeDrops();
    const one = await canvas(320, 240, [{ input: await portrait(0, 120, 1.6), left: 100, top: 60 }]);
    expect(await finder.find(one, [], still)).toHaveLength(1);
    expect(finder.takeDrops()).toEqual({ face_proposal_over_limit: 0 });
  });
});

describe('a face that the border of the picture cuts', () => {
  const height = 120;
  type Side = 'left' | 'right' | 'top' | 'bottom';
  const sides: Side[][] = [
    ['left'],
    ['right'],
    ['top'],
    ['bottom'],
    ['left', 'top'],
    ['right', 'top'],
    ['left', 'bottom'],
    ['right', 'bottom'],
  ];

  /** The face and its surroundings, without the part `gone` of it at these sides; where the rest of it lies. */
  async function cutFace(index: number, gone: number, at: readonly Side[]) {
    const { photograph: number, box } = bareFaces[index]!;
    const scale = height / box[3];
    const scaled = await photograph(number, Math.round(1280 * scale));
    const { width: across, height: down } = await sharp(scaled).metadata();
    const [x, y, w, h] = box.map((value) => value * scale) as Box;
    const left = Math.round(Math.max(0, at.includes('left') ? x + gone * w : x - 1.5 * w));
    const top = Math.round(Math.max(0, at.includes('top') ? y + gone * h : y - 1.5 * h));
    const right = Math.round(Math.min(across, at.includes('right') ? x + w * (1 - gone) : x + 2.5 * w));
    const bottom = Math.round(Math.min(down, at.includes('bottom') ? y + h * (1 - gone) : y + 2.5 * h));
    const cut = await sharp(scaled)
      .extract({ left, top, width: right - left, height: bottom - top })
      .png()
      .toBuffer();
    const picture = await decodePicture(cut);
    const from = [Math.max(0, x - left), Math.max(0, y - top)] as const;
    const rest: Box = [
      ...from,
      Math.min(picture.width, x + w - left) - from[0],
      Math.min(picture.height, y + h - top) - from[1],
    ];
    return { picture, rest };
  }

  test.each(sides.map((at) => [at.join(' and '), at] as const))(
    'half of it beyond the %s: no verdict on a mask, nothing to compare, and a box inside the picture',
    async (_, at) => {
      for (const index of [0, 3, 5]) {
        const { picture, rest } = await cutFace(index, 0.5, at);
        const { faces } = await look(picture);
        expect(faces.every(({ box }) => isInside(box, picture))).toBe(true);
        for (const face of faces.filter(({ box }) => intersectionOverSmaller(box, rest) > 0.4)) {
          expect(face.mask.verdict).toBe('cannot_tell');
          expect(face.quality).toBeLessThan(0.25);
          expect(Object.keys(face).filter((key) => key.startsWith('embedding'))).toEqual([]);
        }
      }
    },
  );

  test('a quarter of it gone: still found, and hardly ever taken for a whole one', async () => {
    const verdicts: string[] = [];
    for (const index of [0, 1, 2, 3, 4, 5])
      for (const at of [['left'], ['right'], ['top']] satisfies Side[][]) {
        const { picture, rest } = await cutFace(index, 0.25, at);
        const faces = await finder.find(picture, [], still);
        const face = faces.find(({ box }) => intersectionOverSmaller(box, rest) > 0.4);
        verdicts.push(face ? (['cut', 'forehead_cut'].includes(face.border) ? 'cut' : 'whole') : 'missed');
      }
    expect(verdicts.filter((verdict) => verdict === 'cut').length).toBeGreaterThanOrEqual(15);
    expect(verdicts.filter((verdict) => verdict === 'whole').length).toBeLessThanOrEqual(2);
  });

  test('only the top of the head gone: the mouth is seen, and nobody bare is called masked', async () => {
    const verdicts: (string | undefined)[] = [];
    for (const index of [0, 1, 2, 3, 4, 5]) {
      const { picture, rest } = await cutFace(index, 0.12, ['top']);
      const { faces } = await look(picture);
      const face = faces.find(({ box }) => intersectionOverSmaller(box, rest) > 0.4);
      verdicts.push(face?.mask.verdict);
    }
    expect(verdicts).not.toContain('worn');
    expect(verdicts.filter((verdict) => verdict === 'not_worn').length).toBeGreaterThanOrEqual(4);
  });

  test.each(sides.slice(0, 4).map((at) => [at.join(), at] as const))(
    'a whole face that only comes close to the border, at the %s, is read as any other',
    async (_, at) => {
      for (const index of [0, 3]) {
        const { picture, rest } = await cutFace(index, -0.06, at);
        const { faces } = await look(picture);
        const face = faces.find(({ box }) => intersectionOverSmaller(box, rest) > 0.6);
        expect(face?.mask.verdict).toBe('not_worn');
        expect(face?.quality).toBeGreaterThan(0.25);
      }
    },
  );
});

/** As a camera at night sees it: one channel, bright skin, little contrast, a lamp in the middle, grain. */
function inInfrared(
  { width, height, data }: Picture,
  contrast: number,
  lift: number,
  grain: number,
): Picture {
  const random = chance(7);
  const grey = Array.from({ length: width * height }, (_, i) => {
    const [red, green, blue] = data.subarray(i * 3, i * 3 + 3) as unknown as [number, number, number];
    const across = ((i % width) / width) * 2 - 1;
    const down = (Math.floor(i / width) / height) * 2 - 1;
    const lamp = 1.15 - 0.22 * (across ** 2 + down ** 2);
    return (
      (lift + contrast * (0.8 * red + 0.3 * green - 0.1 * blue)) * lamp +
      (random() + random() - 1) * 2 * grain
    );
  });
  return filled(width, height, (i) => Math.max(0, Math.min(255, grey[Math.floor(i / 3)]!)));
}

describe('a picture in infrared', () => {
  test.each([1, 5, 6])(
    'photograph %d: the faces are found as they are in colour, and no bare one is called masked',
    async (number) => {
      const picture = inInfrared(await decodePicture(await photograph(number)), 0.55, 60, 10);
      const { faces } = await look(picture, stream);
      for (const { box } of bareFaces.filter((face) => face.photograph === number))
        expect(faces.filter((face) => intersectionOverSmaller(face.box, box) > 0.6)).toHaveLength(1);
      const verdicts = faces.map(({ mask }) => mask.verdict);
      expect(verdicts).not.toContain('worn');
      expect(verdicts).toContain('not_worn');
    },
  );

  test.each([
    ['almost without contrast, full of grain', 0.25, 120, 25],
    ['burnt out', 1.1, 110, 10],
  ])('%s: some faces are found, and no bare one is called masked', async (_, contrast, lift, grain) => {
    const picture = inInfrared(await decodePicture(await photograph(6)), contrast, lift, grain);
    const { faces } = await look(picture);
    expect(faces.length).toBeGreaterThanOrEqual(2);
    expect(faces.map(({ mask }) => mask.verdict)).not.toContain('worn');
  });
});

describe('a picture of a face in the picture', () => {
  async function framed(picture: Buffer, border: number, background: string): Promise<Buffer> {
    const edges = { top: border, bottom: border, left: border, right: border };
    return sharp(picture)
      .extend({ ...edges, background })
      .png()
      .toBuffer();
  }

  test('a face on a telephone at somebody’s chest is not the face of who holds it', async () => {
    const screen = await sharp(await portrait(6, 200, 1.5))
      .resize(100, 190, { fit: 'cover' })
      .png()
      .toBuffer();
    const telephone = { input: await framed(screen, 6, '#111'), left: 460, top: 520 };
    const scene = await sharp(await photograph(6))
      .composite([telephone])
      .png()
      .toBuffer();
    const { faces } = await look(await decodePicture(scene));
    const shown = faces.filter(({ box }) => intersectionOverSmaller(box, [466, 526, 100, 190]) > 0.9);
    expect(shown).toHaveLength(1);
    expect(shown[0]!.person).toBeUndefined();
    const own = faces.filter(({ person }) => person !== undefined);
    expect(new Set(own.map(({ person }) => person)).size).toBe(4);
  });

  test('a poster that is taken for people is one track for each of them, however long it hangs there', async () => {
    const poster = { input: await framed(await photograph(6, 420), 10, '#fff'), left: 300, top: 100 };
    const scene = await canvas(1280, 720, [poster]);
    const random = chance(3);
    const shots: Perception[] = [];
    for (let i = 0; i < 3; i++)
      shots.push(
        await look(
          filled(1280, 720, (at) => Math.max(0, Math.min(255, scene.data[at]! + random() * 12 - 6))),
          stream,
        ),
      );
    const tracker = new Tracker();
    const confirmed = new Set<number>();
    for (let i = 0; i < 150; i++)
      for (const { id, state } of tracker.update(shots[i % 3]!, i * 200, scene))
        if (state !== 'tentative') confirmed.add(id);
    expect(shots[0]!.faces).toHaveLength(4);
    expect(confirmed.size).toBeLessThanOrEqual(shots[0]!.persons.length);
  });
});

test('any cut of a picture, and any boxes of persons, give faces inside the picture or none, never an error', async () => {
  const source = await photograph(6, 640);
  const { width, height } = await sharp(source).metadata();
  const part = fc.double({ min: 0, max: 0.95, noNaN: true });
  const coordinate = fc.double({ min: -800, max: 1600, noNaN: true });
  const size = fc.double({ min: 1, max: 3000, noNaN: true });
  await fc.assert(
    fc.asyncProperty(
      part,
      part,
      fc.double({ min: 0.005, max: 1, noNaN: true }),
      fc.double({ min: 0.005, max: 1, noNaN: true }),
      fc.array(fc.tuple(coordinate, coordinate, size, size), { maxLength: 3 }),
      async (x, y, w, h, boxes) => {
        const left = Math.floor(x * width);
        const top = Math.floor(y * height);
        const cut = sharp(source).extract({
          left,
          top,
          width: Math.max(1, Math.floor(Math.min(w, 1 - x) * width)),
          height: Math.max(1, Math.floor(Math.min(h, 1 - y) * height)),
        });
        const picture = await decodePicture(await cut.png().toBuffer());
        const persons = boxes.map((box): Detection => ({ kind: 'person', label: 'person', score: 0.8, box }));
        for (const { box, score, landmarks, person } of await finder.find(picture, persons, still)) {
          expect(isInside(box, picture)).toBe(true);
          expect(Math.min(box[2], box[3])).toBeGreaterThanOrEqual(1);
          expect(score).toBeGreaterThan(0);
          expect(score).toBeLessThan(1);
          expect(landmarks.flat().every(Number.isFinite)).toBe(true);
          if (person !== undefined) expect(persons[person]).toBeDefined();
        }
      },
    ),
    { numRuns: 25 },
  );
});
