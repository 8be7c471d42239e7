import { blockBytes, type DotProducts, dotProductsIn } from './dot-products.ts';
import type { TemplateBinding } from './template-seal.ts';

/** One template held for comparison; its vector lies at the same place in the table. */
export interface HeldTemplate extends TemplateBinding {
  /** Row in the database. */
  row: number;
}

/** A unit vector's numbers times this are kept as 16-bit whole numbers: a similarity is right to about 0.0002. */
const unit = 8192;
const pageBytes = 65_536;

/** Templates side by side in memory, 2 bytes a number, so that a search is one pass over it. */
export class TemplateTable {
  readonly #dimension: number;
  readonly #vectorBytes: number;
  readonly #memory = new WebAssembly.Memory({ initial: 1 });
  readonly #dotProducts: DotProducts = dotProductsIn(this.#memory);
  readonly #held: HeldTemplate[] = [];

  /** `dimension`: numbers per embedding. */
  constructor(dimension: number) {
    this.#dimension = dimension;
    this.#vectorBytes = Math.ceil((dimension * 2) / blockBytes) * blockBytes;
  }

  get size(): number {
    return this.#held.length;
  }

  /** Bytes that vectors and their products take. */
  get bytes(): number {
    return this.#memory.buffer.byteLength;
  }

  add(template: HeldTemplate, embedding: Float32Array): void {
    this.#held.push(template);
    const needed = this.#productsStart + this.#held.length * 4 - this.#memory.buffer.byteLength;
    // By an eighth more than what is there, so that growing stays rare.
    if (needed > 0)
      this.#memory.grow(Math.ceil(Math.max(needed, this.#memory.buffer.byteLength / 8) / pageBytes));
    this.#write(this.#vectorStart(this.#held.length - 1), embedding);
  }

  /** The template with the greatest cosine similarity to a unit-length embedding, of those that expire after `now`. */
  nearest(embedding: Float32Array, now: number): { template: HeldTemplate; similarity: number } | undefined {
    const count = this.#held.length;
    if (count === 0) return undefined;
    this.#write(0, embedding);
    const end = this.#vectorStart(count);
    this.#dotProducts(this.#vectorStart(0), end, this.#vectorBytes, 0, this.#productsStart);
    const products = new Int32Array(this.#memory.buffer, this.#productsStart, count);
    let best = -1;
    let greatest = Number.NEGATIVE_INFINITY;
    for (let place = 0; place < count; place++) {
      if (products[place]! <= greatest || this.#held[place]!.expiresAt <= now) continue;
      greatest = products[place]!;
      best = place;
    }
    if (best < 0) return undefined;
    return { template: this.#held[best]!, similarity: Math.min(1, Math.max(-1, greatest / unit ** 2)) };
  }

  /** Takes out what is meant and says which rows it was; the vectors are overwritten. */
  remove(isMeant: (template: HeldTemplate) => boolean): number[] {
    const rows: number[] = [];
    for (let place = this.#held.length - 1; place >= 0; place--) {
      if (!isMeant(this.#held[place]!)) continue;
      rows.push(this.#held[place]!.row);
      this.#takeOut(place);
    }
    return rows;
  }

  /** Forgets everything held in memory. */
  clear(): void {
    this.#held.length = 0;
    new Uint8Array(this.#memory.buffer).fill(0);
  }

  /** The first vector is the one that is searched for; the templates' follow, then the products. */
  #vectorStart(place: number): number {
    return (place + 1) * this.#vectorBytes;
  }

  get #productsStart(): number {
    return this.#vectorStart(this.#held.length);
  }

  #write(start: number, embedding: Float32Array): void {
    const words = new Int16Array(this.#memory.buffer, start, this.#vectorBytes / 2);
    for (let index = 0; index < this.#dimension; index++) words[index] = Math.round(embedding[index]! * unit);
    words.fill(0, this.#dimension);
  }

  /** The last one moves into the gap. */
  #takeOut(place: number): void {
    const last = this.#vectorStart(this.#held.length - 1);
    const bytes = new Uint8Array(this.#memory.buffer);
    bytes.copyWithin(this.#vectorStart(place), last, last + this.#vectorBytes);
    bytes.fill(0, last, last + this.#vectorBytes);
    this.#held[place] = this.#held[this.#held.length - 1]!;
    this.#held.pop();
  }
}
