import type { Picture } from '../capture/frame.ts';
import { cropTensor } from './crop-tensor.ts';
import { loadModel, type Model, pixelScalingOf, tensorOf } from './onnx-session.ts';
import type { Box, Face, Point } from './perception.ts';

/** The network's input, pixels; the crop is `context` times the longer side of the proposal. */
const side = 64;
const context = 1.7;
/** Values per face: centre, width and height of the box, then five points; parts of the crop's side. */
const valuesPerFace = 14;

/** What a proposal turns out to be, pixels of the picture. */
export interface RefinedFace {
  box: Box;
  /** That it is a face, masked or bare, 0 to 1. */
  score: number;
  landmarks: Face['landmarks'];
}

/** Looks closely at proposals: is it a face, masked or bare, and where exactly (`models/train/masks/refiner.py`). */
export class FaceRefiner {
  readonly #model: Model;

  private constructor(model: Model) {
    this.#model = model;
  }

  static async load(modelsFolder: string, threads = 1): Promise<FaceRefiner> {
    return new FaceRefiner(await loadModel(modelsFolder, 'face-refiner', threads));
  }

  /** One answer per proposal, in order, however unlikely a face it is. */
  async refine(picture: Picture, proposals: readonly Box[]): Promise<RefinedFace[]> {
    if (proposals.length === 0) return [];
    const squares = proposals.map(squareAround);
    const scaling = pixelScalingOf(this.#model.manifest);
    const size = 3 * side * side;
    const pixels = new Float32Array(proposals.length * size);
    squares.forEach((square, i) => {
      pixels.set(cropTensor(picture, square, side, side, scaling), i * size);
    });
    const { scores, places } = await this.#model.run({
      crops: tensorOf(pixels, [proposals.length, 3, side, side]),
    });
    return squares.map((square, i) => ({
      score: (scores!.data as Float32Array)[i]!,
      ...placed(places!.data.slice(i * valuesPerFace, (i + 1) * valuesPerFace) as Float32Array, square),
    }));
  }

  async release(): Promise<void> {
    await this.#model.release();
  }
}

function squareAround([x, y, width, height]: Box): Box {
  const length = Math.max(width, height) * context;
  return [x + width / 2 - length / 2, y + height / 2 - length / 2, length, length];
}

function placed(values: Float32Array, [left, top, length]: Box): Pick<RefinedFace, 'box' | 'landmarks'> {
  const at = (k: number): Point => [
    left + (values[k]! + 0.5) * length,
    top + (values[k + 1]! + 0.5) * length,
  ];
  const [x, y] = at(0);
  const width = Math.max(1, values[2]! * length);
  const height = Math.max(1, values[3]! * length);
  return {
    box: [x - width / 2, y - height / 2, width, height],
    landmarks: [at(4), at(6), at(8), at(10), at(12)],
  };
}
