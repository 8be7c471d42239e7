import type { PlateClass } from '../../../hub/contract/sighting.ts';

/** The 31 province characters (GA 36-2018). */
export const provinceCharacters = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼';
/** Letters of a plate: I and O are never used. */
export const plateLetters = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const digits = '0123456789';
const serial = plateLetters + digits;
/** Energy letter of a new-energy plate: D A B C E pure electric, F G H J K other. */
const energy = 'DABCEFGHJK';

/** The background colour of a plate. Yellow-green (large new energy) counts as green. */
export type PlateColour = 'blue' | 'yellow' | 'green' | 'white' | 'black';

/** One pattern of GA 36-2018: which characters each position may hold, and what the whole then means. */
interface PlatePattern {
  class: PlateClass;
  /** The class on another background; a yellow ordinary plate is a large vehicle's. */
  classByColour?: Partial<Record<PlateColour, PlateClass>>;
  /** Backgrounds it comes on, with how usual each is, 0 to 1. */
  colours: Partial<Record<PlateColour, number>>;
  positions: readonly string[];
  /** How common the pattern is on the road, relative to the ordinary plate; weighs equal evidence only. */
  prior: number;
}

const ordinary = (last: string) => [provinceCharacters, plateLetters, serial, serial, serial, serial, last];
const repeat = (characters: string, times: number) => Array.from({ length: times }, () => characters);

/** Every row of the plate table. The order decides which class a text of two patterns gets. */
export const platePatterns: readonly PlatePattern[] = [
  {
    class: 'small_car',
    classByColour: { yellow: 'large_vehicle' },
    colours: { blue: 1, yellow: 1, white: 0.05, black: 0.1 },
    positions: ordinary(serial),
    prior: 1,
  },
  {
    class: 'small_new_energy',
    colours: { green: 1 },
    positions: [provinceCharacters, plateLetters, energy, serial, ...repeat(digits, 4)],
    prior: 0.5,
  },
  {
    class: 'large_new_energy',
    colours: { green: 1, yellow: 0.5 },
    positions: [provinceCharacters, plateLetters, ...repeat(digits, 5), energy],
    prior: 0.05,
  },
  { class: 'driving_school', colours: { yellow: 1 }, positions: ordinary('学'), prior: 0.02 },
  { class: 'trailer', colours: { yellow: 1 }, positions: ordinary('挂'), prior: 0.02 },
  { class: 'police', colours: { white: 1 }, positions: ordinary('警'), prior: 0.02 },
  {
    class: 'hong_kong_macao',
    colours: { black: 1 },
    positions: ['粤', 'Z', ...repeat(serial, 4), '港澳'],
    prior: 0.02,
  },
  { class: 'consulate', colours: { black: 1 }, positions: ordinary('领'), prior: 0.005 },
  { class: 'embassy', colours: { black: 1 }, positions: ['使', ...repeat(digits, 6)], prior: 0.005 },
  { class: 'embassy', colours: { black: 1 }, positions: [...repeat(digits, 6), '使'], prior: 0.005 },
  {
    class: 'armed_police',
    colours: { white: 1 },
    positions: ['W', 'J', provinceCharacters, ...repeat(serial, 5)],
    prior: 0.005,
  },
  {
    class: 'armed_police',
    colours: { white: 1 },
    positions: ['W', 'J', provinceCharacters, ...repeat(serial, 4)],
    prior: 0.002,
  },
  { class: 'armed_police', colours: { white: 1 }, positions: ['W', 'J', ...repeat(digits, 5)], prior: 0.002 },
  {
    class: 'emergency',
    colours: { white: 1 },
    positions: [provinceCharacters, 'XS', ...repeat(digits, 4), '应', '急'],
    prior: 0.005,
  },
  {
    class: 'civil_aviation',
    colours: { green: 1, white: 0.3 },
    positions: ['民', '航', plateLetters, ...repeat(digits, 4)],
    prior: 0.002,
  },
  {
    class: 'military',
    colours: { white: 1 },
    positions: [plateLetters, plateLetters, ...repeat(digits, 5)],
    prior: 0.002,
  },
];

/** What a text is by the grammar: its class and the colours that class may have. */
export interface ParsedPlate {
  class: PlateClass;
  colours: PlatePattern['colours'];
  /** The province that the plate names; absent for embassy and military plates. */
  province: string | undefined;
  /** No character says that this is a Chinese plate: plates of other countries have the same pattern. */
  foreignLookalike: boolean;
}

/**
 * The class of a plate's text, or undefined when it is no plate. The background's colour decides between
 * classes that share a pattern (blue small car, yellow large vehicle, black and white specials).
 */
export function parsePlate(text: string, colour?: PlateColour): ParsedPlate | undefined {
  const characters = [...text];
  const matching = platePatterns.filter((pattern) => matches(pattern, characters));
  const pattern = matching.find((p) => colour && p.colours[colour]) ?? matching[0];
  if (!pattern) return undefined;
  return {
    class: (colour && pattern.classByColour?.[colour]) ?? pattern.class,
    colours: pattern.colours,
    province: characters.find((c) => provinceCharacters.includes(c)),
    foreignLookalike: /^[A-Z0-9]+$/.test(text),
  };
}

function matches(pattern: PlatePattern, characters: readonly string[]): boolean {
  return (
    characters.length === pattern.positions.length &&
    characters.every((character, i) => pattern.positions[i]!.includes(character))
  );
}
