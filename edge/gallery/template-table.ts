import type { TemplateBinding } from './template-seal.ts';

/** One template held for comparison; its vector lies at the same place in the table. */
export interface HeldTemplate extends TemplateBinding {
  /** Row in the database. */
  row: number;
}

/** Templates side by side in one Float32Array, so that a search is one pass over memory. */
export class TemplateTable {
  readonly #dimension: number;
  #vectors: Float32Array;
  readonly #held: HeldTemplate[] = [];

  /** `dimension`: numbers per embedding. */
  constructor(dimension: number) {
    this.#dimension = dimension;
    this.#vectors = new Float32Array(dimension * 16);
  }

  get size(): number {
    return this.#held.length;
  }

  add(template: HeldTemplate, embedding: Float32Array): void {
    const offset = this.#held.length * this.#dimension;
    if (offset + this.#dimension > this.#vectors.length) {
      const larger = new Float32Array(this.#vectors.length * 2);
      larger.set(this.#vectors);
      this.#vectors = larger;
    }
    this.#vectors.set(embedding, offset);
    this.#held.push(template);
  }

  /** The admitted template with the greatest cosine similarity, less its handicap, to a unit-length embedding. */
  nearest(
    embedding: Float32Array,
    isAdmitted: (template: HeldTemplate) => boolean,
    handicapOf: (template: HeldTemplate) => number,
  ): { template: HeldTemplate; similarity: number } | undefined {
    let best: HeldTemplate | undefined;
    let similarity = 0;
    let greatest = Number.NEGATIVE_INFINITY;
    for (const [place, template] of this.#held.entries()) {
      if (!isAdmitted(template)) continue;
      const offset = place * this.#dimension;
      let product = 0;
      for (let index = 0; index < this.#dimension; index++)
        product += this.#vectors[offset + index] * embedding[index];
      const rank = product - handicapOf(template);
      if (rank <= greatest) continue;
      greatest = rank;
      similarity = product;
      best = template;
    }
    return best && { template: best, similarity: Math.min(1, Math.max(-1, similarity)) };
  }

  /** Takes out what is meant and says which rows it was; the vectors are overwritten. */
  remove(isMeant: (template: HeldTemplate) => boolean): number[] {
    const rows: number[] = [];
    for (let place = this.#held.length - 1; place >= 0; place--) {
      if (!isMeant(this.#held[place])) continue;
      rows.push(this.#held[place].row);
      this.#takeOut(place);
    }
    return rows;
  }

  /** Forgets everything held in memory. */
  clear(): void {
    this.#held.length = 0;
    this.#vectors.fill(0);
  }

  /** The last one moves into the gap. */
  #takeOut(place: number): void {
    const last = this.#held.length - 1;
    const from = last * this.#dimension;
    this.#vectors.copyWithin(place * this.#dimension, from, from + this.#dimension);
    this.#vectors.fill(0, from, from + this.#dimension);
    this.#held[place] = this.#held[last];
    this.#held.pop();
  }
}
