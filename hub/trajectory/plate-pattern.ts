import { HubError } from '../errors.ts';

/** What a manager remembers of a plate: known characters, `?` for one that is not, and whether more may follow. */
export interface PlatePattern {
  /** Upper-case plate characters, `?` for one unknown character. */
  characters: string;
  /** True when any rest may follow. */
  open: boolean;
}

/** Letters, digits and the Chinese characters of plates, at most 12, `?` anywhere, `*` only at the end. */
export function parsePlatePattern(text: string): PlatePattern {
  const typed = text
    .trim()
    .replace(/[\s·.-]/g, '')
    .toUpperCase();
  const open = typed.endsWith('*');
  const characters = open ? typed.slice(0, -1) : typed;
  if (!/^[A-Z0-9?\u4e00-\u9fff]{1,12}$/.test(characters)) throw new HubError('PLATE_PATTERN_INVALID');
  return { characters, open };
}

/** The known characters before the first unknown one: what an index can seek to. */
export function knownPrefix({ characters }: PlatePattern): string {
  return characters.split('?')[0];
}

/** True when no character is unknown and nothing may follow. */
export function isExact({ characters, open }: PlatePattern): boolean {
  return !open && !characters.includes('?');
}

/** Whether a plate fits what is remembered. */
export function fitsPlatePattern({ characters, open }: PlatePattern, plate: string): boolean {
  const known = [...characters];
  const read = [...plate];
  if (open ? read.length < known.length : read.length !== known.length) return false;
  return known.every((character, at) => character === '?' || character === read[at]);
}
