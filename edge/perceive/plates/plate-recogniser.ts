import type { Picture } from '../../capture/frame.ts';
import { loadModel, type Model, pixelScalingOf, tensorOf } from '../onnx-session.ts';
import type { Point } from '../perception.ts';
import { planarTensor, warpPerspective } from '../resample.ts';
import type { CharacterProbabilities } from './beam-search.ts';
import type { Corners } from './plate-cells.ts';
import type { PlateColour } from './plate-grammar.ts';

/** Probability of each background, and of `other`: no Chinese plate. They sum to 1. */
export type ColourProbabilities = Record<PlateColour | 'other', number>;

/** What one look at a straightened plate gives. */
export interface Recognition {
  characters: CharacterProbabilities;
  colours: ColourProbabilities;
}

/** The straightened line, pixels. */
const line = { width: 160, height: 48 } as const;
/** The rows of a two-row plate as parts of its rectangle, and how much of the line the upper one gets; the lines that training cuts. */
const upper = { left: 0.13, top: 0.02, right: 0.87, bottom: 0.4 } as const;
const lower = { left: 0, top: 0.38, right: 1, bottom: 1 } as const;
const upperWidth = 52;

const colourOrder = ['blue', 'yellow', 'green', 'white', 'black', 'other'] as const;

/** The quick network, and the slow one that it was taught by: two readers of one kind. */
export type RecogniserName = 'plate-recogniser' | 'plate-second-reader';

/** Reads straightened plates. One call at a time. */
export class PlateRecogniser {
  readonly #model: Model;

  private constructor(model: Model) {
    this.#model = model;
  }

  /** Throws the coded errors of `loadModel`. */
  static async load(modelsFolder: string, name: RecogniserName, threads = 1): Promise<PlateRecogniser> {
    return new PlateRecogniser(await loadModel(modelsFolder, name, threads));
  }

  /** Reads the plate with these corners in `picture`. */
  async recognise(picture: Picture, corners: Corners, rows: 1 | 2): Promise<Recognition> {
    const { manifest } = this.#model;
    const pixels = planarTensor(straighten(picture, corners, rows), pixelScalingOf(manifest));
    const { characters, colours } = await this.#model.run({
      picture: tensorOf(pixels, [1, 3, line.height, line.width]),
    });
    const probabilities = colours!.data as Float32Array;
    return {
      characters: {
        data: characters!.data as Float32Array,
        steps: characters!.dims[1]!,
        columns: characters!.dims[2]!,
        alphabet: manifest.labels!,
      },
      colours: Object.fromEntries(
        colourOrder.map((colour, i) => [colour, probabilities[i]!]),
      ) as ColourProbabilities,
    };
  }

  async release(): Promise<void> {
    await this.#model.release();
  }
}

/** One straight line of text: the plate itself, or the two rows of a two-row plate side by side. */
export function straighten(picture: Picture, corners: Corners, rows: 1 | 2): Picture {
  if (rows === 1) return warpPerspective(picture, corners, line.width, line.height);
  const left = warpPerspective(picture, partOf(corners, upper), upperWidth, line.height);
  const right = warpPerspective(picture, partOf(corners, lower), line.width - upperWidth, line.height);
  const data = new Uint8Array(line.width * line.height * 3);
  for (let y = 0; y < line.height; y++) {
    data.set(left.data.subarray(y * left.width * 3, (y + 1) * left.width * 3), y * line.width * 3);
    data.set(
      right.data.subarray(y * right.width * 3, (y + 1) * right.width * 3),
      (y * line.width + left.width) * 3,
    );
  }
  return { width: line.width, height: line.height, data };
}

/** A part of a quadrilateral, by bilinear interpolation of its corners; parts of 1, outside it extrapolated. */
export function partOf(
  [a, b, c, d]: Corners,
  { left, top, right, bottom }: { left: number; top: number; right: number; bottom: number },
): Corners {
  const at = (u: number, v: number): Point => {
    const mix = (k: 0 | 1) => (1 - v) * ((1 - u) * a[k] + u * b[k]) + v * ((1 - u) * d[k] + u * c[k]);
    return [mix(0), mix(1)];
  };
  return [at(left, top), at(right, top), at(right, bottom), at(left, bottom)];
}
