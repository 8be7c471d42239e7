import { mkdtemp, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Frame } from '../../../edge/capture/frame.ts';
import { openCapture } from '../../../edge/capture/open-capture.ts';
import { canEncodeH264 } from '../../../edge/sample/encoder.ts';
import { gateRecipe, type Recipe } from '../../../edge/sample/recipe.ts';
import { renderSampleFootage } from '../../../edge/sample/render-sample.ts';
import { type SampleTruth, sampleTruth } from '../../../edge/sample/truth.ts';

vi.setConfig({ testTimeout: 90_000 });

const hasFfmpeg = await canEncodeH264('ffmpeg');
const noFfmpeg = '/nowhere/ffmpeg';

/** Two people at the reader and two cars at the barrier: everything in sight for a second. */
const brief: Recipe = {
  seconds: 1,
  framesPerSecond: 10,
  duskFrom: 20,
  duskTo: 21,
  passages: [
    { kind: 'person', person: 'ruth', mask: 'surgical', at: 0, ahead: 8.6 },
    {
      kind: 'vehicle',
      model: 'sedan',
      colour: '#8d1a24',
      vehicleType: 'car',
      plate: { text: '苏A82K56', class: 'small_car', province: '苏' },
      direction: 'entry',
      at: -6.1,
    },
  ],
};
const withGreen: Recipe = {
  ...brief,
  seconds: 0.4,
  passages: [
    {
      kind: 'vehicle',
      model: 'van',
      colour: '#2a4763',
      vehicleType: 'car',
      plate: { text: '沪AD52816', class: 'small_new_energy', province: '沪' },
      direction: 'entry',
      at: -6.1,
    },
  ],
};

let folder = '';
const below = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-sample-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const readTruth = async (path: string) => sampleTruth.parse(JSON.parse(await readFile(path, 'utf8')));

async function decode(source: string): Promise<Frame[]> {
  const capture = openCapture(
    { camera: 'sample', source, framesPerSecond: 10, detectionWidth: 640, pace: 'lossless', loop: false },
    { ffmpegPath: undefined },
  );
  await capture.start();
  const frames: Frame[] = [];
  for (let frame = await capture.nextFrame(); frame; frame = await capture.nextFrame())
    frames.push({ ...frame, full: { ...frame.full, data: frame.full.data.slice() } });
  await capture.stop();
  return frames;
}

/** Mean colour of the middle half of a box. */
function colourIn({ full }: Frame, [x, y, width, height]: readonly number[]): [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0];
  let count = 0;
  for (let row = Math.ceil(y! + height! / 4); row < y! + (height! * 3) / 4; row++)
    for (let column = Math.ceil(x! + width! / 4); column < x! + (width! * 3) / 4; column++, count++)
      for (const channel of [0, 1, 2] as const)
        sums[channel] += full.data[(row * full.width + column) * 3 + channel]!;
  return [sums[0] / count, sums[1] / count, sums[2] / count];
}

const vehicleIn = (truth: SampleTruth) => truth.passages.find(({ kind }) => kind === 'vehicle')!;

