import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Encoder, Muxer, Frame as NodeAvFrame, Rational } from 'node-av';
import { AV_PIX_FMT_YUV420P, FF_ENCODER_LIBX264 } from 'node-av/constants';
import type { Capture, CaptureOptions } from '../../../edge/capture/capture.ts';
import type { Decoder } from '../../../edge/capture/decoder.ts';
import { findFfmpeg } from '../../../edge/capture/ffmpeg-decoder.ts';
import type { Frame, Picture } from '../../../edge/capture/frame.ts';
import { findLibav } from '../../../edge/capture/libav-decoder.ts';
import { VideoCapture } from '../../../edge/capture/video-capture.ts';
import {
  encodeWithFfmpeg,
  encodeWithNodeAv,
  type Encoder as SampleEncoder,
} from '../../../edge/sample/encoder.ts';

const ffmpegHere = await findFfmpeg('ffmpeg');
const libavHere = findLibav();

/** Whether this machine has ffmpeg: some videos can only be made with it. */
export const hasFfmpeg = ffmpegHere !== undefined;

/** The decoders by name; the tests of one that is not here are skipped under a name that says so. */
export const decoders: [string, Decoder | undefined][] = [
  [ffmpegHere ? 'ffmpeg' : 'ffmpeg (skipped: not installed)', ffmpegHere],
  [libavHere ? 'node-av' : 'node-av (skipped: not installed)', libavHere],
];

/** A folder that is gone when the test file is done. */
export async function makeFolder(onDone: (clean: () => Promise<void>) => void): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-capture-'));
  onDone(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** How bright the n-th picture of a clip is, 0 to 255 of luma: 25 levels, 8 apart, then again. */
function lumaOf(n: number): number {
  return 30 + (n % 25) * 8;
}

/** An MP4 of plain grey pictures at 25 per second, each of its own brightness. */
export async function makeClip(file: string, frames: number, width = 960, height = 540): Promise<string> {
  if (hasFfmpeg) {
    const playlist = `${file}.m3u8`;
    await writePlaylist(openEncoder(playlist, width, height), 0, frames, width, height);
    await ffmpeg('-i', playlist, '-c', 'copy', '-movflags', '+faststart', file);
    return file;
  }
  const timeBase = new Rational(1, 25);
  using encoder = await Encoder.create(FF_ENCODER_LIBX264, {
    context: { timeBase, framerate: new Rational(25, 1) },
    options: { preset: 'ultrafast' },
  });
  await using muxer = await Muxer.open(file, { format: 'mp4', options: { movflags: '+faststart' } });
  const stream = muxer.addStream(encoder);
  async function* pictures() {
    for (let n = 0; n < frames; n++) {
      const shape = { width, height, format: AV_PIX_FMT_YUV420P, timeBase, pts: BigInt(n) };
      yield NodeAvFrame.fromVideoBuffer(greyPicture(n, width, height), shape);
    }
    yield null;
  }
  for await (const packet of encoder.packets(pictures())) await muxer.writePacket(packet, stream);
  return file;
}

/** The encoder of the sample footage, at 25 pictures per second: writes a playlist as it goes. */
export function openEncoder(playlist: string, width = 960, height = 540): SampleEncoder {
  const setting = { playlist, width, height, framesPerSecond: 25 };
  return hasFfmpeg ? encodeWithFfmpeg('ffmpeg', setting) : encodeWithNodeAv(setting);
}

/** Writes the pictures from `from` on up to `to` pictures in all, and the end mark. */
export async function writePlaylist(
  encoder: SampleEncoder,
  from: number,
  to: number,
  width = 960,
  height = 540,
): Promise<void> {
  for (let n = from; n < to; n++) await encoder.write(greyPicture(n, width, height));
  await encoder.finish();
}

/** The n-th picture of a clip, planar 4:2:0. */
export function greyPicture(n: number, width = 960, height = 540): Buffer {
  return Buffer.alloc((width * height * 3) / 2, 128).fill(lumaOf(n), 0, width * height);
}

/** Runs ffmpeg with these arguments; only where `hasFfmpeg`. */
export async function ffmpeg(...words: string[]): Promise<void> {
  await promisify(execFile)('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-y', ...words]);
}

export function openVideo(
  decoder: Decoder,
  options: Partial<CaptureOptions> & { source: string },
  timing?: ConstructorParameters<typeof VideoCapture>[2],
): VideoCapture {
  const camera = {
    camera: 'gate-1',
    framesPerSecond: 5,
    detectionWidth: 640,
    pace: 'lossless',
    loop: false,
  } as const;
  return new VideoCapture({ ...camera, ...options }, async () => decoder, timing);
}

/** Everything a capture gives; each frame is looked at before its buffers are given back. */
export async function readAll<T>(capture: Capture, look: (frame: Frame) => T, most = Infinity): Promise<T[]> {
  const seen: T[] = [];
  while (seen.length < most) {
    const frame = await capture.nextFrame();
    if (!frame) break;
    seen.push(look(frame));
    capture.recycle(frame);
  }
  return seen;
}

/** Which picture of `makeClip` this is, modulo 25, by its brightness in the middle. */
export function numberOf({ width, height, data }: Picture): number {
  const middle = (Math.floor(height / 2) * width + Math.floor(width / 2)) * 3;
  const luma = data[middle + 1]! * (219 / 255) + 16;
  return Math.max(0, Math.round((luma - 30) / 8));
}

/** The children of a process, by pid, with their command lines. */
export function childrenOf(pid: number): { pid: number; command: string }[] {
  const text = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' });
  return text
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line))
    .filter((found) => found !== null && Number(found[2]) === pid && !found[3]!.startsWith('Z'))
    .map((found) => ({ pid: Number(found![1]), command: found![4]! }));
}
