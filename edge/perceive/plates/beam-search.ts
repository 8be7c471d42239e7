import type { CharacterReading } from '../perception.ts';
import { type PlateColour, platePatterns } from './plate-grammar.ts';

/** Per step: probability of blank, and of each character of `alphabet` in order; further columns are anything else. */
export interface CharacterProbabilities {
  data: Float32Array;
  steps: number;
  /** Numbers per step, at least one more than the alphabet has characters. */
  columns: number;
  /** Single characters, without blank and without "anything else". */
  alphabet: readonly string[];
}

/** A plate as the beam read it. */
export interface BeamReading {
  text: string;
  characters: CharacterReading[];
  /** Geometric mean of the characters' confidences, 0 to 1. */
  confidence: number;
  /** Part of the recogniser's whole probability that complete plates hold, 0 to 1: how much this is a plate. */
  mass: number;
}

export interface BeamOptions {
  /** Prefixes kept per step. */
  width: number;
  /** Probability of each background colour; weighs the classes. */
  colours?: Partial<Record<PlateColour, number>>;
}

/** A character as sure as this at some step is part of every reading; a grammar it does not fit reads nothing. */
export const confidentCharacter = 0.98;

/** Characters below this probability at a step are not worth a prefix. */
const leastProbability = 1e-4;

/** What is left of a probability that was skipped outside the plate, per step. */
const edgeNoise = 0.3;

/** A background of the wrong colour may still be a misjudged background. */
const colourDoubt = 0.05;

/** The alternative that no plate can be: anything else, or a character the grammar does not allow here. */
const unknown = '?';

/** A prefix of plates: its probability ending in blank and ending in its last character, and the patterns still possible. */
interface Prefix {
  text: string;
  length: number;
  patterns: number;
  blank: number;
  character: number;
}

/**
 * CTC prefix beam search [Hannun 2014] over the plate grammar. Prefixes that no pattern begins with are never
 * made, so every text returned is a complete plate. Beside each allowed character an unknown one is followed, which
 * collects what the grammar forbids: it never becomes text, but it takes its share of the posteriors, so that a
 * character guessed against the evidence has a low confidence instead of a normalised high one. `views` are one
 * plate cut out in different ways; at least one.
 */
export function searchPlate(
  views: readonly CharacterProbabilities[],
  options: BeamOptions,
): BeamReading | undefined {
  const grammar = grammarFor(views[0]!.alphabet);
  const beams = views.map((view) => {
    let beam: Prefix[] = [{ text: '', length: 0, patterns: grammar.all, blank: 1, character: 0 }];
    for (let step = 0; step < view.steps; step++) beam = advance(beam, view, step, grammar, options.width);
    return beam;
  });
  return decide(averageBeams(beams, grammar), grammar, options.colours);
}

/** Several views of one plate: the mean probability of every prefix, views that show a whole plate counting for more. */
function averageBeams(beams: readonly Prefix[][], grammar: Grammar): Prefix[] {
  if (beams.length === 1) return beams[0]!;
  const weights = beams.map((beam) => 1e-9 + massOf(beam.filter((prefix) => isPlate(prefix, grammar))));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = new Map<string, Prefix>();
  beams.forEach((beam, view) => {
    for (const prefix of beam) {
      const sum = mean.get(prefix.text) ?? { ...prefix, blank: 0, character: 0 };
      sum.blank += (prefix.blank * weights[view]!) / total;
      sum.character += (prefix.character * weights[view]!) / total;
      mean.set(prefix.text, sum);
    }
  });
  return [...mean.values()];
}

function isPlate(prefix: Prefix, grammar: Grammar): boolean {
  return !prefix.text.includes(unknown) && (prefix.patterns & grammar.complete[prefix.length]!) !== 0;
}

function massOf(beam: readonly Prefix[]): number {
  return beam.reduce((sum, prefix) => sum + probabilityOf(prefix), 0);
}

