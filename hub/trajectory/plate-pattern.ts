import { HubError } from '../errors.ts';

/** What a manager remembers of a plate. */
export interface PlatePattern {
  /** Upper-case plate characters, `?` for one unknown character, `*` for any number of them. */
  text: string;
  /** Characters that look alike count as one. */
  similar: boolean;
}

/** Characters of plates that people and lenses take for one another; the first stands for all. No province character. */
const lookAlikes = ['0ODQ', '8B', '1IL', '2Z', '5S', '6G', 'UV'] as const;

const standIn = new Map(lookAlikes.flatMap((group) => [...group].map((character) => [character, group[0]])));

/** Letters, digits and the Chinese characters of plates, at most 12, with `?` and `*` anywhere between. */
export function parsePlatePattern(typed: string, similar = false): PlatePattern {
  const text = typed
    .trim()
    .replace(/[\s·.-]/g, '')
    .replace(/\*+/g, '*')
    .toUpperCase();
  const count = text.replaceAll('*', '').length;
  if (!/^[A-Z0-9?*\u4e00-\u9fff]+$/.test(text) || count < 1 || count > 12)
    throw new HubError('PLATE_PATTERN_INVALID');
  return { text, similar };
}

/** The plate with one character for each group of those that look alike. */
export function foldPlate(text: string): string {
  return [...text].map((character) => standIn.get(character) ?? character).join('');
}

/** Neighbouring characters of a folded plate, each pair once: what an index can seek to wherever it stands. */
export function pairsOf(folded: string): string[] {
  const characters = [...folded];
  return [...new Set(characters.slice(1).map((character, at) => characters[at] + character))];
}

/** Pairs that every fitting plate has, folded. Not the province with its city, which most plates of a site share. */
export function knownPairs({ text }: PlatePattern): string[] {
  const pairs = text.split(/[?*]/).flatMap((known) => pairsOf(foldPlate(known)));
  return [...new Set(pairs)].filter((pair) => /^[A-Z0-9]{2}$/.test(pair));
}

/** The known characters before the first unknown one: what an index can seek to. */
export function knownPrefix({ text }: PlatePattern): string {
  return text.split(/[?*]/)[0];
}

/** True when no character is unknown and none may be another. */
export function isExact({ text, similar }: PlatePattern): boolean {
  return !similar && !/[?*]/.test(text);
}

/** Whether a plate fits what is remembered. */
export function fitsPlatePattern({ text, similar }: PlatePattern, plate: string): boolean {
  const wanted = similar ? foldPlate(text) : text;
  const pattern = wanted.replaceAll('?', '.').replaceAll('*', '.*');
  return new RegExp(`^${pattern}$`, 'u').test(similar ? foldPlate(plate) : plate);
}
