import type { Picture } from './frame.ts';
import type { PicturePool } from './picture-pool.ts';

/** More than 8K in both directions is no picture of ours but a broken stream. */
const maxSide = 16_384;
/** `P6`, width, height, 255 and their separators never take more. */
const maxHeader = 32;
const headerPattern = /^P6\s(\d+)\s(\d+)\s255\s/;

/**
 * Cuts a byte stream of binary PPM (P6, 8 bits per channel, as FFmpeg's ppm encoder writes it) into pictures,
 * whatever the sizes of the chunks. PPM carries the size of each picture, which raw video does not.
 */
export class PpmParser {
  readonly #pool: PicturePool;
  #header = '';
  #picture: Picture | undefined;
  #filled = 0;

  constructor(pool: PicturePool) {
    this.#pool = pool;
  }

  /** Whether the stream stands in the middle of a picture. */
  get unfinished(): boolean {
    return this.#picture !== undefined || this.#header !== '';
  }

  /** The pictures that became whole with this chunk. Throws when the stream is not PPM. */
  push(chunk: Uint8Array): Picture[] {
    const whole: Picture[] = [];
    for (let at = 0; at < chunk.length; ) {
      at += this.#picture ? this.#fill(this.#picture, chunk, at) : this.#readHeader(chunk, at);
      if (!this.#picture || this.#filled < this.#picture.data.length) continue;
      whole.push(this.#picture);
      this.#picture = undefined;
    }
    return whole;
  }

  #fill(picture: Picture, chunk: Uint8Array, at: number): number {
    const taken = Math.min(chunk.length - at, picture.data.length - this.#filled);
    picture.data.set(chunk.subarray(at, at + taken), this.#filled);
    this.#filled += taken;
    return taken;
  }

  /** Reads until the header is whole; the next byte belongs to the picture. */
  #readHeader(chunk: Uint8Array, at: number): number {
    for (let i = at; i < chunk.length; i++) {
      this.#header += String.fromCharCode(chunk[i]!);
      const found = headerPattern.exec(this.#header);
      if (found) {
        this.#begin(Number(found[1]), Number(found[2]));
        return i + 1 - at;
      }
      if (this.#header.length > maxHeader) throw new Error('the decoder’s output is not a PPM stream');
    }
    return chunk.length - at;
  }

  #begin(width: number, height: number): void {
    if (width < 1 || height < 1 || width > maxSide || height > maxSide)
      throw new Error(`a picture of ${width}×${height} is out of bounds`);
    this.#picture = { width, height, data: this.#pool.take(width * height * 3) };
    this.#filled = 0;
    this.#header = '';
  }
}
