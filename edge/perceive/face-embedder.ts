import { z } from 'zod';
import type { Picture } from '../capture/frame.ts';
import { EdgeError } from '../errors.ts';
import { alignFace, coverLowerFace } from './align.ts';
import { loadModel, type Model, type PixelScaling, pixelScalingOf, tensorOf } from './onnx-session.ts';
import type { Face } from './perception.ts';
import { interleavedTensor } from './resample.ts';

const point = z.tuple([z.number(), z.number()]);
const alignment = z.tuple([point, point, point, point, point]);

/**
 * A face as numbers of unit length, to be compared by dot product. Two networks: `face-embedding` for whole faces, and
 * `upper-face-embedding` for what a mask leaves, of masked and bare faces alike. Each is replaced by its manifest: side, points
 * of alignment and length are stated there.
 */
export class FaceEmbedder {
  readonly #whole: EmbeddingNetwork;
  readonly #upper: EmbeddingNetwork;

  private constructor(whole: EmbeddingNetwork, upper: EmbeddingNetwork) {
    this.#whole = whole;
    this.#upper = upper;
  }

  static async load(modelsFolder: string, threads = 1): Promise<FaceEmbedder> {
    return new FaceEmbedder(
      new EmbeddingNetwork(await loadModel(modelsFolder, 'face-embedding', threads)),
      new EmbeddingNetwork(await loadModel(modelsFolder, 'upper-face-embedding', threads)),
    );
  }

  /** A bare face; `landmarks` in pixels of `picture`. */
  embedWhole(picture: Picture, landmarks: Face['landmarks']): Promise<Float32Array> {
    return this.#whole.embed(this.#whole.align(picture, landmarks));
  }

  /** The upper half of a face, bare or masked; `landmarks` in pixels of `picture`. */
  embedUpper(picture: Picture, landmarks: Face['landmarks']): Promise<Float32Array> {
    return this.#upper.embed(coverLowerFace(this.#upper.align(picture, landmarks)));
  }

  async release(): Promise<void> {
    await this.#whole.release();
    await this.#upper.release();
  }
}

class EmbeddingNetwork {
  readonly #model: Model;
  readonly #scaling: PixelScaling;
  readonly #side: number;
  readonly #alignment: Face['landmarks'];

  /** Throws MODEL_MANIFEST_INVALID. */
  constructor(model: Model) {
    const { name, input, parameters } = model.manifest;
    const side = input[0]?.shape[1];
    const parsed = alignment.safeParse(parameters?.alignment);
    if (typeof side !== 'number' || !parsed.success)
      throw new EdgeError('MODEL_MANIFEST_INVALID', name, { cause: parsed.error });
    this.#model = model;
    this.#scaling = pixelScalingOf(model.manifest);
    this.#side = side;
    this.#alignment = parsed.data;
  }

  align(picture: Picture, landmarks: Face['landmarks']): Picture {
    return alignFace(picture, landmarks, this.#alignment, this.#side);
  }

  async embed(aligned: Picture): Promise<Float32Array> {
    const face = interleavedTensor(aligned, this.#scaling);
    const outputs = await this.#model.run({ input: tensorOf(face, [1, this.#side, this.#side, 3]) });
    return toUnitLength(outputs.embedding!.data as Float32Array);
  }

  release(): Promise<void> {
    return this.#model.release();
  }
}

function toUnitLength(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1;
  return vector.map((value) => value / length);
}
