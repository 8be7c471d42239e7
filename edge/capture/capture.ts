import type { Frame } from './frame.ts';

/** What one camera needs to be captured. */
export interface CaptureOptions {
  camera: string;
  /** File, folder of pictures, or rtsp:// URL (may hold a password: never log it, never put it in an error). */
  source: string;
  framesPerSecond: number;
  /** Width of the small stream; height follows the aspect. */
  detectionWidth: number;
  /** `realtime`: newest frame wins, the rest is dropped and counted; `lossless`: every frame waits for its reader (files only). */
  pace: 'realtime' | 'lossless';
  /** Start a file again when it ends. */
  loop: boolean;
}

/**
 * One camera or file as frames. `start` returns once decoding has begun; for a file it throws a coded error when it
 * cannot, a camera that does not answer shows in `state` and `lastError` and is retried with back-off until `stop`.
 */
export interface Capture {
  start(): Promise<void>;
  /** The newest frame not yet given (realtime) or the next one (lossless); undefined once the source has ended or `stop` was called. */
  nextFrame(): Promise<Frame | undefined>;
  /**
   * Gives a frame's buffers back to be filled anew; it must not be touched afterwards. Whoever keeps a frame does
   * not call this: what is not given back is ordinary garbage.
   */
  recycle(frame: Frame): void;
  /** Ends the decoder and waits for it. Pending and later calls of `nextFrame` give undefined. */
  stop(): Promise<void>;
  /** Rising counters of frames dropped, by reason, e.g. `newer_frame`, `truncated_frame`. */
  readonly drops: Readonly<Record<string, number>>;
  readonly state: 'starting' | 'running' | 'ended' | 'failed';
  /** The last coded error, when the source is failing. */
  readonly lastError: Error | undefined;
}
