import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import type { CaptureOptions } from '../../../edge/capture/capture.ts';
import { openCapture } from '../../../edge/capture/open-capture.ts';
import { makeFolder, readAll } from './clips.ts';

const folder = await makeFolder((clean) => afterAll(clean));

test('pictures come in the order of their names, numbers by value, each in its own size', async () => {
  const source = await pictures('ordered', { '10.png': 10, '9.jpg': 9, 'notes.txt': 0, '2.webp': 2 });
  const capture = open({ source });
  await capture.start();
  const seen = await readAll(capture, ({ full, small }) => [full.width, small.width]);
  expect(seen).toEqual([
    [1002, 640],
    [1009, 640],
    [1010, 640],
  ]);
  expect(capture.state).toBe('ended');
});

test('one that cannot be read is counted and left out; the rest comes', async () => {
  const source = await pictures('broken', { 'a.png': 1, 'c.png': 3 });
  await writeFile(join(source, 'b.jpg'), 'no picture');
  const capture = open({ source });
  await capture.start();
  expect(await readAll(capture, ({ full }) => full.width)).toEqual([1001, 1003]);
  expect(capture.drops).toEqual({ unreadable_picture: 1 });
  expect(capture.lastError).toMatchObject({ code: 'PICTURE_UNREADABLE' });
});

test('a folder of broken pictures alone fails, also when it is looped', async () => {
  const source = join(folder, 'all-broken');
  await mkdir(source);
  await writeFile(join(source, 'b.jpg'), 'no picture');
  const capture = open({ source, loop: true });
  await capture.start();
  expect(await capture.nextFrame()).toBeUndefined();
  expect(capture.state).toBe('failed');
});

test('in realtime they come at the frame rate, and one that waits is replaced', async () => {
  const source = await pictures('paced', { 'a.png': 1, 'b.png': 2, 'c.png': 3, 'd.png': 4 });
  const capture = open({ source, pace: 'realtime', framesPerSecond: 10 });
  const begun = Date.now();
  await capture.start();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const seen = await readAll(capture, ({ sequence, capturedAt }) => ({
    sequence,
    after: capturedAt - begun,
  }));
  expect(seen.at(-1)!.sequence).toBe(3);
  expect(seen.at(-1)!.after).toBeGreaterThanOrEqual(300);
  expect(seen.length + capture.drops.newer_frame!).toBe(4);
});

test('a loop begins again until it is stopped', async () => {
  const source = await pictures('looped', { 'a.png': 1, 'b.png': 2 });
  const capture = open({ source, loop: true });
  await capture.start();
  expect(await readAll(capture, ({ full }) => full.width - 1000, 5)).toEqual([1, 2, 1, 2, 1]);
  await capture.stop();
});

test('a single picture is a folder of one', async () => {
  const source = join(await pictures('single', { 'a.png': 7 }), 'a.png');
  const capture = open({ source });
  await capture.start();
  expect(await readAll(capture, ({ full }) => full.width)).toEqual([1007]);
});

test('an empty folder and an absent one are refused with what to do', async () => {
  const empty = await pictures('empty', {});
  await expect(open({ source: empty }).start()).rejects.toMatchObject({ code: 'SOURCE_EMPTY' });
  await expect(open({ source: join(folder, 'absent') }).start()).rejects.toMatchObject({
    code: 'SOURCE_MISSING',
  });
});

function open(options: Partial<CaptureOptions> & { source: string }) {
  const rest = {
    camera: 'gate-1',
    framesPerSecond: 5,
    detectionWidth: 640,
    pace: 'lossless',
    loop: false,
  } as const;
  return openCapture({ ...rest, ...options }, { ffmpegPath: undefined });
}

/** A folder of grey pictures, each 1000 plus its number wide. */
async function pictures(name: string, numbers: Record<string, number>): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  for (const [file, number] of Object.entries(numbers)) {
    const image = sharp({ create: { width: 1000 + number, height: 40, channels: 3, background: '#888' } });
    await (file.endsWith('.txt') ? writeFile(join(path, file), 'a note') : image.toFile(join(path, file)));
  }
  return path;
}
