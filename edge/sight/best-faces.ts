/** One face of a track. */
export interface RatedFace {
  quality: number;
  /** Unit length. */
  embedding: Float32Array;
}

/** So many are remembered … */
const most = 5;
/** … and so many are needed before they are fused. */
const least = 3;

/** The best faces of one kind that a track has shown, best first. */
export class BestFaces {
  #faces: RatedFace[] = [];
  #isNew = false;

  get faces(): readonly RatedFace[] {
    return this.#faces;
  }

  offer(quality: number, embedding: Float32Array): void {
    const worst = this.#faces.at(-1);
    if (worst && this.#faces.length >= most && worst.quality >= quality) return;
    this.#faces = [...this.#faces, { quality, embedding }]
      .sort((a, b) => b.quality - a.quality)
      .slice(0, most);
    this.#isNew = true;
  }

  /**
   * The mean of the best faces weighed by their quality, of unit length: what differs from picture to picture cancels out,
   * what is the person's adds up. Undefined while there are too few, and when there is nothing new since the last call.
   */
  fused(): Float32Array | undefined {
    const [first] = this.#faces;
    if (!first || this.#faces.length < least || !this.#isNew) return undefined;
    this.#isNew = false;
    const sum = new Float32Array(first.embedding.length);
    for (const { quality, embedding } of this.#faces)
      for (let k = 0; k < sum.length; k++) sum[k]! += quality * embedding[k]!;
    const length = Math.hypot(...sum) || 1;
    return sum.map((value) => value / length);
  }
}
