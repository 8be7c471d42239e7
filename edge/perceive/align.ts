import type { Picture } from '../capture/frame.ts';
import type { Face, Point } from './perception.ts';
import { type Affine, invertAffine, warpAffine } from './resample.ts';

/** Side of an aligned face, pixels. */
export const alignedSide = 112;

/** Where the 5 landmarks lie in an aligned 112×112 face [ArcFace, Deng 2019; from SphereFace, Liu 2017]. */
export const arcFaceTemplate: Face['landmarks'] = [
  [38.2946, 51.6963],
  [73.5318, 51.5014],
  [56.0252, 71.7366],
  [41.5493, 92.3655],
  [70.7299, 92.2041],
];

/** The similarity (rotation, scale, shift) that sends `from` to `to` with the least squared error [Umeyama 1991]. */
export function similarityBetween(from: readonly Point[], to: readonly Point[]): Affine {
  const [fromX, fromY] = meanPoint(from);
  const [toX, toY] = meanPoint(to);
  let cosine = 0;
  let sine = 0;
  let spread = 0;
  from.forEach((point, i) => {
    const x = point[0] - fromX;
    const y = point[1] - fromY;
    const u = to[i]![0] - toX;
    const v = to[i]![1] - toY;
    cosine += x * u + y * v;
    sine += x * v - y * u;
    spread += x * x + y * y;
  });
  const a = spread > 0 ? cosine / spread : 1;
  const b = spread > 0 ? sine / spread : 0;
  return [a, -b, toX - a * fromX + b * fromY, b, a, toY - b * fromX - a * fromY];
}

/** Cuts a face upright and to scale, 112×112, as the embedding wants it. */
export function alignFace(picture: Picture, landmarks: Face['landmarks']): Picture {
  const toAligned = similarityBetween(landmarks, arcFaceTemplate);
  return warpAffine(picture, invertAffine(toAligned), alignedSide, alignedSide);
}

function meanPoint(points: readonly Point[]): Point {
  const sum = points.reduce(([x, y], [px, py]): Point => [x + px, y + py], [0, 0] as Point);
  return [sum[0] / points.length, sum[1] / points.length];
}
