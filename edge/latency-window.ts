/** The last `size` durations, for p50 and p95. The hub has one of its own: the contract holds words, not machinery. */
export class LatencyWindow {
  readonly #values: number[] = [];
  readonly #size: number;

  constructor(size = 300) {
    this.#size = size;
  }

  add(ms: number): void {
    this.#values.push(ms);
    if (this.#values.length > this.#size) this.#values.shift();
  }

  /** Milliseconds, rounded to 0.1; zeros when nothing was measured. */
  summary(): { p50: number; p95: number; count: number } {
    const sorted = [...this.#values].sort((a, b) => a - b);
    return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), count: sorted.length };
  }
}

/** The nearest-rank quantile of ascending `sorted`. */
function quantile(sorted: number[], q: number): number {
  if (sorted.length === 0) return 0;
  return Math.round(sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] * 10) / 10;
}
