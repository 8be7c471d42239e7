import type { Words } from './zh.ts';

/**
 * A gate's or camera's name as people say it: `east-gate` is 东门. A name with any word that is not in the
 * dictionary is shown as it was given, because half a translation misleads.
 */
export function placeName(slug: string, words: Words): string {
  const parts = slug.split('-');
  const said = parts.map((part) => words.places[part] ?? (/^\d+$/.test(part) ? part : undefined));
  if (said.some((part) => part === undefined)) return slug;
  const joined = said.join(words.placeJoin);
  return joined.charAt(0).toUpperCase() + joined.slice(1);
}
