import type { Picture } from '../../capture/frame.ts';
import type { Box, Detection, PlateReading, Point } from '../perception.ts';
import { type BeamReading, colourFit, countCharacters, searchPlate } from './beam-search.ts';
import { type Corners, extentOf, overlap } from './plate-cells.ts';
import { likelyColour } from './plate-colour.ts';
import { type PlateCandidate, PlateDetector } from './plate-detector.ts';
import { parsePlate } from './plate-grammar.ts';
import { type ColourProbabilities, PlateRecogniser, partOf, type Recognition } from './plate-recogniser.ts';

const beamWidth = 24;

/** What a plate is worth that is not read at once. */
interface Effort {
  /** Other cuts of an unsure plate: the next frame of a stream is one more look, and must not wait for this one. */
  cuts: number;
  /** Its corners may be off: it is looked at from the front. */
  fromFront: boolean;
}

/** What the quick reader makes of a plate. */
interface QuickReading {
  text: string | undefined;
  /** Characters seen, whether they make a plate or not. */
  count: number;
  colours: ColourProbabilities;
  /** What it decides alone. */
  sure: PlateReading | undefined;
}

/** How thoroughly a region is searched. */
interface Search extends Effort {
  /** Looks in order; the longer sides of the region as the network sees it in each, pixels. A further look follows when nothing sure was found. */
  looks: readonly (readonly number[])[];
  /** Candidates looked at closely per look. */
  candidates: number;
  /** Sure readings that end the search: a vehicle shows one plate. */
  enough: number;
}
const onVehicle: Search = {
  looks: [[224], [512]],
  candidates: 2,
  enough: 1,
  cuts: 2,
  fromFront: true,
};
const onPicture: Search = {
  looks: [[224, 448, 1024], [1408]],
  candidates: 12,
  enough: 12,
  cuts: 4,
  fromFront: true,
};
/** Of a plate whose corners are given. */
const atCorners: Effort = { cuts: 4, fromFront: false };
/** A further look must not enlarge the region more than this. */
const largestScale = 1.6;
/** A vehicle's box may cut its plate: it is searched a little beyond, parts of its size. */
const beyondVehicle = 0.03;
/** Candidates that overlap more than this are one plate seen at two sizes. */
const samePlate = 0.3;
/** What has less than this from close by is no plate. */
const leastCloseScore = 0.35;

/** A reading as sure as this ends the search on its vehicle. */
const sure = { confidence: 0.9, mass: 0.5, score: 0.6 } as const;
/** The quick reader decides alone when it is as sure as this of every character, of the province above all. */
const sureAlone = { character: 0.9, mass: 0.7, province: 0.98, other: 0.3 } as const;
/** What the quick reader calls no Chinese plate is not asked about again. */
const surelyOther = 0.5;
/** Much of what it calls so is a plate all the same: of another country, or burnt out. */
const otherButPlate = 1 / 3;
/** A line with fewer characters of plates is not looked at again, with fewer than this not even from the front. */
const fewestCharacters = 4;
const fewestFromFront = 2;
/** Other cuts of an unsure plate: room for a first character that was cut off, a little more, a little less, room for the last. */
const secondLooks = [
  { left: -0.15, top: -0.02, right: 1, bottom: 1.02 },
  { left: -0.03, top: -0.1, right: 1.03, bottom: 1.1 },
  { left: 0.02, top: 0.06, right: 0.98, bottom: 0.94 },
  { left: 0, top: -0.02, right: 1.15, bottom: 1.02 },
] as const;

/** What is more surely no Chinese plate than this is not looked at again. */
const mostOther = 0.7;

/** What is left of the score when only the letters speak for a Chinese plate. */
const foreignDoubt = 0.5;

/** Of the recogniser's whole probability, what complete Chinese plates must hold; plates of other countries leave them less. */
const leastMass = 0.2;
/** Readings below this score are not reported. */
const leastScore = 0.25;
/** A plate that cannot be read is reported when it surely is one. */
const leastUnreadableScore = 0.69;

