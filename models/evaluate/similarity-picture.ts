import type { ScoredPair } from './verification.ts';

/** An SVG picture of how often each similarity occurs among pairs of one person and of two. */
export function drawHistogram(pairs: readonly ScoredPair[], thresholds: readonly number[]): string {
  const bins = 60;
  const [left, width, height] = [40, 720, 260];
  const place = (similarity: number) => left + ((similarity + 0.5) / 1.5) * width;
  const bars = [false, true].map((isSame) => {
    const counts = new Array<number>(bins).fill(0);
    const chosen = pairs.filter((pair) => pair.isSame === isSame);
    for (const { similarity } of chosen) {
      const bin = Math.floor(((similarity + 0.5) / 1.5) * bins);
      counts[Math.min(bins - 1, Math.max(0, bin))]!++;
    }
    return counts.map((count) => count / Math.max(1, chosen.length));
  });
  const highest = Math.max(...bars.flat(), 1e-9);
  const rectangles = bars.flatMap((shares, kind) =>
    shares.map((share, bin) => {
      const tall = (share / highest) * height;
      const fill = kind === 1 ? 'rgb(30 130 60 / 0.6)' : 'rgb(200 30 30 / 0.5)';
      return `<rect x="${left + (bin * width) / bins}" y="${20 + height - tall}" width="${width / bins - 1}" height="${tall}" fill="${fill}"/>`;
    }),
  );
  const lines = thresholds.map(
    (threshold) =>
      `<line x1="${place(threshold)}" x2="${place(threshold)}" y1="10" y2="${20 + height}" stroke="#333" stroke-dasharray="4 3"/>`,
  );
  const marks = [-0.5, 0, 0.5, 1].map(
    (value) =>
      `<text x="${place(value)}" y="${height + 40}" font-size="13" text-anchor="middle" font-family="sans-serif">${value}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="${height + 50}"><rect width="100%" height="100%" fill="#fff"/>${[...rectangles, ...lines, ...marks].join('')}</svg>\n`;
}
