/**
 * Picture buffers that are filled again instead of thrown away: at 1080p a frame is 6 MB. Holds a few of each of
 * the last sizes; whatever does not come back is ordinary garbage.
 */
export class PicturePool {
  readonly #free = new Map<number, Uint8Array<ArrayBuffer>[]>();

  /** A buffer of exactly `bytes`; its content is undefined. */
  take(bytes: number): Uint8Array<ArrayBuffer> {
    return this.#free.get(bytes)?.pop() ?? new Uint8Array(bytes);
  }

  /** Takes a buffer back. One that was transferred away (length 0) or is part of a larger one is left alone. */
  give(data: Uint8Array<ArrayBuffer>): void {
    if (data.byteLength === 0 || data.byteLength !== data.buffer.byteLength) return;
    const free = this.#free.get(data.byteLength) ?? [];
    if (free.length < keptPerSize && !free.includes(data)) free.push(data);
    this.#free.delete(data.byteLength);
    this.#free.set(data.byteLength, free);
    if (this.#free.size > keptSizes) this.#free.delete(this.#free.keys().next().value!);
  }
}

const keptPerSize = 3;
/** Full and small, and one to spare while a camera changes its resolution. */
const keptSizes = 3;
