import type { PlateColour } from './plate-grammar.ts';

/** The likeliest colour of a plate whose pattern comes on `usual` backgrounds; `unknown` when none has half of the probability. */
export function likelyColour(
  seen: Record<PlateColour, number>,
  usual: Partial<Record<PlateColour, number>>,
): PlateColour | 'unknown' {
  const weighed = (['blue', 'yellow', 'green', 'white', 'black'] as const).map(
    (colour) => [colour, seen[colour] * (0.02 + (usual[colour] ?? 0))] as const,
  );
  const total = weighed.reduce((sum, [, probability]) => sum + probability, 0);
  const [colour, probability] = weighed.reduce((a, b) => (b[1] > a[1] ? b : a));
  return probability > total / 2 ? colour : 'unknown';
}
