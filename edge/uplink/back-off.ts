/**
 * Milliseconds to wait before attempt `attempt` (0 = first retry): exponential from 500 ms to 30 s with full jitter, so that
 * the boxes of a site do not return together after a power cut. `random` is in [0, 1).
 */
export function backOffMs(attempt: number, random: number): number {
  const ceiling = Math.min(30_000, 500 * 2 ** Math.min(attempt, 16));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
