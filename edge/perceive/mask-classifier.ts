import { z } from 'zod';
import type { Picture } from '../capture/frame.ts';
import { EdgeError } from '../errors.ts';
import type { FoundFace } from './face-finder.ts';
import { loadModel, type Model, pixelScalingOf, tensorOf } from './onnx-session.ts';
import type { Box, Face, MaskReading } from './perception.ts';
import { cropResize, planarTensor } from './resample.ts';

const modelName = 'mask-classifier';
/** Asked where that one is not sure; the same input and output. */
const secondName = 'mask-second-look';
/** A second look costs fifteen times a first one: so many of a picture at most, the least sure first. */
const mostSecondLooks = 16;
/** Side of the network's input, pixels. */
const inputSize = 64;

/** Longer sides of the face's box from edge to edge of the crop; how far below the box's centre its own lies. */
const cropSide = 1.25;
const cropDown = 0.05;

const classes = ['worn', 'not_worn', 'worn_improperly'] as const;

const parameters = z.object({
  minProbability: z
    .number()
    .min(0)
    .max(1)
    .describe('below this for worn, and for what is not worn together, the verdict is cannot_tell'),
  sureFrom: z.number().min(0).max(1).describe('below this for the best class mask-second-look is asked'),
  minSecondSide: z
    .number()
    .positive()
    .describe('pixels of the full picture; of a smaller crop it is not asked'),
  overruleFrom: z
    .number()
    .min(0)
    .max(1)
    .describe(
      'below this the worn of mask-second-look after a not_worn is cannot_tell: a bare face must not pass',
    ),
  minCropSide: z.number().positive().describe('pixels of the full picture; a smaller crop is cannot_tell'),
  minContrast: z
    .number()
    .nonnegative()
    .describe('standard deviation of the crop’s brightness, 0 to 255; a flatter crop is cannot_tell'),
});

/** What the classifier needs of a face. */
type MaskedFace = Pick<Face, 'box'> & Partial<Pick<FoundFace, 'border'>>;

/**
 * Whether faces wear a mask, from the brow down to the neck. Where the small network is not sure a larger one looks again, at
 * faces clear of the border and large enough. The verdict is `cannot_tell` where that one is not sure either, both contradict
 * each other, the small one is not sure of a face so near the border that part of it may be gone, the crop is too small or too
 * flat to show anything, or the border of the picture cuts more of the face than the forehead: half a bare face looks like a
 * masked one. The probabilities are given all the same.
 */
export class MaskClassifier {
  readonly #model: Model;
  readonly #second: Model;
  readonly #parameters: z.infer<typeof parameters>;

  private constructor(model: Model, second: Model, settings: z.infer<typeof parameters>) {
    this.#model = model;
    this.#second = second;
    this.#parameters = settings;
  }

  /** Throws the errors of `loadModel`. */
  static async load(modelsFolder: string): Promise<MaskClassifier> {
    const model = await loadModel(modelsFolder, modelName);
    const settings = parameters.safeParse(model.manifest.parameters);
    if (settings.success)
      return new MaskClassifier(model, await loadModel(modelsFolder, secondName), settings.data);
    await model.release();
    throw new EdgeError('MODEL_MANIFEST_INVALID', `${modelName}/manifest.json`, { cause: settings.error });
  }

  /** One reading per face, in order; `full` is the picture that the boxes belong to. */
  async classify(full: Picture, faces: readonly MaskedFace[]): Promise<MaskReading[]> {
    if (faces.length === 0) return [];
    const squares = faces.map(maskCrop);
    const crops = squares.map((square) => cropResize(full, square, inputSize, inputSize));
    const visible = faces.map(
      ({ border }, i) =>
        border !== 'cut' &&
        squares[i]![2] >= this.#parameters.minCropSide &&
        contrast(crops[i]!) >= this.#parameters.minContrast,
    );
    const all = await probabilitiesOf(this.#model, crops);
    const { sureFrom, minSecondSide, overruleFrom } = this.#parameters;
    const sureness = all.map((probabilities) => Math.max(...probabilities));
    const unsure = crops.map((_, i) => i).filter((i) => visible[i] && sureness[i]! < sureFrom);
    for (const i of unsure) visible[i] = (faces[i]!.border ?? 'clear') === 'clear';
    const doubtful = unsure
      .filter((i) => visible[i] && squares[i]![2] >= minSecondSide)
      .sort((a, b) => sureness[a]! - sureness[b]!)
      .slice(0, mostSecondLooks);
    // One by one: a batch is no faster, and its memory stays taken.
    for (const i of doubtful) {
      const [first, [second]] = [all[i]!, await probabilitiesOf(this.#second, [crops[i]!])];
      const contested = bestOf(first) === 'not_worn' && bestOf(second!) === 'worn';
      if (contested && second![0]! < overruleFrom) {
        visible[i] = false;
        all[i] = first.map((value, k) => (value + second![k]!) / 2);
      } else all[i] = second!;
    }
    return all.map((probabilities, i) => this.#judge(probabilities, visible[i]!));
  }

  async release(): Promise<void> {
    await this.#model.release();
    await this.#second.release();
  }

  /** First whether a mask is worn as it should be, then, if not, which of the two is more likely: they are easily mixed up. */
  #judge([worn, notWorn, improperly]: Float32Array, visible: boolean): MaskReading {
    const probabilities = { worn: worn!, not_worn: notWorn!, worn_improperly: improperly! };
    const certainty = Math.max(worn!, 1 - worn!);
    if (!visible || certainty < this.#parameters.minProbability)
      return { verdict: 'cannot_tell', score: 1 - certainty, probabilities };
    const otherwise = notWorn! >= improperly! ? 'not_worn' : 'worn_improperly';
    const verdict = worn! === certainty ? 'worn' : otherwise;
    return { verdict, score: probabilities[verdict], probabilities };
  }
}

/** The most probable class. */
function bestOf(probabilities: Float32Array): (typeof classes)[number] {
  return classes[probabilities.indexOf(Math.max(...probabilities))]!;
}

/** Per crop the probabilities of `classes`. */
async function probabilitiesOf(model: Model, crops: readonly Picture[]): Promise<Float32Array[]> {
  if (crops.length === 0) return [];
  const scaling = pixelScalingOf(model.manifest);
  const values = 3 * inputSize * inputSize;
  const pixels = new Float32Array(crops.length * values);
  crops.forEach((crop, i) => {
    pixels.set(planarTensor(crop, scaling), i * values);
  });
  const input = tensorOf(pixels, [crops.length, 3, inputSize, inputSize]);
  const { probabilities } = await model.run({ faces: input });
  const all = probabilities!.data as Float32Array;
  return crops.map((_, i) => all.slice(i * classes.length, (i + 1) * classes.length));
}

/**
 * The square that the networks see, pixels: from the brow to the neck and from ear to ear. Built from the refiner's box:
 * the points of a face that is masked or turned away are a guess. `models/train/masks/geometry.py` cuts the same.
 */
export function maskCrop({ box: [x, y, width, height] }: MaskedFace): Box {
  const longer = Math.max(1, width, height);
  const side = cropSide * longer;
  return [x + width / 2 - side / 2, y + height / 2 + cropDown * longer - side / 2, side, side];
}

/** Standard deviation of the brightness, 0 to 255. */
function contrast({ data }: Picture): number {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < data.length; i += 3) {
    const brightness = 0.299 * data[i]! + 0.587 * data[i + 1]! + 0.114 * data[i + 2]!;
    sum += brightness;
    squares += brightness * brightness;
  }
  const count = data.length / 3;
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}
