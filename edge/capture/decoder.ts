import type { ChildProcess } from 'node:child_process';

/** One video as a decoder child must read it. */
export interface VideoRequest {
  /** File, or URL of a camera (may hold a password). */
  source: string;
  /** A camera: read as it comes, with timeouts. Otherwise a file. */
  live: boolean;
  /** Picks the first picture of every 1/framesPerSecond seconds of media time. */
  framesPerSecond: number;
  /** Width of the small picture, when the full one is wider. */
  detectionWidth: number;
  /** Give a file's pictures at the rate of their timestamps, not as fast as they decode. */
  paced: boolean;
  /** Start a file again at its end, with timestamps that go on rising. */
  loop: boolean;
}

/** File descriptors of the child: full pictures and small ones as PPM, and one line `pts_time:SECONDS` per pair. */
export const decoderPipes = { full: 3, small: 4, times: 5 } as const;

/**
 * How a playlist file is opened, which may still be growing: at its beginning, and without waiting for the twenty
 * pictures from which FFmpeg likes to learn the frame rate. FFmpeg's names.
 */
export const playlistOptions = { live_start_index: '0', fpsprobesize: '2' } as const;

/** Whether a file is an HLS playlist. One without its end mark is read on as it grows. */
export function isPlaylist(source: string): boolean {
  return /\.m3u8$/i.test(source);
}

/** A camera that is silent this long has lost the connection; the supervisor opens a new one. */
export const socketTimeoutMs = 5_000;

/**
 * A program that decodes. Its child writes to `decoderPipes`, each picture to both, in one order; complains on
 * standard error; ends by itself when the source ends or a pipe is closed. Whoever started it ends it.
 */
export interface Decoder {
  /** For the doctor, e.g. `ffmpeg 5.1.9`. */
  readonly description: string;
  start(request: VideoRequest): ChildProcess;
}
