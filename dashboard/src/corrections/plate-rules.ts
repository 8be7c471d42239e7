import type { PlateClass } from '../../../hub/contract/sighting.ts';
import { provinceCharacters } from '../policy/provinces.ts';

/** What the hub accepts as a plate at all; its schema holds the same, and a test compares the two. */
export const sayable = /^[A-Z0-9\u4e00-\u9fff]{1,12}$/;

const provinces = provinceCharacters.join('');
/** I and O are on no plate: they look like 1 and 0. */
const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const digits = '0123456789';
const serial = letters + digits;
const energy = 'DABCEFGHJK';
const times = (count: number, characters: string) => Array.from({ length: count }, () => characters);
const ordinary = (last: string) => [provinces, letters, ...times(4, serial), last];

/** What each place of a plate may hold, by class (GA 36-2018); some classes differ only in colour. */
const patterns: readonly { classes: readonly PlateClass[]; places: readonly string[] }[] = [
  { classes: ['small_car', 'large_vehicle'], places: ordinary(serial) },
  { classes: ['small_new_energy'], places: [provinces, letters, energy, serial, ...times(4, digits)] },
  { classes: ['large_new_energy'], places: [provinces, letters, ...times(5, digits), energy] },
  { classes: ['driving_school'], places: ordinary('学') },
  { classes: ['trailer'], places: ordinary('挂') },
  { classes: ['police'], places: ordinary('警') },
  { classes: ['hong_kong_macao'], places: ['粤', 'Z', ...times(4, serial), '港澳'] },
  { classes: ['consulate'], places: ordinary('领') },
  { classes: ['embassy'], places: ['使', ...times(6, digits)] },
  { classes: ['embassy'], places: [...times(6, digits), '使'] },
  { classes: ['armed_police'], places: ['W', 'J', provinces, ...times(5, serial)] },
  { classes: ['armed_police'], places: ['W', 'J', provinces, ...times(4, serial)] },
  { classes: ['armed_police'], places: ['W', 'J', ...times(5, digits)] },
  { classes: ['emergency'], places: [provinces, 'XS', ...times(4, digits), '应', '急'] },
  { classes: ['civil_aviation'], places: ['民', '航', letters, ...times(4, digits)] },
  { classes: ['military'], places: [letters, letters, ...times(5, digits)] },
];

/** Why what stands there cannot be sent yet; `at` and `missing` count characters, from 0. */
export type PlateIssue =
  | { kind: 'empty' }
  | { kind: 'gap'; at: number }
  | { kind: 'short'; missing: number }
  | { kind: 'long'; extra: number }
  | { kind: 'misplaced'; at: number; character: string }
  | { kind: 'not_sayable' };

/** The classes of which a whole text can be, likeliest first; none for what is no plate of the table. */
export function classesFitting(text: string): PlateClass[] {
  const characters = [...text];
  const fitting = patterns.filter(
    ({ places }) =>
      places.length === characters.length &&
      characters.every((character, index) => places[index]?.includes(character)),
  );
  return [...new Set(fitting.flatMap(({ classes }) => classes))];
}

/** The class that a text gets: the one that was chosen where it fits, else the likeliest. */
export function classOf(text: string, chosen: PlateClass | undefined): PlateClass {
  if (chosen === 'unknown') return chosen;
  const fitting = classesFitting(text);
  if (chosen !== undefined && (fitting.includes(chosen) || fitting.length === 0)) return chosen;
  return fitting[0] ?? 'small_car';
}

/** Whether any plate has this character at this place (from 0). */
export function mayStandAt(index: number, character: string): boolean {
  return patterns.some(({ places }) => places[index]?.includes(character));
}

/** What is wrong with these characters (`''` where nothing was entered) for a plate of this class. */
export function plateIssue(characters: readonly string[], plateClass: PlateClass): PlateIssue | undefined {
  const last = characters.findLastIndex((character) => character !== '');
  if (last < 0) return { kind: 'empty' };
  const entered = characters.slice(0, last + 1);
  const gap = entered.indexOf('');
  if (gap >= 0) return { kind: 'gap', at: gap };
  const text = entered.join('');
  if (!sayable.test(text)) return { kind: 'not_sayable' };
  // What is no plate of the table, a foreign one for example, is entered as of unknown class.
  if (plateClass === 'unknown' || classesFitting(text).includes(plateClass)) return undefined;

  const own = patterns.filter(({ classes }) => classes.includes(plateClass)).map(({ places }) => places);
  const lengths = own.map(({ length }) => length);
  if (entered.length < Math.min(...lengths))
    return misplaced(entered, own) ?? { kind: 'short', missing: Math.min(...lengths) - entered.length };
  if (entered.length > Math.max(...lengths))
    return { kind: 'long', extra: entered.length - Math.max(...lengths) };
  return (
    misplaced(
      entered,
      own.filter(({ length }) => length === entered.length),
    ) ?? { kind: 'short', missing: 1 }
  );
}

/** The first character that none of these patterns has at its place, in the pattern that goes furthest. */
function misplaced(entered: readonly string[], own: readonly (readonly string[])[]): PlateIssue | undefined {
  const reached = own.map((places) => {
    const wrong = entered.findIndex((character, index) => !places[index]?.includes(character));
    return wrong < 0 ? entered.length : wrong;
  });
  const at = Math.max(...reached, 0);
  const character = entered[at];
  return character === undefined ? undefined : { kind: 'misplaced', at, character };
}
