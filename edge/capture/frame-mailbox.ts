import type { CaptureOptions } from './capture.ts';
import type { Frame } from './frame.ts';

/** Frames that wait in `lossless` before the decoder is held back. */
const losslessDepth = 2;

/**
 * Between decoder and reader. In `realtime` one place: a newer frame takes it and the older one is dropped. In
 * `lossless` two places, and `put` waits for one to be free.
 */
export class FrameMailbox {
  readonly #pace: CaptureOptions['pace'];
  readonly #onDrop: (frame: Frame) => void;
  #waiting: Frame[] = [];
  #ended = false;
  #readers: ((frame: Frame | undefined) => void)[] = [];
  #room: (() => void)[] = [];

  constructor(pace: CaptureOptions['pace'], onDrop: (frame: Frame) => void) {
    this.#pace = pace;
    this.#onDrop = onDrop;
  }

  /** Resolves when the decoder may go on. */
  async put(frame: Frame): Promise<void> {
    if (this.#ended) return this.#onDrop(frame);
    const reader = this.#readers.shift();
    if (reader) return reader(frame);
    if (this.#pace === 'realtime') this.#waiting.splice(0).forEach(this.#onDrop);
    this.#waiting.push(frame);
    if (this.#pace === 'lossless' && this.#waiting.length >= losslessDepth)
      await new Promise<void>((resolve) => this.#room.push(resolve));
  }

  /** The next frame in order; undefined when none will come any more. */
  async take(): Promise<Frame | undefined> {
    const frame = this.#waiting.shift();
    this.#room.shift()?.();
    if (frame || this.#ended) return frame;
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  /** No frame will come any more; what waits may still be taken. */
  end(): void {
    this.#ended = true;
    for (const reader of this.#readers.splice(0)) reader(undefined);
    for (const room of this.#room.splice(0)) room();
  }

  /** As `end`, and what waits is given back without being read. Returns how many frames that were. */
  close(): number {
    this.end();
    const unread = this.#waiting.splice(0);
    return unread.length;
  }
}