/** `allowed[position][character]`: bit mask of the patterns that allow it there. */
interface Grammar {
  all: number;
  allowed: Int32Array[];
  /** `complete[length]`, `longer[length]`: the patterns that end there, and those that go on. */
  complete: Int32Array;
  longer: Int32Array;
}

function grammarFor(alphabet: readonly string[]): Grammar {
  const indexOf = new Map(alphabet.map((character, index) => [character, index]));
  const longest = Math.max(...platePatterns.map((pattern) => pattern.positions.length));
  const allowed = Array.from({ length: longest }, () => new Int32Array(alphabet.length));
  const complete = new Int32Array(longest + 1);
  const longer = new Int32Array(longest + 1);
  platePatterns.forEach((pattern, bit) => {
    for (let length = 0; length < pattern.positions.length; length++) longer[length]! |= 1 << bit;
    complete[pattern.positions.length]! |= 1 << bit;
    pattern.positions.forEach((characters, position) => {
      for (const character of characters) {
        const index = indexOf.get(character);
        if (index !== undefined) allowed[position]![index]! |= 1 << bit;
      }
    });
  });
  return { all: 2 ** platePatterns.length - 1, allowed, complete, longer };
}

function advance(
  beam: readonly Prefix[],
  { data, columns, alphabet }: CharacterProbabilities,
  step: number,
  grammar: Grammar,
  width: number,
): Prefix[] {
  const at = step * columns;
  const blank = data[at]!;
  const candidates = likelyCharacters(data, at, alphabet.length);
  const sure = candidates.find((c) => data[at + 1 + c]! >= confidentCharacter);
  const next = new Map<string, Prefix>();
  const add = (text: string, length: number, patterns: number, endsBlank: number, endsCharacter: number) => {
    const prefix = next.get(text);
    if (!prefix) {
      next.set(text, { text, length, patterns, blank: endsBlank, character: endsCharacter });
      return;
    }
    prefix.blank += endsBlank;
    prefix.character += endsCharacter;
  };

  for (const prefix of beam) {
    const total = prefix.blank + prefix.character;
    const last = prefix.text.at(-1);
    const positions = grammar.allowed[prefix.length];
    let elsewhere = 1 - blank;
    let stay = 0;
    for (const c of candidates) {
      const character = alphabet[c]!;
      const probability = data[at + 1 + c]!;
      const patterns = prefix.patterns & (positions?.[c] ?? 0);
      const repeats = character === last;
      if (repeats) stay = probability;
      if (repeats || patterns) elsewhere -= probability;
      if (!patterns || (sure !== undefined && c !== sure)) continue;
      const before = repeats ? prefix.blank : total;
      if (before > 0) add(prefix.text + character, prefix.length + 1, patterns, 0, before * probability);
    }
    if (sure !== undefined) {
      if (alphabet[sure] === last)
        add(prefix.text, prefix.length, prefix.patterns, 0, prefix.character * stay);
      continue;
    }
    elsewhere = Math.max(0, elsewhere);
    if (last === unknown) stay = elsewhere;
    const outside = atEdge(prefix, grammar) ? elsewhere * edgeNoise : 0;
    add(prefix.text, prefix.length, prefix.patterns, total * (blank + outside), prefix.character * stay);
    const longer = prefix.patterns & (grammar.longer[prefix.length] ?? 0);
    if (longer && elsewhere > leastProbability) {
      const before = last === unknown ? prefix.blank : total;
      add(prefix.text + unknown, prefix.length + 1, longer, 0, before * elsewhere);
    }
  }
  return [...next.values()].sort((a, b) => probabilityOf(b) - probabilityOf(a)).slice(0, width);
}

/** Something beside the plate in the rectified line may be skipped before the first and after the last character. */
function atEdge(prefix: Prefix, grammar: Grammar): boolean {
  return prefix.length === 0 || (prefix.patterns & grammar.complete[prefix.length]!) !== 0;
}