/** Finds and reads plates on vehicles or in a whole picture. One call at a time. */
export class PlateReader {
  readonly #detector: PlateDetector;
  readonly #recogniser: PlateRecogniser;
  readonly #second: PlateRecogniser;

  private constructor(detector: PlateDetector, recogniser: PlateRecogniser, second: PlateRecogniser) {
    this.#detector = detector;
    this.#recogniser = recogniser;
    this.#second = second;
  }

  /** Loads the models; throws the coded errors of `loadModel`. */
  static async load(modelsFolder: string, threads = 1): Promise<PlateReader> {
    return new PlateReader(
      await PlateDetector.load(modelsFolder, threads),
      await PlateRecogniser.load(modelsFolder, 'plate-recogniser', threads),
      await PlateRecogniser.load(modelsFolder, 'plate-second-reader', threads),
    );
  }

  /** The plates of `full`, best first; at most one per vehicle unless the whole picture is asked for. */
  async read(
    full: Picture,
    vehicles: readonly Detection[],
    { wholePicture }: { wholePicture: boolean },
  ): Promise<PlateReading[]> {
    const readings: PlateReading[] = [];
    for (const [vehicle, { box }] of vehicles.entries()) {
      const found = await this.#readRegion(full, aroundVehicle(box, full), onVehicle, []);
      if (found[0]) readings.push({ ...found[0], vehicle });
    }
    if (wholePicture) {
      const region: Box = [0, 0, full.width, full.height];
      const crop = wholeAsPlate(full);
      const reading = crop && (await this.#readCandidate(full, crop, onPicture));
      if (reading) readings.push(reading);
      for (const found of await this.#readRegion(full, region, onPicture, readings))
        readings.push(withVehicle(found, vehicles));
    }
    return withoutRepeats(readings);
  }

  /** Reads the plate with these corners, when where it lies is known. */
  async readAt(full: Picture, corners: Corners): Promise<PlateReading | undefined> {
    return this.#readCandidate(full, { corners, score: 1, rows: 1 }, atCorners);
  }

  async release(): Promise<void> {
    await this.#detector.release();
    await this.#recogniser.release();
    await this.#second.release();
  }

  /** The plates in a region, without those that lie on a sure one of `known`. */
  async #readRegion(
    full: Picture,
    region: Box,
    search: Search,
    known: readonly PlateReading[],
  ): Promise<PlateReading[]> {
    const readings: PlateReading[] = [];
    if (region[2] < 8 || region[3] < 8) return readings;
    const largestSide = Math.max(region[2], region[3]) * largestScale;
    for (const [look, sides] of search.looks.entries()) {
      if (look > 0 && (sides[0]! > largestSide || readings.some(isSure))) break;
      for (const candidate of await this.#candidates(full, region, sides, search.candidates)) {
        if (readings.filter(isSure).length >= search.enough) break;
        if ([...known, ...readings].some((r) => isSure(r) && covers(r.corners, centreOf(candidate.corners))))
          continue;
        const plate = await this.#detector.lookCloser(full, candidate);
        if (!plate || plate.score < leastCloseScore) continue;
        const reading = await this.#readCandidate(full, plate, search);
        if (reading) readings.push(reading);
      }
    }
    return withoutRepeats(readings);
  }

  /** What may be plates in a region, seen at one or more sizes; best first, each once. */
  async #candidates(
    full: Picture,
    region: Box,
    sides: readonly number[],
    most: number,
  ): Promise<PlateCandidate[]> {
    const found: PlateCandidate[] = [];
    for (const side of sides) found.push(...(await this.#detector.find(full, region, side)));
    const kept: PlateCandidate[] = [];
    for (const candidate of found.sort((a, b) => b.score - a.score)) {
      if (kept.length === most) break;
      if (!kept.some(({ corners }) => overlap(corners, candidate.corners) > samePlate)) kept.push(candidate);
    }
    return kept;
  }

  /** Reads one candidate; one that may have its text in one row or in two is read both ways when the first is not sure. */
  async #readCandidate(
    full: Picture,
    candidate: PlateCandidate,
    effort: Effort,
  ): Promise<PlateReading | undefined> {
    const reading = await this.#readRows(full, candidate, effort);
    if ((reading && isSure(reading)) || aspectOf(candidate.corners) > doubtfulAspect) return reading;
    const other = await this.#readRows(full, { ...candidate, rows: candidate.rows === 1 ? 2 : 1 }, effort);
    return other && (!reading || quality(other) > quality(reading)) ? other : reading;
  }

  /** Reads the text with the quick reader, from the front when it is not sure; what it is not sure of then, the second reader decides. */
  async #readRows(
    full: Picture,
    candidate: PlateCandidate,
    { cuts, fromFront }: Effort,
  ): Promise<PlateReading | undefined> {
    const atOnce = await this.#readQuickly(full, candidate);
    if (atOnce.sure) return atOnce.sure;
    // Nothing to read, and too unsure to be reported as a plate without text.
    const isNothing = (characters: number, fewest: number) =>
      characters < fewest && candidate.score < leastUnreadableScore;
    if (isNothing(atOnce.count, fewestFromFront)) return undefined;
    const frontal = fromFront ? await this.#detector.lookFromFront(full, candidate) : undefined;
    const better = frontal ? await this.#readQuickly(full, frontal) : atOnce;
    if (better.sure) return better.sure;
    if (isNothing(Math.max(atOnce.count, better.count), fewestCharacters)) return undefined;
    const { other } = better.colours;
    if (other >= surelyOther) return unreadable(candidate, other * otherButPlate);
    return this.#readAgain(full, frontal ?? candidate, cuts, better.text, other);
  }

