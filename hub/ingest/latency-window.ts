import { Histogram } from '../metrics/histogram.ts';

/** Upper bounds of the histogram, milliseconds: below and above what the promise of one second allows. */
const boundsMs = [50, 100, 250, 500, 1000, 2500, 5000, 10_000, 60_000];

/** The newest latencies, to tell how long things take now. The box has one of its own: the contract holds words, not machinery. */
export class LatencyWindow {
  /** All of them since the start, in milliseconds. */
  readonly histogram = new Histogram(boundsMs);
  readonly #size: number;
  readonly #samples: number[] = [];
  #next = 0;

  /** `size`: how many samples are kept. */
  constructor(size = 500) {
    this.#size = size;
  }

  /** `ms`: milliseconds; below zero, from a clock that is ahead, counts as zero. */
  record(ms: number): void {
    this.#samples[this.#next] = Math.max(0, ms);
    this.histogram.record(Math.max(0, ms));
    this.#next = (this.#next + 1) % this.#size;
  }

  /** Median and 95th percentile in milliseconds (nearest rank), and of how many samples. */
  summary(): { p50: number; p95: number; count: number } {
    const sorted = [...this.#samples].sort((a, b) => a - b);
    const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
    return { p50: rank(0.5), p95: rank(0.95), count: sorted.length };
  }
}
