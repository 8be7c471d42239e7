/** How many values were at or below each bound, as Prometheus counts them: cumulative, and never forgetting. */
export class Histogram {
  /** Rising. */
  readonly bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.#counts = bounds.map(() => 0);
  }

  record(value: number): void {
    this.#sum += value;
    this.#count += 1;
    for (const [at, bound] of this.bounds.entries()) if (value <= bound) this.#counts[at] += 1;
  }

  /** `atMost[k]` belongs to `bounds[k]`. */
  read(): { atMost: readonly number[]; sum: number; count: number } {
    return { atMost: [...this.#counts], sum: this.#sum, count: this.#count };
  }
}