  /** What the quick reader reads, and how many characters it sees; `sure` when it decides alone. */
  async #readQuickly(full: Picture, candidate: PlateCandidate): Promise<QuickReading> {
    const { characters, colours } = await this.#recogniser.recognise(full, candidate.corners, candidate.rows);
    const read = searchPlate([characters], { width: beamWidth, colours });
    return {
      text: read?.text,
      count: countCharacters(characters),
      colours,
      sure: read && isSureAlone(read, colours) ? describe(candidate, read, colours) : undefined,
    };
  }

  /**
   * The second reader's text, from two cuts, as a province character cut in half is another one to both readers; again with
   * other cuts when it is not sure either or reads something else than the quick one.
   */
  async #readAgain(
    full: Picture,
    candidate: PlateCandidate,
    cuts: number,
    textAtFirst: string | undefined,
    otherAtFirst: number,
  ): Promise<PlateReading | undefined> {
    const { corners, rows } = candidate;
    const first = await this.#second.recognise(full, corners, rows);
    // No Chinese plate when either reader says so.
    const colours = { ...first.colours, other: Math.max(first.colours.other, otherAtFirst) };
    const looks: Recognition[] = [first];
    const search = () =>
      searchPlate(
        looks.map(({ characters }) => characters),
        { width: beamWidth, colours: first.colours },
      );
    const isWorthMore = countCharacters(first.characters) >= fewestCharacters && colours.other < mostOther;
    const parts = isWorthMore ? secondLooks.slice(0, cuts) : [];
    let reading = parts.length === 0 ? search() : undefined;
    for (const part of parts) {
      const isAgreed = reading?.text === textAtFirst;
      if (reading && isAgreed && reading.confidence >= sure.confidence && reading.mass >= sure.mass) break;
      looks.push(await this.#second.recognise(full, partOf(corners, part), rows));
      reading = search();
    }
    return (reading && describe(candidate, reading, colours)) ?? unreadable(candidate, first.colours.other);
  }
}

/** The quick reader decides alone; a character at an edge that the corners cut off is seldom one that it is sure of. */
function isSureAlone({ characters, mass }: BeamReading, { other }: ColourProbabilities): boolean {
  return (
    characters[0]!.confidence >= sureAlone.province &&
    characters.every(({ confidence }) => confidence >= sureAlone.character) &&
    mass >= sureAlone.mass &&
    other < sureAlone.other
  );
}

/** One row is 3.1 times as wide as high, two rows are 2.0 times, less when seen from the side. */
const doubtfulAspect = 2.5;

function aspectOf([a, b, c, d]: Corners): number {
  const width = distance(a, b) + distance(d, c);
  return width / Math.max(1e-6, distance(a, d) + distance(b, c));
}

