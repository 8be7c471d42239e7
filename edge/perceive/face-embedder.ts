import type { Picture } from '../capture/frame.ts';
import { alignedSide, alignFace } from './align.ts';
import { loadModel, type Model, pixelScalingOf, tensorOf } from './onnx-session.ts';
import type { Face } from './perception.ts';
import { interleavedTensor } from './resample.ts';

/** A face as 192 numbers of unit length, to be compared by dot product: MobileFaceNet [Chen 2018]. */
export class FaceEmbedder {
  readonly #model: Model;

  private constructor(model: Model) {
    this.#model = model;
  }

  static async load(modelsFolder: string, threads = 1): Promise<FaceEmbedder> {
    return new FaceEmbedder(await loadModel(modelsFolder, 'face-embedding', threads));
  }

  /** `landmarks` in pixels of `picture`. */
  async embed(picture: Picture, landmarks: Face['landmarks']): Promise<Float32Array> {
    const face = interleavedTensor(alignFace(picture, landmarks), pixelScalingOf(this.#model.manifest));
    const outputs = await this.#model.run({ input: tensorOf(face, [1, alignedSide, alignedSide, 3]) });
    return toUnitLength(outputs.embedding!.data as Float32Array);
  }

  async release(): Promise<void> {
    await this.#model.release();
  }
}

function toUnitLength(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1;
  return vector.map((value) => value / length);
}
