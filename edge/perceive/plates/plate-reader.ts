import type { Picture } from '../../capture/frame.ts';
import { loadModel, type Model, pixelScalingOf, tensorOf } from '../onnx-session.ts';
import type { Box, Detection, PlateReading, Point } from '../perception.ts';
import { planarTensor, warpPerspective } from '../resample.ts';
import {
  type BeamReading,
  type CharacterProbabilities,
  colourFit,
  countCharacters,
  searchPlate,
} from './beam-search.ts';
import { type ColourProbabilities, estimateColour, likelyColour } from './plate-colour.ts';
import { findPlates, growCorners, type PlateCandidate } from './plate-finder.ts';
import { parsePlate } from './plate-grammar.ts';
import type { Corners } from './text-lines.ts';

/** A rectified line as the recogniser takes it, pixels. */
const line = { width: 176, height: 48 } as const;
const beamWidth = 24;

/** How thoroughly a region is searched. */
interface Search {
  /** Longest side of the region as the text network sees it, pixels: first look, and second look when that found nothing sure. */
  sides: readonly number[];
  /** Candidates read per look. */
  candidates: number;
  /** Sure readings that end the search: a vehicle shows one plate. */
  enough: number;
}
const onVehicle: Search = { sides: [352, 576], candidates: 3, enough: 1 };
const onPicture: Search = { sides: [960, 1408], candidates: 12, enough: 12 };
/** A second look must not enlarge the region more than this. */
const largestSecondScale = 1.6;

/** A reading as sure as this ends the search on its vehicle. */
const sure = { confidence: 0.9, mass: 0.5, score: 0.6 } as const;
/** A line with fewer characters of plates is not looked at again. */
const fewestCharacters = 4;
/** Other cuts of an unsure plate: a little more, a little less, and room for a first or last character that was cut off. */
const secondLooks = [
  { left: 0.03, right: 0.03, height: 0.1 },
  { left: -0.02, right: -0.02, height: -0.06 },
  { left: 0.18, right: 0, height: 0.02 },
  { left: 0, right: 0.18, height: 0.02 },
] as const;

/** What is left of the score when only the letters speak for a Chinese plate. */
const foreignDoubt = 0.5;

/** Readings below this score are not reported. */
const leastScore = 0.25;

/** Finds and reads plates on vehicles or in a whole picture. One call at a time. */
export class PlateReader {
  readonly #detector: Model;
  readonly #recogniser: Model;

  private constructor(detector: Model, recogniser: Model) {
    this.#detector = detector;
    this.#recogniser = recogniser;
  }