function distance(a: Point, b: Point): number {
  return Math.hypot(b[0] - a[0], b[1] - a[1]);
}

/** What makes one reading of a plate better than another. */
function quality({ score, confidence }: PlateReading): number {
  return score * confidence;
}

/** A picture that is itself cut around a plate: small and of a plate's shape. */
function wholeAsPlate({ width, height }: Picture): PlateCandidate | undefined {
  const aspect = width / height;
  if (width > 640 || height < 10 || aspect < 1.8 || aspect > 6.5) return undefined;
  const corners: Corners = [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ];
  return { corners, score: 0.7, rows: 1 };
}

function describe(
  { corners, score: found, rows }: PlateCandidate,
  { text, characters, confidence, mass }: BeamReading,
  colours: ColourProbabilities,
): PlateReading | undefined {
  const ordinary = parsePlate(text);
  if (!ordinary || mass < leastMass) return undefined;
  const colour = likelyColour(colours, ordinary.colours);
  const parsed = parsePlate(text, colour === 'unknown' ? undefined : colour) ?? ordinary;
  const fit = colourFit(parsed.colours, colours);
  const chinese = (parsed.foreignLookalike ? foreignDoubt : 1) * (1 - colours.other);
  const score = chinese * mass ** 0.25 * (0.5 + 0.5 * fit) * (0.5 + 0.5 * found) * confidence ** 0.5;
  if (score < leastScore) return undefined;
  return { corners, score, text, confidence, characters, class: parsed.class, colour, rows };
}

/** A plate without text: too small, too dirty, or of another country. `other`: that it is none at all. */
function unreadable({ corners, score, rows }: PlateCandidate, other: number): PlateReading | undefined {
  const surely = score * (1 - other);
  if (surely < leastUnreadableScore) return undefined;
  return {
    corners,
    score: surely,
    text: '',
    confidence: 0,
    characters: [],
    class: 'unknown',
    colour: 'unknown',
    rows,
  };
}

/** The box, a little larger, as far as it lies in the picture. */
function aroundVehicle([x, y, width, height]: Box, picture: Picture): Box {
  const left = Math.max(0, x - width * beyondVehicle);
  const top = Math.max(0, y - height * beyondVehicle);
  const right = Math.min(picture.width, x + width * (1 + beyondVehicle));
  const bottom = Math.min(picture.height, y + height * (1 + beyondVehicle));
  return [left, top, right - left, bottom - top];
}

function isSure({ confidence, score }: PlateReading): boolean {
  return confidence >= sure.confidence && score >= sure.score;
}

/** The smallest vehicle around the plate's centre. */
function withVehicle(reading: PlateReading, vehicles: readonly Detection[]): PlateReading {
  const [x, y] = centreOf(reading.corners);
  const around = vehicles
    .map(({ box }, index) => ({ box, index }))
    .filter(({ box }) => x >= box[0] && x <= box[0] + box[2] && y >= box[1] && y <= box[1] + box[3])
    .sort((a, b) => a.box[2] * a.box[3] - b.box[2] * b.box[3]);
  return around[0] ? { ...reading, vehicle: around[0].index } : reading;
}

function centreOf(corners: Corners): Point {
  return [
    corners.reduce((sum, corner) => sum + corner[0], 0) / 4,
    corners.reduce((sum, corner) => sum + corner[1], 0) / 4,
  ];
}

/** Best first, those with a text before those without, and of two that lie on each other the better one. */
export function withoutRepeats(readings: readonly PlateReading[]): PlateReading[] {
  const kept: PlateReading[] = [];
  const isRead = ({ text }: PlateReading) => Number(text !== '');
  for (const reading of [...readings].sort((a, b) => isRead(b) - isRead(a) || b.score - a.score)) {
    const centre = centreOf(reading.corners);
    if (!kept.some((other) => covers(other.corners, centre))) kept.push(reading);
  }
  return kept;
}

function covers(corners: Corners, [x, y]: Point): boolean {
  const { left, top, right, bottom } = extentOf(corners);
  return x >= left && x <= right && y >= top && y <= bottom;
}
