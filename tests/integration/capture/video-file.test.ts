import { existsSync } from 'node:fs';
import { copyFile, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EdgeError } from '../../../edge/errors.ts';
import {
  decoders,
  ffmpeg,
  greyPicture,
  hasFfmpeg,
  makeClip,
  makeFolder,
  numberOf,
  openEncoder,
  openVideo,
  readAll,
  writePlaylist,
} from './clips.ts';

let folder: string;
let clip: string;

beforeAll(async () => {
  folder = await makeFolder((clean) => afterAll(clean));
  clip = await makeClip(join(folder, 'clip.mp4'), 75);
});

describe.each(decoders)('a video file through %s', (name, decoder) => {
  const on = test.skipIf(!decoder);
  const onFfmpegClip = test.skipIf(!decoder || !hasFfmpeg);

  on('gives every picture of the chosen rate, in order, at two sizes of the same instant', async () => {
    const capture = openVideo(decoder!, { source: clip });
    await capture.start();
    const seen = await readAll(capture, ({ sequence, full, small }) => ({
      sequence,
      size: [full.width, full.height, small.width, small.height],
      bytes: [full.data.buffer.byteLength, small.data.buffer.byteLength],
      numbers: [numberOf(full), numberOf(small)],
    }));
    await capture.stop();
    expect(seen.map(({ sequence }) => sequence)).toEqual([...Array(15).keys()]);
    for (const { size, bytes, numbers, sequence } of seen) {
      expect(size).toEqual([960, 540, 640, 360]);
      expect(bytes).toEqual([960 * 540 * 3, 640 * 360 * 3]);
      expect(numbers).toEqual([(sequence * 5) % 25, (sequence * 5) % 25]);
    }
    expect(capture.drops).toEqual({});
    expect(capture.state).toBe('ended');
  });

  on('stamps pictures by the clock of the video', async () => {
    const capture = openVideo(decoder!, { source: clip });
    const before = Date.now();
    await capture.start();
    const times = await readAll(capture, ({ capturedAt }) => capturedAt);
    expect(times[0]).toBeGreaterThanOrEqual(before);
    for (const [i, time] of times.entries())
      expect(Math.abs(time - times[0]! - i * 200)).toBeLessThanOrEqual(1);
  });

  on('lossless waits for a slow reader and loses nothing', async () => {
    const capture = openVideo(decoder!, { source: clip });
    await capture.start();
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await readAll(capture, ({ sequence }) => sequence)).toHaveLength(15);
    expect(capture.drops).toEqual({});
  });

  on('in realtime a slow reader gets the newest frame and the rest is counted', async () => {
    const capture = openVideo(decoder!, { source: clip, pace: 'realtime' });
    await capture.start();
    const first = await capture.nextFrame();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const second = await capture.nextFrame();
    expect(second!.sequence).toBeGreaterThan(first!.sequence + 2);
    expect(capture.drops).toEqual({ newer_frame: second!.sequence - first!.sequence - 1 });
    await capture.stop();
  });

  on('in realtime takes as long as the video, and no frame comes before its time', async () => {
    const capture = openVideo(decoder!, { source: clip, pace: 'realtime' });
    await capture.start();
    const begun = Date.now();
    const early = await readAll(capture, ({ capturedAt }) => capturedAt - Date.now());
    expect(Date.now() - begun).toBeGreaterThan(2000);
    expect(Math.max(...early)).toBeLessThanOrEqual(1);
  });

  on('a loop goes on without a gap in pictures or time', async () => {
    const capture = openVideo(decoder!, { source: clip, loop: true });
    await capture.start();
    const seen = await readAll(
      capture,
      ({ full, capturedAt }) => ({ number: numberOf(full), capturedAt }),
      40,
    );
    await capture.stop();
    expect(seen.map(({ number }) => number)).toEqual(seen.map((_, i) => (i * 5) % 25));
    for (const [i, { capturedAt }] of seen.entries())
      expect(Math.abs(capturedAt - seen[0]!.capturedAt - i * 200)).toBeLessThanOrEqual(45);
  });

  on('a video cut off in the middle of a frame gives the whole frames and then says so', async () => {
    const cut = join(folder, `cut-${name}.mp4`);
    await copyFile(clip, cut);
    await truncate(cut, Math.floor((await stat(clip)).size * 0.8));
    const capture = openVideo(decoder!, { source: cut });
    await capture.start();
    const numbers = await readAll(capture, ({ full }) => numberOf(full));
    expect(numbers.length).toBeGreaterThanOrEqual(3);
    expect(numbers).toEqual(numbers.map((_, i) => (i * 5) % 25));
    expect(capture.lastError).toMatchObject({ code: 'SOURCE_TRUNCATED' });
    expect(capture.drops).toEqual({ truncated_frame: 1 });
    expect(capture.state).toBe('ended');
  });

  on('what is not a video, and what is not there, is refused at the start', async () => {
    const noise = join(folder, 'noise.mp4');
    await writeFile(noise, Buffer.from([...Array(5000).keys()].map((n) => (n * 7919) % 251)));
    await expect(openVideo(decoder!, { source: noise }).start()).rejects.toMatchObject({
      code: 'SOURCE_UNREADABLE',
    });
    const absent = openVideo(decoder!, { source: join(folder, 'absent.mp4') });
    await expect(absent.start()).rejects.toMatchObject({ code: 'SOURCE_MISSING' });
  });

  on('stop ends a decode in the middle; a pending read gets nothing', async () => {
    const capture = openVideo(decoder!, { source: clip, pace: 'realtime', loop: true });
    await capture.start();
    await capture.nextFrame();
    const pending = readAll(capture, () => 1);
    await capture.stop();
    await pending;
    expect(await capture.nextFrame()).toBeUndefined();
    expect(capture.state).toBe('ended');
  });

  on('buffers that are given back are filled again', async () => {
    const capture = openVideo(decoder!, { source: clip });
    await capture.start();
    const buffers = await readAll(capture, ({ full }) => full.data.buffer);
    expect(new Set(buffers).size).toBeLessThan(6);
  });

  onFfmpegClip('odd sizes keep their last row and column', async () => {
    const odd = join(folder, 'odd.mkv');
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc=size=801x603:rate=5', '-t', '1', '-c:v', 'ffv1', odd);
    const capture = openVideo(decoder!, { source: odd, detectionWidth: 333 });
    await capture.start();
    const [size] = await readAll(capture, ({ full, small }) => [
      full.width,
      full.height,
      small.width,
      small.height,
    ]);
    expect(size).toEqual([801, 603, 333, 251]);
  });

  onFfmpegClip('a video that a phone filmed upright is upright', async () => {
    const flat = join(folder, 'flat.mp4');
    const turned = join(folder, `turned-${name}.mp4`);
    // Left half black, right half white; turned by a quarter to the left, white is above black.
    const halves = "geq=lum='if(lt(X,W/2),20,230)':cb=128:cr=128";
    await ffmpeg(
      '-f',
      'lavfi',
      '-i',
      'color=size=320x160:rate=5',
      '-vf',
      halves,
      '-t',
      '1',
      '-pix_fmt',
      'yuv420p',
      flat,
    );
    await ffmpeg('-i', flat, '-c', 'copy', '-metadata:s:v', 'rotate=90', turned);
    const capture = openVideo(decoder!, { source: turned });
    await capture.start();
    const [seen] = await readAll(capture, ({ full }) => ({
      size: [full.width, full.height],
      top: full.data[(10 * full.width + 80) * 3]!,
      bottom: full.data[(310 * full.width + 80) * 3]!,
    }));
    expect(seen!.size).toEqual([160, 320]);
    expect(seen!.top).toBeGreaterThan(200);
    expect(seen!.bottom).toBeLessThan(60);
  });

  onFfmpegClip('a picture that is small already is given once, not twice', async () => {
    const tiny = await makeClip(join(folder, `tiny-${name}.mp4`), 6, 320, 180);
    const capture = openVideo(decoder!, { source: tiny });
    await capture.start();
    const same = await readAll(capture, ({ full, small }) => full === small || full.data === small.data);
    expect(same).toEqual([true, true]);
  });

  onFfmpegClip('4K with 10 bits comes as 8-bit pictures', async () => {
    const big = join(folder, 'big.mkv');
    const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le'];
    await ffmpeg('-f', 'lavfi', '-i', 'color=size=3840x2160:rate=2', '-t', '1', ...codec, big);
    const capture = openVideo(decoder!, { source: big });
    await capture.start();
    const sizes = await readAll(capture, ({ full, small }) => [full.data.length, small.width, small.height]);
    expect(sizes).toEqual(Array(2).fill([3840 * 2160 * 3, 640, 360]));
  });

  on(
    'reads a playlist from its beginning while it is still growing, and ends with its end mark',
    async () => {
      const playlist = join(folder, `growing-${name}.m3u8`);
      const encoder = openEncoder(playlist);
      // The first second is there once the first picture of the next one is.
      for (let n = 0; n < 27; n++) await encoder.write(greyPicture(n));
      while (!existsSync(playlist)) await sleep(20);
      const capture = openVideo(decoder!, { source: playlist });
      await capture.start();
      const reading = readAll(capture, ({ full }) => numberOf(full));
      await writePlaylist(encoder, 27, 75);
      expect(await reading).toEqual(Array.from({ length: 15 }, (_, slot) => (slot * 5) % 25));
      expect(capture.state).toBe('ended');
      expect(capture.lastError).toBeUndefined();
      await capture.stop();
    },
  );

  on('loops a playlist without a gap', async () => {
    const playlist = join(folder, `looped-${name}.m3u8`);
    await writePlaylist(openEncoder(playlist), 0, 50);
    const capture = openVideo(decoder!, { source: playlist, loop: true });
    await capture.start();
    const times = await readAll(capture, ({ capturedAt }) => capturedAt, 24);
    await capture.stop();
    expect(times.map((time) => Math.round((time - times[0]!) / 10) * 10)).toEqual(
      Array.from({ length: 24 }, (_, slot) => slot * 200),
    );
  });
});

test('an error never holds more than its own words and the path', async () => {
  const [, decoder] = decoders.find(([, found]) => found)!;
  const noise = join(folder, 'noise.txt');
  await writeFile(noise, 'rtsp://admin:geheim@camera');
  const error = (await openVideo(decoder!, { source: noise })
    .start()
    .catch((e) => e)) as EdgeError;
  expect(`${error.message} ${error.cause}`).not.toContain('geheim');
  expect(await readFile(noise, 'utf8')).toContain('geheim');
});