  /** Loads both text models; throws the coded errors of `loadModel`. */
  static async load(modelsFolder: string, threads = 1): Promise<PlateReader> {
    return new PlateReader(
      await loadModel(modelsFolder, 'plate-text-detector', threads),
      await loadModel(modelsFolder, 'plate-text-recogniser', threads),
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
      const found = await this.#readRegion(full, clip(box, full), onVehicle, []);
      if (found[0]) readings.push({ ...found[0], vehicle });
    }
    if (wholePicture) {
      const region: Box = [0, 0, full.width, full.height];
      const crop = wholeAsPlate(full);
      const reading = crop && (await this.#readCandidate(full, crop));
      if (reading) readings.push(reading);
      for (const found of await this.#readRegion(full, region, onPicture, readings))
        readings.push(withVehicle(found, vehicles));
    }
    return withoutRepeats(readings);
  }

  /** Reads the plate with these corners, when where it lies is known. */
  async readAt(full: Picture, corners: Corners): Promise<PlateReading | undefined> {
    return this.#readCandidate(full, { corners, score: 1 });
  }

  async release(): Promise<void> {
    await this.#detector.release();
    await this.#recogniser.release();
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
    const largestSide = Math.max(region[2], region[3]) * largestSecondScale;
    for (const [look, side] of search.sides.entries()) {
      if (look > 0 && (side > largestSide || readings.some(isSure))) break;
      const candidates = await findPlates(this.#detector, full, region, side);
      for (const candidate of candidates.slice(0, search.candidates)) {
        if (readings.filter(isSure).length >= search.enough) break;
        if ([...known, ...readings].some((r) => isSure(r) && covers(r.corners, centreOf(candidate.corners))))
          continue;
        const reading = await this.#readCandidate(full, candidate);
        if (reading) readings.push(reading);
      }
    }
    return withoutRepeats(readings);
  }

  /** Reads one candidate, a second time with other cuts when the first is not sure. */
  async #readCandidate(full: Picture, candidate: PlateCandidate): Promise<PlateReading | undefined> {
    const colours = estimateColour(warpPerspective(full, candidate.corners, 88, 28));
    const views = [await this.#recognise(full, candidate)];
    if (countCharacters(views[0]!) < fewestCharacters) return undefined;
    let reading = searchPlate(views, { width: beamWidth, colours });
    for (const growth of secondLooks) {
      if (reading && reading.confidence >= sure.confidence && reading.mass >= sure.mass) break;
      views.push(await this.#recognise(full, grown(candidate, growth)));
      reading = searchPlate(views, { width: beamWidth, colours });
    }
    return reading && describe(candidate, reading, colours);
  }

  async #recognise(full: Picture, candidate: PlateCandidate): Promise<CharacterProbabilities> {
    const picture = rectify(full, candidate);
    const { probabilities } = await this.#recogniser.run({
      picture: tensorOf(planarTensor(picture, pixelScalingOf(this.#recogniser.manifest)), [
        1,
        3,
        line.height,
        line.width,
      ]),
    });
    return {
      data: probabilities!.data as Float32Array,
      steps: probabilities!.dims[1]!,
      alphabet: this.#recogniser.manifest.labels!,
    };
  }
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
  return { corners, score: 0.7 };
}

/** One straight line of text: the plate itself, or the two rows of a two-row plate side by side. */
function rectify(full: Picture, { corners, rowCorners }: PlateCandidate): Picture {
  if (!rowCorners) return warpPerspective(full, corners, line.width, line.height);
  const upperWidth = Math.round(line.width * 0.32);
  const upper = warpPerspective(full, rowCorners[0], upperWidth, line.height);
  const lower = warpPerspective(full, rowCorners[1], line.width - upperWidth, line.height);
  const data = new Uint8Array(line.width * line.height * 3);
  for (let y = 0; y < line.height; y++) {
    data.set(upper.data.subarray(y * upper.width * 3, (y + 1) * upper.width * 3), y * line.width * 3);
    data.set(
      lower.data.subarray(y * lower.width * 3, (y + 1) * lower.width * 3),
      (y * line.width + upperWidth) * 3,
    );
  }
  return { width: line.width, height: line.height, data };
}

function grown(candidate: PlateCandidate, growth: Parameters<typeof growCorners>[1]): PlateCandidate {
  const { corners, rowCorners, score } = candidate;
  if (!rowCorners) return { corners: growCorners(corners, growth), score };
  return {
    corners,
    rowCorners: [growCorners(rowCorners[0], growth), growCorners(rowCorners[1], growth)],
    score,
  };
}

function describe(
  candidate: PlateCandidate,
  { text, characters, confidence, mass }: BeamReading,
  colours: ColourProbabilities,
): PlateReading | undefined {
  const ordinary = parsePlate(text);
  if (!ordinary) return undefined;
  const colour = likelyColour(colours, ordinary.colours);
  const parsed = parsePlate(text, colour === 'unknown' ? undefined : colour) ?? ordinary;
  const fit = colourFit(parsed.colours, colours);
  const shape = 0.5 + 0.5 * candidate.score;
  const chinese = parsed.foreignLookalike ? foreignDoubt : 1;
  const score = chinese * mass ** 0.25 * (0.3 + 0.7 * fit) * shape * confidence ** 0.5;
  if (score < leastScore) return undefined;
  return {
    corners: candidate.corners,
    score,
    text,
    confidence,
    characters,
    class: parsed.class,
    colour,
    rows: candidate.rowCorners ? 2 : 1,
  };
}

function clip([x, y, width, height]: Box, picture: Picture): Box {
  const left = Math.max(0, x);
  const top = Math.max(0, y);
  return [left, top, Math.min(picture.width, x + width) - left, Math.min(picture.height, y + height) - top];
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

/** Best first, without the weaker of two readings that lie on each other. */
function withoutRepeats(readings: readonly PlateReading[]): PlateReading[] {
  const kept: PlateReading[] = [];
  for (const reading of [...readings].sort((a, b) => b.score - a.score)) {
    const centre = centreOf(reading.corners);
    if (!kept.some((other) => covers(other.corners, centre))) kept.push(reading);
  }
  return kept;
}

function covers(corners: Corners, [x, y]: Point): boolean {
  const xs = corners.map((corner) => corner[0]);
  const ys = corners.map((corner) => corner[1]);
  return x >= Math.min(...xs) && x <= Math.max(...xs) && y >= Math.min(...ys) && y <= Math.max(...ys);
}
