import type { Picture } from '../capture/frame.ts';
import { clipBox, suppress } from './nms.ts';
import { loadModel, type Model, pixelScalingOf, type Tensor, tensorOf } from './onnx-session.ts';
import type { Box, Detection } from './perception.ts';
import { type Fit, fitBox, planarTensor, unfitBox } from './resample.ts';

const strides = [8, 16, 32];
/** The distribution over each side's distance has this many bins, one per stride [Li 2020, Generalized Focal Loss]. */
const bins = 11;
/** The network is modest: 0.4 of its own is as good a finding as 0.5 of others. This power makes 0.5 the working point. */
const scorePower = Math.log(0.5) / Math.log(0.4);
/** Above this, two boxes are one object. */
const overlapLimit = 0.55;

/** COCO classes that matter at a gate, by their channel in the model's scores. */
const classes: { channel: number; label: Detection['label'] }[] = [
  { channel: 0, label: 'person' },
  { channel: 2, label: 'car' },
  { channel: 3, label: 'motorcycle' },
  { channel: 5, label: 'bus' },
  { channel: 7, label: 'truck' },
];

/** How hard to look. */
export interface DetectOptions {
  /** Long sides of the network's input, multiples of 32 pixels: large sides show small persons, small sides near cars. */
  longSides: readonly number[];
  /** Least score, 0 to 1. */
  threshold: Record<Detection['kind'], number>;
}

/** Quick, with unsure detections too, which a tracker can use. */
export const streamDetection: DetectOptions = {
  longSides: [416],
  threshold: { person: 0.38, vehicle: 0.38 },
};

/** Thorough, and only what it stands by. */
export const stillDetection: DetectOptions = {
  longSides: [416, 640],
  threshold: { person: 0.5, vehicle: 0.45 },
};

/** Finds persons and vehicles: NanoDet-g on the letterboxed picture. */
export class PersonVehicleDetector {
  readonly #model: Model;

  private constructor(model: Model) {
    this.#model = model;
  }

  static async load(modelsFolder: string, threads = 1): Promise<PersonVehicleDetector> {
    return new PersonVehicleDetector(await loadModel(modelsFolder, 'person-vehicle-detector', threads));
  }

  /** Boxes are in pixels of `picture`. */
  async detect(picture: Picture, { longSides, threshold }: DetectOptions): Promise<Detection[]> {
    const found: Detection[] = [];
    for (const longSide of longSides) found.push(...(await this.#detectAt(longSide, picture, threshold)));
    return (['person', 'vehicle'] as const).flatMap((kind) =>
      suppress(
        found.filter((one) => one.kind === kind),
        overlapLimit,
      ),
    );
  }

  async #detectAt(
    longSide: number,
    picture: Picture,
    threshold: DetectOptions['threshold'],
  ): Promise<Detection[]> {
    const [width, height] = inputSize(picture, longSide);
    const { picture: input, fit } = fitBox(picture, [0, 0, picture.width, picture.height], width, height);
    const data = planarTensor(input, pixelScalingOf(this.#model.manifest));
    const outputs = await this.#model.run({ input: tensorOf(data, [1, 3, height, width]) });
    return strides
      .flatMap((stride) =>
        decodeGrid(outputs[`scores_${stride}`]!, outputs[`distances_${stride}`]!, stride, threshold),
      )
      .map((one) => ({ ...one, box: inPicture(one.box, fit, picture) }))
      .filter(({ box }) => box[2] > 1 && box[3] > 1);
  }

  async release(): Promise<void> {
    await this.#model.release();
  }
}

/** The smallest input of the picture's aspect whose sides are multiples of 32. */
function inputSize(picture: Picture, longSide: number): [number, number] {
  const scale = longSide / Math.max(picture.width, picture.height);
  const side = (length: number) => Math.max(32, Math.ceil((length * scale) / 32 - 1e-6) * 32);
  return [side(picture.width), side(picture.height)];
}

function inPicture(box: Box, fit: Fit, picture: Picture): Box {
  return clipBox(unfitBox(box, fit), picture.width, picture.height);
}

/** One detection head, `[1, classes, rows, columns]` → boxes in pixels of the input. */
function decodeGrid(
  scores: Tensor,
  distances: Tensor,
  stride: number,
  threshold: DetectOptions['threshold'],
): Detection[] {
  const [, , rows, columns] = scores.dims as [number, number, number, number];
  const cells = rows * columns;
  const found: Detection[] = [];
  for (let cell = 0; cell < cells; cell++) {
    const { label, score } = bestClass(scores.data as Float32Array, cell, cells);
    const kind = label === 'person' ? 'person' : 'vehicle';
    if (score < threshold[kind]) continue;
    const centreX = ((cell % columns) + 0.5) * stride;
    const centreY = (Math.floor(cell / columns) + 0.5) * stride;
    const [left, top, right, bottom] = [0, 1, 2, 3].map(
      (side) => expectedBin(distances.data as Float32Array, side * bins, cell, cells) * stride,
    ) as Box;
    found.push({
      kind,
      label,
      score,
      box: [centreX - left, centreY - top, left + right, top + bottom],
    });
  }
  return found;
}

function bestClass(probabilities: Float32Array, cell: number, cells: number) {
  let best = { label: classes[0]!.label, score: 0 };
  for (const { channel, label } of classes) {
    const score = probabilities[channel * cells + cell]!;
    if (score > best.score) best = { label, score };
  }
  return { label: best.label, score: best.score ** scorePower };
}

/** The mean of the softmax over one side's bins. */
function expectedBin(logits: Float32Array, channel: number, cell: number, cells: number): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let bin = 0; bin < bins; bin++) highest = Math.max(highest, logits[(channel + bin) * cells + cell]!);
  let total = 0;
  let weighted = 0;
  for (let bin = 0; bin < bins; bin++) {
    const weight = Math.exp(logits[(channel + bin) * cells + cell]! - highest);
    total += weight;
    weighted += weight * bin;
  }
  return weighted / total;
}
