const cell = 26;
const margin = 60;

/** Counts of what was read by what it truly is. */
export type Confusion = Map<string, Map<string, number>>;

/**
 * An SVG picture of who is taken for whom: a row per true label, a column per label read, `labels` in order and one last
 * column for none. Right ones are green, wrong ones red; the share of the row is the depth of the colour.
 */
export function drawConfusion(confusion: Confusion, labels: readonly string[]): string {
  const columns = [...labels, '–'];
  const side = { width: margin + columns.length * cell + 10, height: margin + labels.length * cell + 10 };
  const parts: string[] = [];
  for (const [x, label] of columns.entries())
    parts.push(text(margin + (x + 0.5) * cell, margin - 12, label, 14));
  for (const [y, truth] of labels.entries()) {
    const row = confusion.get(truth) ?? new Map<string, number>();
    const total = [...row.values()].reduce((sum, count) => sum + count, 0);
    parts.push(text(margin - 20, margin + (y + 0.7) * cell, truth, 14));
    for (const [x, read] of columns.entries()) {
      const count = read === '–' ? others(row, labels) : (row.get(read) ?? 0);
      const depth = total > 0 ? 0.12 + 0.88 * (count / total) : 0;
      const fill =
        count === 0 ? '#f4f4f4' : truth === read ? `rgb(30 130 60 / ${depth})` : `rgb(200 30 30 / ${depth})`;
      parts.push(
        `<rect x="${margin + x * cell}" y="${margin + y * cell}" width="${cell - 1}" height="${cell - 1}" fill="${fill}"/>`,
      );
      if (count > 0) parts.push(text(margin + (x + 0.5) * cell, margin + (y + 0.66) * cell, `${count}`, 10));
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${side.width}" height="${side.height}"><rect width="100%" height="100%" fill="#fff"/>${parts.join('')}</svg>\n`;
}

function others(row: ReadonlyMap<string, number>, labels: readonly string[]): number {
  return [...row].reduce((sum, [read, count]) => (labels.includes(read) ? sum : sum + count), 0);
}

function text(x: number, y: number, words: string, size: number): string {
  return `<text x="${x}" y="${y}" font-size="${size}" text-anchor="middle" font-family="sans-serif">${words}</text>`;
}
