import type { Picture } from '../capture/frame.ts';
import { intersectionOverUnion } from './nms.ts';
import { loadModel, type Model, pixelScalingOf, tensorOf } from './onnx-session.ts';
import type { Box, Point } from './perception.ts';
import { fitBox, interleavedTensor, unfitBox, unfitPoint } from './resample.ts';

const side = 128;
/** The crop is this many times the longer side of the proposal. */
const cropFactor = 2;
/** BlazeFace short range [Bazarevsky 2019]: two anchors per cell at stride 8, six at stride 16. */
const anchors = [...anchorGrid(16, 2), ...anchorGrid(8, 6)];

/** A face as BlazeFace sees it, pixels of the picture. */
export interface ConfirmedFace {
  box: Box;
  /** 0 to 1. */
  score: number;
  /** Eye that is left in the picture, right eye, nose tip, middle of the mouth. */
  keypoints: [Point, Point, Point, Point];
}

/** Looks at a proposal closely: is there a face, masked or bare, and where exactly: BlazeFace short range. */
export class FaceConfirmer {
  readonly #model: Model;

  private constructor(model: Model) {
    this.#model = model;
  }

  static async load(modelsFolder: string, threads = 1): Promise<FaceConfirmer> {
    return new FaceConfirmer(await loadModel(modelsFolder, 'face-detector', threads));
  }

  /** The likeliest face that overlaps `proposed`, however unlikely; undefined when nothing overlaps it. */
  async confirm(picture: Picture, proposed: Box): Promise<ConfirmedFace | undefined> {
    const { picture: input, fit } = fitBox(picture, squareAround(proposed, cropFactor), side, side);
    const data = interleavedTensor(input, pixelScalingOf(this.#model.manifest));
    const outputs = await this.#model.run({ input: tensorOf(data, [1, side, side, 3]) });

    const logits = outputs.scores!.data as Float32Array;
    const values = outputs.boxes!.data as Float32Array;
    let best: ConfirmedFace | undefined;
    for (let i = 0; i < anchors.length; i++) {
      const score = 1 / (1 + Math.exp(-logits[i]!));
      if (best && score <= best.score) continue;
      const anchor = anchors[i]!;
      const at = (k: number): Point => [
        anchor[0] * side + values[i * 16 + k]!,
        anchor[1] * side + values[i * 16 + k + 1]!,
      ];
      const [centreX, centreY] = at(0);
      const width = values[i * 16 + 2]!;
      const height = values[i * 16 + 3]!;
      const box = unfitBox([centreX - width / 2, centreY - height / 2, width, height], fit);
      if (intersectionOverUnion(box, proposed) < 0.2) continue;
      const keypoint = (k: number) => unfitPoint(at(4 + 2 * k), fit);
      best = { box, score, keypoints: [keypoint(0), keypoint(1), keypoint(2), keypoint(3)] };
    }
    return best;
  }

  async release(): Promise<void> {
    await this.#model.release();
  }
}

/** A square with the box's centre, `factor` times its longer side. */
function squareAround([x, y, width, height]: Box, factor: number): Box {
  const length = Math.max(width, height) * factor;
  return [x + width / 2 - length / 2, y + height / 2 - length / 2, length, length];
}

/** Cell centres in fractions of the input, row by row, `perCell` times each. */
function anchorGrid(cells: number, perCell: number): Point[] {
  return Array.from({ length: cells * cells * perCell }, (_, i): Point => {
    const cell = Math.floor(i / perCell);
    return [((cell % cells) + 0.5) / cells, (Math.floor(cell / cells) + 0.5) / cells];
  });
}
