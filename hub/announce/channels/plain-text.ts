/**
 * Text that no provider takes for markup, mentions or links: what a lens read on a plate could otherwise call everyone
 * in a group.
 */
export function plain(text: string): string {
  return text
    .replace(/[<>[\](){}*_`~#|\\@]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Lines joined, without those at the end of the middle that do not fit; the last lines, links, always stay. */
export function fitBytes(lines: string[], limit: number, keptAtEnd = 2): string {
  const kept = [...lines];
  while (kept.length > 1 && Buffer.byteLength(kept.join('\n')) > limit)
    kept.splice(Math.max(1, kept.length - 1 - keptAtEnd), 1);
  return kept.join('\n');
}
