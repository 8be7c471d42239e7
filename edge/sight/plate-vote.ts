import type { Plate, PlateClass } from '../../hub/contract/sighting.ts';
import type { CharacterReading, PlateReading } from '../perceive/perception.ts';
import { rounded } from './rounded.ts';

/** Chinese plates have 7 or 8 characters; one may be lost or seen double. */
const lengths = { least: 6, most: 9 };
/** Probability of a character that a reading does not list. */
const floor = 0.001;
/** No single reading is believed further than this. */
const ceiling = 0.98;
/** Frames of one track resemble each other, so a reading counts less than an independent one would. */
const independence = 0.85;
/** Characters a position could hold: 10 digits and 24 letters, or the provinces. Fixed, so that naming a rival adds no candidate. */
const candidates = 34;
/** A green plate has eight characters: a shorter reading of one has lost a character. */
const shortenedWeight = 0.4;
const newEnergyLength = 8;

interface Tally {
  /** Sum of tempered log ratios to the floor: the log posterior up to a constant, 0 for what was never listed. */
  evidence: number;
  /** Sum of weight × probability. */
  probability: number;
}

interface LengthVotes {
  votes: number;
  weight: number;
  positions: Map<string, Tally>[];
  classes: Map<PlateClass, number>;
}

/** What the readings agree on, with what the province rule must know beyond the plate itself. */
export interface AgreedPlate {
  plate: Plate;
  /** Shares of the weighted readings by class; they sum to 1. */
  classShares: ReadonlyMap<PlateClass, number>;
  /**
   * Mean probability of the first character over the readings, 0 to 1. Unlike its confidence it does not rise when the same
   * doubt is repeated frame after frame.
   */
  provinceSupport: number;
}

/**
 * The readings of one track, voted character by character within readings of one length. The posterior of a character is
 * the product of its probabilities over the readings, tempered by their weight. It does not depend on the order of the
 * readings, and a reading that agrees never lowers a confidence. Memory does not grow with the number of readings.
 */
export class PlateVotes {
  readonly #byLength = new Map<number, LengthVotes>();

  /** Says whether the reading could take part. */
  add(reading: PlateReading): boolean {
    const length = reading.characters.length;
    if (length < lengths.least || length > lengths.most) return false;
    const weight = weightOf(reading);
    if (!(weight > 0) || !reading.characters.every(isProbability)) return false;

    const votes = this.#votesOf(length);
    votes.votes++;
    votes.weight += weight;
    votes.classes.set(reading.class, (votes.classes.get(reading.class) ?? 0) + weight);
    for (const [index, character] of reading.characters.entries())
      vote(votes.positions[index], character, weight);
    return true;
  }

  /** The plate so far; undefined before the first usable reading. */
  agreed(): AgreedPlate | undefined {
    const chosen = [...this.#byLength.values()].sort(
      (a, b) => b.weight - a.weight || b.positions.length - a.positions.length,
    )[0];
    if (!chosen) return undefined;
    const characters = chosen.positions.map(agreedCharacter);
    const [plateClass] = first(chosen.classes, (weight) => weight);
    return {
      plate: {
        text: characters.map(({ text }) => text).join(''),
        class: plateClass,
        confidence: rounded(geometricMean(characters.map(({ confidence }) => confidence))),
        characters,
        votes: chosen.votes,
      },
      classShares: new Map([...chosen.classes].map(([name, weight]) => [name, weight / chosen.weight])),
      provinceSupport: (chosen.positions[0].get(characters[0].text)?.probability ?? 0) / chosen.weight,
    };
  }

  #votesOf(length: number): LengthVotes {
    const known = this.#byLength.get(length);
    if (known) return known;
    const fresh: LengthVotes = {
      votes: 0,
      weight: 0,
      positions: Array.from({ length }, () => new Map()),
      classes: new Map(),
    };
    this.#byLength.set(length, fresh);
    return fresh;
  }
}

function weightOf(reading: PlateReading): number {
  const isShortened = reading.colour === 'green' && reading.characters.length < newEnergyLength;
  return Math.min(1, reading.score) * Math.min(1, reading.confidence) * (isShortened ? shortenedWeight : 1);
}

function isProbability({ text, confidence, alternatives }: CharacterReading): boolean {
  return (
    text.length > 0 && [confidence, ...alternatives.map((other) => other.confidence)].every((p) => p >= 0)
  );
}

function vote(position: Map<string, Tally>, character: CharacterReading, weight: number): void {
  const best = believed(character.confidence);
  const listed = new Map([[character.text, best]]);
  // An alternative is never believed more than what the reading decided for: that is what makes agreement monotone.
  for (const { text, confidence } of character.alternatives)
    if (text !== character.text) listed.set(text, Math.min(best, believed(confidence)));
  for (const [text, probability] of listed) {
    const tally = position.get(text) ?? { evidence: 0, probability: 0 };
    tally.evidence += independence * weight * Math.log(probability / floor);
    tally.probability += weight * probability;
    position.set(text, tally);
  }
}

function believed(probability: number): number {
  return Math.min(ceiling, Math.max(floor, probability));
}

function agreedCharacter(position: Map<string, Tally>): { text: string; confidence: number } {
  const [text, { evidence }] = first(position, (tally) => tally.evidence);
  // What was never listed has evidence 0.
  let total = Math.max(0, candidates - position.size) * Math.exp(-evidence);
  for (const other of position.values()) total += Math.exp(other.evidence - evidence);
  return { text, confidence: rounded(1 / total) };
}

/** The entry with the greatest rank; the name decides a tie, so that the order of arrival cannot. */
function first<Key extends string, Value>(
  entries: Map<Key, Value>,
  rank: (value: Value) => number,
): [Key, Value] {
  return [...entries].sort((a, b) => rank(b[1]) - rank(a[1]) || (a[0] < b[0] ? -1 : 1))[0];
}

function geometricMean(values: number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(Math.max(value, 1e-9)), 0) / values.length);
}
