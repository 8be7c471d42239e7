import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EdgeError } from '../errors.ts';
import type { Capture, CaptureOptions } from './capture.ts';
import type { Frame } from './frame.ts';
import { FrameMailbox } from './frame-mailbox.ts';
import { decodePicture, shrinkPicture } from './picture-codec.ts';

const extensions = new Set(['.jpg', '.jpeg', '.png', '.webp', '.avif', '.tif', '.tiff']);

/** Whether a file with this extension (with its dot) is read as a still picture. */
export function isPicture(extension: string): boolean {
  return extensions.has(extension.toLowerCase());
}

/**
 * A folder of still pictures, in the order of their names, as if they were frames one after the other. In
 * `realtime` they come at the frame rate; one that cannot be read is counted and left out.
 */
export class PictureFolder implements Capture {
  readonly #options: CaptureOptions;
  readonly #mailbox: FrameMailbox;
  readonly #stopping = new AbortController();
  readonly #drops: Record<string, number> = {};
  #running: Promise<void> | undefined;
  #state: Capture['state'] = 'starting';
  #lastError: Error | undefined;
  #sequence = 0;

  constructor(options: CaptureOptions) {
    this.#options = options;
    this.#mailbox = new FrameMailbox(options.pace, () => this.#count('newer_frame'));
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
    const files = await listPictures(this.#options.source);
    if (files.length === 0) throw new EdgeError('SOURCE_EMPTY', this.#options.source);
    this.#state = 'running';
    this.#running = this.#giveAll(files);
  }

  nextFrame(): Promise<Frame | undefined> {
    return this.#mailbox.take();
  }

  /** Still pictures differ in size: their buffers are not kept. */
  recycle(): void {}

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#count('stopped', this.#mailbox.close());
    await this.#running;
  }

  async #giveAll(files: string[]): Promise<void> {
    const { signal } = this.#stopping;
    const period = 1000 / this.#options.framesPerSecond;
    const startedAt = Date.now();
    let shown = 0;
    do {
      const before = shown;
      for (const file of files) {
        if (signal.aborted) break;
        const dueAt = startedAt + this.#sequence * period;
        if (this.#options.pace === 'realtime')
          await sleep(Math.max(0, dueAt - Date.now()), undefined, { signal }).catch(() => {});
        shown += await this.#give(file, dueAt);
      }
      // A folder of broken pictures alone would be read again without end.
      if (shown === before) break;
    } while (this.#options.loop && !signal.aborted);
    this.#state = shown === 0 ? 'failed' : 'ended';
    this.#mailbox.end();
  }

  /** Returns how many frames this file gave. */
  async #give(file: string, capturedAt: number): Promise<number> {
    try {
      const full = await decodePicture(file);
      const small = await shrinkPicture(full, this.#options.detectionWidth);
      const { camera } = this.#options;
      await this.#mailbox.put({ camera, sequence: this.#sequence++, capturedAt, small, full });
      return 1;
    } catch (error) {
      if (!(error instanceof EdgeError)) throw error;
      this.#count('unreadable_picture');
      this.#lastError = error;
      return 0;
    }
  }

  #count(reason: string, by = 1): void {
    if (by > 0) this.#drops[reason] = (this.#drops[reason] ?? 0) + by;
  }
}

async function listPictures(source: string): Promise<string[]> {
  const found = await stat(source).catch((cause) => {
    throw new EdgeError('SOURCE_MISSING', source, { cause });
  });
  if (found.isFile()) return [source];
  const names = await readdir(source);
  return names
    .filter((name) => isPicture(extname(name)))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => join(source, name));
}
