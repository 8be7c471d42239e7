import type { Picture } from '../capture/frame.ts';
import { loadModel, type Model, pixelScalingOf, tensorOf } from './onnx-session.ts';
import type { Box } from './perception.ts';
import { fitBox, planarTensor, unfitBox } from './resample.ts';

const inputWidth = 320;
const inputHeight = 240;

/** A place where a face may be. */
export interface FaceProposal {
  box: Box;
  /** 0 to 1. */
  score: number;
}

/** Looks for faces in one region of a picture: UltraFace RFB-320, bare and masked, from about 12 pixels of its input. */
export class FaceProposer {
  readonly #model: Model;

  private constructor(model: Model) {
    this.#model = model;
  }

  static async load(modelsFolder: string, threads = 1): Promise<FaceProposer> {
    return new FaceProposer(await loadModel(modelsFolder, 'face-proposals', threads));
  }

  /** `region` may reach outside the picture. Boxes are in pixels of the picture, in no order, many of them of one place. */
  async propose(picture: Picture, region: Box, scoreThreshold: number): Promise<FaceProposal[]> {
    const { picture: input, fit } = fitBox(picture, region, inputWidth, inputHeight);
    const data = planarTensor(input, pixelScalingOf(this.#model.manifest));
    const outputs = await this.#model.run({ input: tensorOf(data, [1, 3, inputHeight, inputWidth]) });

    const scores = outputs.scores!.data as Float32Array;
    const edges = outputs.boxes!.data as Float32Array;
    const found: FaceProposal[] = [];
    for (let i = 0; i * 2 < scores.length; i++) {
      const score = scores[i * 2 + 1]!;
      if (score < scoreThreshold) continue;
      const left = edges[i * 4]! * inputWidth;
      const top = edges[i * 4 + 1]! * inputHeight;
      const right = edges[i * 4 + 2]! * inputWidth;
      const bottom = edges[i * 4 + 3]! * inputHeight;
      found.push({ score, box: unfitBox([left, top, right - left, bottom - top], fit) });
    }
    return found;
  }

  async release(): Promise<void> {
    await this.#model.release();
  }
}
