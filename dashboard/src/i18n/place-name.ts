import type { Words } from './zh.ts';

/**
 * A gate's or camera's name as people say it: `east-gate` is 东门. A name with any word that is not in the
 * dictionary is shown as it was given, because half a translation misleads.
 */
export function placeName(slug: string, words: Words): string {
  const parts = slug.split('-');
  const said = parts.map((part) => words.places[part] ?? (/^\d+$/.test(part) ? part : undefined));
  if (said.some((part) => part === undefined)) return slug;
  const ordered = isNounFirst(parts) ? said.toReversed() : said;
  const joined = ordered.join(words.placeJoin);
  return joined.charAt(0).toUpperCase() + joined.slice(1);
}

/** `box-west` is the west box; `box-1` stays box 1. */
function isNounFirst(parts: readonly string[]): boolean {
  return parts.length === 2 && ['box', 'gate', 'camera', 'cam'].includes(parts[0]) && !/^\d+$/.test(parts[1]);
}

/** A box's or camera's name with what it is, where the name itself does not say so. */
export function namedPlace(noun: string, slug: string, words: Words): string {
  const said = placeName(slug, words);
  return said === slug ? `${noun} ${slug}` : said;
}

/** Places to choose from, as a list of choices wants them. */
export function placeOptions(places: readonly string[], words: Words): { value: string; label: string }[] {
  return places.map((place) => ({ value: place, label: placeName(place, words) }));
}
