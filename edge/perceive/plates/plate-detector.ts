import type { Picture } from '../../capture/frame.ts';
import { cropTensor } from '../crop-tensor.ts';
import { loadModel, type Model, pixelScalingOf, tensorOf } from '../onnx-session.ts';
import type { Box, Point } from '../perception.ts';
import { applyHomography, homographyToCorners, planarTensor, warpPerspective } from '../resample.ts';
import { type Corners, extentOf, type FoundPlate, overlap, platesOf } from './plate-cells.ts';

/** A plate that was found, pixels of the full picture. */
export interface PlateCandidate {
  corners: Corners;
  /** That this is a plate, 0 to 1. */
  score: number;
  rows: 1 | 2;
}

/** The network halves its input five times. */
const stride = 32;
/** A region is enlarged so much at most; more shows the network nothing new. */
const largestScale = 2.5;
/** Candidates below this score are not looked at again. */
const leastScore = 0.2;
/** The closer look: input pixels, and how much of its width the plate takes. */
const closer = { width: 160, height: 96, plate: 92 } as const;
/** The look from the front: how much of the width of `closer` the plate takes, and a plate's height, parts of its width [GA 36-2018]. */
const frontal = { plate: 110, oneRow: 140 / 440, twoRows: 220 / 440 } as const;
/** A two-row plate is half as high as wide: its height says how far to step back. */
const widthPerHeight = 1.7;

/** Finds plates and their corners, first in a region seen small, then each from close by. One call at a time. */
export class PlateDetector {
  readonly #model: Model;

  private constructor(model: Model) {
    this.#model = model;
  }

  /** Throws the coded errors of `loadModel`. */
  static async load(modelsFolder: string, threads = 1): Promise<PlateDetector> {
    return new PlateDetector(await loadModel(modelsFolder, 'plate-detector', threads));
  }

  /** Plates in `region`, whose longer side the network sees as `longSide` pixels; best first. */
  async find(picture: Picture, region: Box, longSide: number): Promise<PlateCandidate[]> {
    const scale = Math.min(longSide / Math.max(region[2], region[3]), largestScale);
    return this.#look(picture, region, roundToStride(region[2] * scale), roundToStride(region[3] * scale));
  }

  /** The same plate seen from close by, which gives exact corners; undefined when it is none from there. */
  async lookCloser(picture: Picture, candidate: PlateCandidate): Promise<PlateCandidate | undefined> {
    const { left, top, right, bottom } = extentOf(candidate.corners);
    const size = Math.max(right - left, (bottom - top) * widthPerHeight);
    const width = (size * closer.width) / closer.plate;
    const height = (width * closer.height) / closer.width;
    const region: Box = [(left + right - width) / 2, (top + bottom - height) / 2, width, height];
    const found = await this.#look(picture, region, closer.width, closer.height);
    return closest(found, candidate, 0.15);
  }

  /**
   * The same plate straightened by its corners and seen once more: what lay aslant lies level there, and its corners come
   * out more exact. `rows` stays as it is; undefined when it is no plate from there.
   */
  async lookFromFront(picture: Picture, candidate: PlateCandidate): Promise<PlateCandidate | undefined> {
    const { width, height } = closer;
    const plateHeight = frontal.plate * (candidate.rows === 1 ? frontal.oneRow : frontal.twoRows);
    const fromPlate = homographyToCorners(candidate.corners, frontal.plate, plateHeight);
    const left = (frontal.plate - width) / 2;
    const top = (plateHeight - height) / 2;
    const toPicture = ([x, y]: Point): Point => applyHomography(fromPlate, [x + left, y + top]);
    const around: Corners = [
      toPicture([0, 0]),
      toPicture([width, 0]),
      toPicture([width, height]),
      toPicture([0, height]),
    ];
    const view = warpPerspective(picture, around, width, height);
    const seen = await this.#run(planarTensor(view, pixelScalingOf(this.#model.manifest)), width, height);
    const found = seen.map((plate) => ({
      corners: plate.corners.map(toPicture) as Corners,
      score: plate.score,
      rows: candidate.rows,
    }));
    return closest(found, candidate, 0.3);
  }

  async release(): Promise<void> {
    await this.#model.release();
  }

  async #look(picture: Picture, region: Box, width: number, height: number): Promise<PlateCandidate[]> {
    const pixels = cropTensor(picture, region, width, height, pixelScalingOf(this.#model.manifest));
    const found = await this.#run(pixels, width, height);
    return found.map((plate) => placed(plate, region, width, height));
  }

  /** Plates in the pixels of the network's input, `[3, height, width]`. */
  async #run(pixels: Float32Array, width: number, height: number): Promise<FoundPlate[]> {
    const { cells } = await this.#model.run({ picture: tensorOf(pixels, [1, 3, height, width]) });
    const [, , rows, columns] = cells!.dims as [number, number, number, number];
    return platesOf(
      { data: cells!.data as Float32Array, rows, columns, stride: height / rows, unit: 16 },
      leastScore,
    );
  }
}

/** The one that lies best on `candidate`, if by more than `least`. */
function closest(
  found: readonly PlateCandidate[],
  candidate: PlateCandidate,
  least: number,
): PlateCandidate | undefined {
  const overlaps = found.map(({ corners }) => overlap(corners, candidate.corners));
  const best = overlaps.indexOf(Math.max(...overlaps));
  return overlaps[best]! > least ? found[best] : undefined;
}

function placed({ corners, score, twoRows }: FoundPlate, region: Box, width: number, height: number) {
  const place = ([x, y]: Point): Point => [
    region[0] + (x * region[2]) / width,
    region[1] + (y * region[3]) / height,
  ];
  const candidate: PlateCandidate = {
    corners: corners.map(place) as Corners,
    score,
    rows: twoRows > 0.5 ? 2 : 1,
  };
  return candidate;
}

function roundToStride(length: number): number {
  return Math.max(stride, Math.round(length / stride) * stride);
}
