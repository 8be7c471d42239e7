/** A plate while it is entered: a character or nothing at each place, and the place that the next key fills. */
export interface PlateDraft {
  characters: readonly string[];
  /** From 0; just behind the last place when all are filled. */
  at: number;
}

/** As many places as the longest plate of the table has. */
export const usualPlaces = 8;
/** As many as the hub accepts, for what is no plate of the table. */
export const mostPlaces = 12;

/** Begins with what was read, at the first place that is worth a look. */
export function startDraft(text: string, doubtful: readonly number[]): PlateDraft {
  const characters = [...text].slice(0, mostPlaces);
  return { characters, at: doubtful[0] ?? 0 };
}

/** A key: fills the place and goes on to the next. */
export function put({ characters, at }: PlateDraft, character: string, places: number): PlateDraft {
  if (at >= places) return { characters, at };
  const next = Array.from({ length: Math.max(characters.length, at + 1) }, (_, i) => characters[i] ?? '');
  next[at] = character;
  return { characters: next, at: at + 1 };
}

/** Everything at once, as pasted. */
export function replaceAll(text: string, places: number): PlateDraft {
  const characters = spell(text).slice(0, places);
  return { characters, at: characters.length };
}

/** Takes away the character here, or else the one before. */
export function erase({ characters, at }: PlateDraft): PlateDraft {
  const here = characters[at] ? at : at - 1;
  if (here < 0) return { characters, at: 0 };
  const next = characters.map((character, index) => (index === here ? '' : character));
  while (next.at(-1) === '') next.pop();
  return { characters: next, at: here };
}

/** Chooses the place that the next key fills. */
export function moveTo({ characters }: PlateDraft, at: number, places: number): PlateDraft {
  return { characters, at: Math.min(Math.max(at, 0), places - 1) };
}

/** What stands there, without places that are empty. */
export function textOf({ characters }: PlateDraft): string {
  return characters.join('');
}

/** The characters that somebody typed or pasted, as they are on plates: capitals, no signs, 0 for O and 1 for I. */
export function spell(typed: string): string[] {
  const spelled = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll('O', '0')
    .replaceAll('I', '1')
    .replace(/[^A-Z0-9\u4e00-\u9fff]/g, '');
  return [...spelled];
}
