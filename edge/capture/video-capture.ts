import { access } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { EdgeError } from '../errors.ts';
import type { Capture, CaptureOptions } from './capture.ts';
import { type DecodedInstant, DecodeSession, type SessionEnd } from './decode-session.ts';
import type { Decoder, VideoRequest } from './decoder.ts';
import { isLive } from './ffmpeg-decoder.ts';
import type { Frame } from './frame.ts';
import { FrameMailbox } from './frame-mailbox.ts';
import { PicturePool } from './picture-pool.ts';

/** How a capture deals with a source that fails; milliseconds. */
interface CaptureTiming {
  /** A camera without a frame for this long is connected to anew. */
  stallMs: number;
  /** First wait before a new attempt; doubles with every attempt in a row that gave no frame. */
  retryMs: number;
  retryMaxMs: number;
}

const defaultTiming: CaptureTiming = { stallMs: 10_000, retryMs: 1_000, retryMaxMs: 30_000 };

/**
 * A video file or a camera as frames, through a decoder child. A file ends; a camera, and a file that is looped,
 * are started again with growing, jittered waits for as long as the capture runs.
 */
export class VideoCapture implements Capture {
  readonly #options: CaptureOptions;
  readonly #live: boolean;
  readonly #findDecoder: () => Promise<Decoder>;
  readonly #timing: CaptureTiming;
  readonly #pool = new PicturePool();
  readonly #mailbox: FrameMailbox;
  readonly #stopping = new AbortController();
  readonly #drops: Record<string, number> = {};
  #session: DecodeSession | undefined;
  #running: Promise<void> | undefined;
  #state: Capture['state'] = 'starting';
  #lastError: Error | undefined;
  #sequence = 0;
  /** Wall time of media time 0, for files. */
  #mediaStart: number | undefined;

  constructor(options: CaptureOptions, findDecoder: () => Promise<Decoder>, timing = defaultTiming) {
    this.#options = options;
    this.#live = isLive(options.source);
    this.#findDecoder = findDecoder;
    this.#timing = timing;
    this.#mailbox = new FrameMailbox(this.#live ? 'realtime' : options.pace, (frame) => {
      this.#count('newer_frame');
      this.recycle(frame);
    });
  }

  get state(): Capture['state'] {
    return this.#state;
  }

  get drops(): Readonly<Record<string, number>> {
    return this.#drops;
  }

  get lastError(): Error | undefined {
    return this.#lastError;
  }

  async start(): Promise<void> {
    const { source } = this.#options;
    if (!this.#live)
      await access(source).catch((cause) => {
        throw new EdgeError('SOURCE_MISSING', source, { cause });
      });
    const decoder = await this.#findDecoder();
    const begun = Promise.withResolvers<void>();
    this.#state = 'starting';
    this.#running = this.#keepDecoding(decoder, begun.resolve);
    await begun.promise;
    if (this.#live || this.#sequence > 0 || !this.#lastError) return;
    await this.#running;
    throw this.#lastError;
  }

  nextFrame(): Promise<Frame | undefined> {
    return this.#mailbox.take();
  }

  recycle(frame: Frame): void {
    this.#pool.give(frame.full.data);
    if (frame.small.data !== frame.full.data) this.#pool.give(frame.small.data);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#session?.stop();
    this.#count('stopped', this.#mailbox.close());
    await this.#running;
    if (this.#state !== 'failed') this.#state = 'ended';
  }

  /** `begun` is called with the first frame, or when the first attempt has failed. */
  async #keepDecoding(decoder: Decoder, begun: () => void): Promise<void> {
    let fruitless = 0;
    while (!this.#stopping.signal.aborted) {
      const end = await this.#decodeOnce(decoder, begun);
      this.#judge(end);
      begun();
      const neverDecoded = !this.#live && this.#sequence === 0;
      if (neverDecoded || !(this.#live || this.#options.loop)) break;
      fruitless = end.instants > 0 ? 0 : fruitless + 1;
      await this.#waitBefore(fruitless);
    }
    begun();
    this.#mailbox.end();
  }

  async #decodeOnce(decoder: Decoder, begun: () => void): Promise<SessionEnd> {
    const session = DecodeSession.open(decoder, this.#request(), this.#pool);
    this.#session = session;
    // A restarted file begins again at media time 0.
    this.#mediaStart = undefined;
    let stalled = false;
    const watchdog = setTimeout(() => {
      stalled = true;
      session.stop();
    }, this.#timing.stallMs);
    if (!this.#live) clearTimeout(watchdog);
    const end = await session.run(async (instant) => {
      if (this.#live) watchdog.refresh();
      this.#state = 'running';
      if (this.#live) this.#lastError = undefined;
      const delivered = this.#mailbox.put(this.#frameOf(instant));
      begun();
      await delivered;
    });
    clearTimeout(watchdog);
    this.#session = undefined;
    const silent = new Error(`no frame for ${this.#timing.stallMs} ms`);
    return stalled ? { ...end, failure: silent } : end;
  }

  /** Sets state and error by how a decode ended. */
  #judge(end: SessionEnd): void {
    if (this.#stopping.signal.aborted) return;
    const subject = this.#live ? this.#options.camera : this.#options.source;
    if (this.#live) {
      const cause = end.failure ?? new Error('the camera ended the stream');
      this.#fail(new EdgeError('CAMERA_UNREACHABLE', subject, { cause }));
      return;
    }
    if (end.truncated) this.#count('truncated_frame');
    if (end.instants === 0) {
      this.#fail(new EdgeError('SOURCE_UNREADABLE', subject, { cause: end.failure }));
      return;
    }
    this.#state = 'ended';
    if (end.truncated) this.#lastError = new EdgeError('SOURCE_TRUNCATED', subject, { cause: end.failure });
    else if (end.failure)
      this.#lastError = new EdgeError('SOURCE_UNREADABLE', subject, { cause: end.failure });
  }

  #fail(error: EdgeError): void {
    this.#state = 'failed';
    this.#lastError = error;
  }

  async #waitBefore(attempt: number): Promise<void> {
    const { retryMs, retryMaxMs } = this.#timing;
    const longest = Math.min(retryMaxMs, retryMs * 2 ** Math.max(0, attempt - 1));
    // Many cameras behind one switch come back at once: not all of them are asked in the same moment.
    const wait = longest * (0.5 + Math.random() / 2);
    await sleep(wait, undefined, { signal: this.#stopping.signal }).catch(() => {});
  }

  #frameOf({ full, small, seconds }: DecodedInstant): Frame {
    const arrivedAt = Date.now();
    const start = arrivedAt - seconds * 1000;
    this.#mediaStart ??= start;
    // The first frame waits for the decoder to start; a later one shows that the file began earlier.
    if (this.#options.pace === 'realtime') this.#mediaStart = Math.min(this.#mediaStart, start);
    return {
      camera: this.#options.camera,
      sequence: this.#sequence++,
      capturedAt: this.#live ? arrivedAt : Math.round(this.#mediaStart + seconds * 1000),
      small,
      full,
    };
  }

  #request(): VideoRequest {
    const { source, framesPerSecond, detectionWidth, pace, loop } = this.#options;
    const paced = pace === 'realtime' && !this.#live;
    return { source, live: this.#live, framesPerSecond, detectionWidth, paced, loop: loop && !this.#live };
  }

  #count(reason: string, by = 1): void {
    if (by > 0) this.#drops[reason] = (this.#drops[reason] ?? 0) + by;
  }
}
