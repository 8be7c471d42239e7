import type { Picture } from '../capture/frame.ts';
import { loadModel, type Model, pixelScalingOf, tensorOf } from './onnx-session.ts';
import type { Face, Point } from './perception.ts';
import { type Affine, applyAffine, interleavedTensor, warpAffine } from './resample.ts';

const side = 192;
/** The crop is this many times the face [MediaPipe Face Mesh]. */
const cropFactor = 1.5;
/** Face mesh vertices whose mean is each landmark, in the order of ArcFace. */
const vertices = [[33, 133, 159, 145], [263, 362, 386, 374], [1], [61], [291]];

/** The 5 landmarks of a face by MediaPipe's face mesh, which also guesses what a mask covers. */
export class FaceLandmarker {
  readonly #model: Model;

  private constructor(model: Model) {
    this.#model = model;
  }

  static async load(modelsFolder: string, threads = 1): Promise<FaceLandmarker> {
    return new FaceLandmarker(await loadModel(modelsFolder, 'face-landmarks', threads));
  }

  /** `score` is the mesh's own belief that the crop holds a face, 0 to 1. */
  async locate(
    picture: Picture,
    face: Pick<Face, 'box' | 'landmarks'>,
  ): Promise<{ landmarks: Face['landmarks']; score: number }> {
    const toPicture = uprightCrop(face);
    const data = interleavedTensor(
      warpAffine(picture, toPicture, side, side),
      pixelScalingOf(this.#model.manifest),
    );
    const outputs = await this.#model.run({ input: tensorOf(data, [1, side, side, 3]) });
    const points = outputs.points!.data as Float32Array;
    const landmarks = vertices.map((group): Point => {
      const x = group.reduce((sum, vertex) => sum + points[vertex * 3]!, 0) / group.length;
      const y = group.reduce((sum, vertex) => sum + points[vertex * 3 + 1]!, 0) / group.length;
      return applyAffine(toPicture, [x, y]);
    });
    return { landmarks: landmarks as Face['landmarks'], score: outputs.score!.data[0] as number };
  }

  async release(): Promise<void> {
    await this.#model.release();
  }
}

/** From pixels of a square crop with level eyes to pixels of the picture. */
function uprightCrop({ box, landmarks: [left, right] }: Pick<Face, 'box' | 'landmarks'>): Affine {
  const scale = (Math.max(box[2], box[3]) * cropFactor) / side;
  const angle = Math.atan2(right[1] - left[1], right[0] - left[0]);
  const cosine = Math.cos(angle) * scale;
  const sine = Math.sin(angle) * scale;
  const centreX = box[0] + box[2] / 2;
  const centreY = box[1] + box[3] / 2;
  const half = side / 2;
  return [cosine, -sine, centreX - half * (cosine - sine), sine, cosine, centreY - half * (sine + cosine)];
}