function probabilityOf(prefix: Prefix): number {
  return prefix.blank + prefix.character;
}

function likelyCharacters(data: Float32Array, at: number, count: number): number[] {
  const likely: number[] = [];
  for (let c = 0; c < count; c++) if (data[at + 1 + c]! >= leastProbability) likely.push(c);
  return likely;
}

/** Chooses the best complete plate and says, per position, what else the beam thought possible. */
function decide(
  beam: readonly Prefix[],
  grammar: Grammar,
  colours: BeamOptions['colours'],
): BeamReading | undefined {
  const weighed = beam.map((prefix) => ({
    ...prefix,
    characters: [...prefix.text],
    probability: probabilityOf(prefix) * weightOf(prefix, colours),
  }));
  const plates = weighed.filter((prefix) => isPlate(prefix, grammar));
  const best = plates.reduce<(typeof weighed)[number] | undefined>(
    (a, b) => (a && a.probability >= b.probability ? a : b),
    undefined,
  );
  if (!best || best.probability <= 0) return undefined;

  const total = weighed.reduce((sum, prefix) => sum + prefix.probability, 0);
  const characters = best.characters.map((text, position) => {
    const shares = new Map<string, number>();
    for (const { characters, probability } of weighed) {
      const character = characters[position];
      if (!character || character === unknown) continue;
      shares.set(character, (shares.get(character) ?? 0) + probability / total);
    }
    const alternatives = [...shares]
      .map(([text, confidence]) => ({ text, confidence: Math.min(1, confidence) }))
      .sort((a, b) => b.confidence - a.confidence);
    const confidence = Math.min(1, shares.get(text)!);
    return { text, confidence, alternatives: withText(alternatives, text) };
  });
  const product = characters.reduce((sum, c) => sum + Math.log(c.confidence), 0);
  return {
    text: best.text,
    characters,
    confidence: Math.exp(product / characters.length),
    mass: Math.min(1, massOf(plates)),
  };
}

/** The best five, and among them always the character that was chosen. */
function withText(alternatives: CharacterReading['alternatives'], text: string) {
  const best = alternatives.slice(0, 5);
  if (best.some((a) => a.text === text)) return best;
  return [...best.slice(0, 4), alternatives.find((a) => a.text === text)!];
}

/** How well a background fits a pattern, 0 to 1: 1 when the likeliest colour is one that the pattern always has. */
export function colourFit(
  usual: Partial<Record<PlateColour, number>>,
  seen: Partial<Record<PlateColour, number>>,
): number {
  const entries = Object.entries(seen) as [PlateColour, number][];
  const most = Math.max(1e-6, ...entries.map(([, probability]) => probability));
  return Math.min(
    1,
    entries.reduce((sum, [colour, probability]) => sum + (usual[colour] ?? 0) * probability, 0) / most,
  );
}

/** How many characters of plates one view shows, whether they make a plate or not. */
export function countCharacters({ data, steps, columns, alphabet }: CharacterProbabilities): number {
  let count = 0;
  let previous = 0;
  for (let step = 0; step < steps; step++) {
    const row = data.subarray(step * columns, (step + 1) * columns);
    const best = row.reduce((a, probability, c) => (probability > row[a]! ? c : a), 0);
    if (best !== previous && best > 0 && best <= alphabet.length) count++;
    previous = best;
  }
  return count;
}

/** How usual the likeliest pattern of a prefix is, given the background's colour. */
function weightOf(prefix: Prefix, colours: BeamOptions['colours']): number {
  let weight = 0;
  platePatterns.forEach((pattern, bit) => {
    if (!(prefix.patterns & (1 << bit))) return;
    const fit = colours ? colourFit(pattern.colours, colours) : 1;
    weight = Math.max(weight, pattern.prior * (colourDoubt + (1 - colourDoubt) * fit));
  });
  return weight;
}