describe('rendering the sample footage', () => {
  test.each([
    ['ffmpeg', 'ffmpeg'],
    ['node-av', noFfmpeg],
  ])('%s makes a video of the stated size and length, which a box can decode', async (name, ffmpegPath) => {
    if (name === 'ffmpeg' && !hasFfmpeg)
      return console.warn('skipped: no ffmpeg with libx264 on this machine');
    const shares: number[] = [];
    const { video, truth } = await renderSampleFootage({
      outFolder: below(name),
      recipe: brief,
      tools: { ffmpegPath },
      onProgress: (share) => shares.push(share),
    });
    const told = await readTruth(truth);
    const frames = await decode(video);
    expect(frames.length).toBe(told.seconds * told.framesPerSecond);
    expect([frames[0]!.full.width, frames[0]!.full.height]).toEqual([told.width, told.height]);
    expect(shares[0]).toBe(0);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  });

  test('a second start finds the footage, another recipe renders anew', async () => {
    const outFolder = below('cached');
    const render = (recipe: Recipe) => {
      let rendered = false;
      const done = renderSampleFootage({ outFolder, recipe, onProgress: () => (rendered = true) });
      return done.then(() => rendered);
    };
    expect(await render(withGreen)).toBe(true);
    expect(await render(withGreen)).toBe(false);
    expect(await render({ ...withGreen, seconds: 0.3 })).toBe(true);
    expect(await render({ ...withGreen, seconds: 0.3 })).toBe(false);
  });

  test.each([
    ['a truth cut off', 'gate-truth.json', (text: string) => text.slice(0, 20)],
    ['a video without its end', 'gate.m3u8', (text: string) => text.replace('#EXT-X-ENDLIST', '')],
    ['a truth that is not there', 'gate-truth.json', undefined],
    ['a segment that is not there', 'gate0.ts', undefined],
  ])('%s is not believed: the footage is rendered anew', async (_, name, damage) => {
    const outFolder = below('damaged');
    await renderSampleFootage({ outFolder, recipe: withGreen });
    const path = join(outFolder, name);
    if (damage) await writeFile(path, damage(await readFile(path, 'utf8')));
    else await unlink(path);
    let rendered = false;
    const { video } = await renderSampleFootage({
      outFolder,
      recipe: withGreen,
      onProgress: () => (rendered = true),
    });
    expect(rendered).toBe(true);
    expect(await decode(video)).toHaveLength(4);
  });

  test.each([
    ['ffmpeg', 'ffmpeg'],
    ['node-av', noFfmpeg],
  ])(
    'a box looks at what %s has made while the rest is rendered, and sees all of it',
    async (name, ffmpegPath) => {
      if (name === 'ffmpeg' && !hasFfmpeg)
        return console.warn('skipped: no ffmpeg with libx264 on this machine');
      const playable = Promise.withResolvers<string>();
      let share = 0;
      const rendering = renderSampleFootage({
        outFolder: below(`early-${name}`),
        recipe: { ...brief, seconds: 6 },
        tools: { ffmpegPath },
        onPlayable: playable.resolve,
        onProgress: (now) => (share = now),
      });
      const video = await playable.promise;
      expect(share).toBeLessThan(0.5);
      const frames = await decode(video);
      expect(frames).toHaveLength(60);
      const steps = frames.slice(1).map((frame, index) => frame.capturedAt - frames[index]!.capturedAt);
      expect(Math.max(...steps)).toBeLessThanOrEqual(101);
      expect(share).toBe(1);
      await rendering;
    },
  );

  test('the same recipe and seed give the same truth', async () => {
    const render = async (name: string) =>
      readTruth((await renderSampleFootage({ outFolder: below(name), recipe: withGreen, seed: 5 })).truth);
    expect(await render('once')).toEqual(await render('twice'));
  });

  test('the truth says where the plate is: its colour is there in the decoded picture', async () => {
    const outFolder = below('green');
    const { video, truth } = await renderSampleFootage({ outFolder, recipe: withGreen });
    const [green] = await decode(video);
    const [red, greenness, blue] = colourIn(green!, vehicleIn(await readTruth(truth)).moments[0]!.plate!);
    expect(greenness).toBeGreaterThan(red + 8);
    expect(greenness).toBeGreaterThan(blue + 8);

    const again = await renderSampleFootage({ outFolder: below('blue'), recipe: brief });
    const [frame] = await decode(again.video);
    const blueTruth = await readTruth(again.truth);
    const plate = vehicleIn(blueTruth).moments[0]!.plate!;
    expect(plate[2]).toBeGreaterThan(150);
    const seen = colourIn(frame!, plate);
    expect(seen[2]).toBeGreaterThan(seen[0] + 25);
  });

  test('the truth says where the face is, wide enough to be told apart, and that it wears a mask', async () => {
    const { video, truth } = await renderSampleFootage({ outFolder: below('blue'), recipe: brief });
    const person = (await readTruth(truth)).passages.find(({ kind }) => kind === 'person')!;
    expect(person).toMatchObject({ person: 'ruth', masked: true, direction: 'entry', light: 'day' });
    const [x, y, width, height] = person.moments[0]!.face!;
    expect(width).toBeGreaterThanOrEqual(90);
    const [frame] = await decode(video);
    const forehead = colourIn(frame!, [x, y, width, height * 0.3]);
    const mask = colourIn(frame!, [x + width * 0.25, y + height * 0.55, width * 0.5, height * 0.3]);
    expect(forehead[0]).toBeGreaterThan(forehead[2] + 15);
    expect(mask[2]).toBeGreaterThan(mask[0]);
  });

  test('cut short, it leaves no file behind, and what a killed run left is no part of the next', async () => {
    const outFolder = below('cut');
    const stopping = new AbortController();
    const rendering = renderSampleFootage({
      outFolder,
      recipe: brief,
      signal: stopping.signal,
      onProgress: (share) => share > 0.3 && stopping.abort(new Error('enough')),
    });
    await expect(rendering).rejects.toThrow('enough');
    expect(await readdir(outFolder)).toEqual([]);

    for (const name of ['gate7.ts', 'gate8.ts.tmp', 'gate.m3u8', 'a-photograph.jpg'])
      await writeFile(join(outFolder, name), 'left');
    await renderSampleFootage({ outFolder, recipe: withGreen });
    expect((await readdir(outFolder)).toSorted()).toEqual([
      'a-photograph.jpg',
      'gate-truth.json',
      'gate.m3u8',
      'gate0.ts',
    ]);
  });

  test('an encoder that ends early is told with its remedy', async () => {
    const outFolder = below('broken');
    await rm(outFolder, { recursive: true, force: true });
    const rendering = renderSampleFootage({
      outFolder,
      recipe: brief,
      // The folder goes away under the encoder.
      onProgress: (share) => share === 0 && void rm(outFolder, { recursive: true, force: true }),
    });
    await expect(rendering).rejects.toMatchObject({ code: 'SAMPLE_NOT_ENCODED' });
  });

  test('the footage of a first start keeps what it promises', () => {
    const { passages, seconds } = gateRecipe;
    const people = passages.filter((passage) => passage.kind === 'person');
    const vehicles = passages.filter((passage) => passage.kind === 'vehicle');
    expect(seconds).toBeLessThanOrEqual(60);
    expect(new Set(people.map(({ person }) => person)).size).toBeGreaterThanOrEqual(5);
    expect(people.filter(({ mask }) => mask).length).toBeGreaterThanOrEqual(2);
    expect(people.length).toBeGreaterThan(new Set(people.map(({ person }) => person)).size);
    expect(new Set(vehicles.map(({ plate }) => plate.class))).toEqual(
      new Set(['small_car', 'small_new_energy', 'large_vehicle']),
    );
    expect(vehicles.some(({ direction }) => direction === 'exit')).toBe(true);
    expect(vehicles.map(({ plate }) => plate.province)).toEqual(
      expect.arrayContaining(['苏', '鄂', '沪', '皖', '京']),
    );
  });
});
