import type { Picture } from '../capture/frame.ts';
import type { Face, Point } from './perception.ts';
import { type Affine, invertAffine, warpAffine } from './resample.ts';

/** Side of an aligned face, pixels. */
export const alignedSide = 112;

/** From this row down, softened over some rows, a covered face is of one colour (RGB): as in models/train/faces/upper_faces.py. */
const coverFrom = 64;
const coverSoftness = 4;
const coverColour = [140, 117, 104] as const;

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

/** Cuts a face upright and to scale: 112×112 as ArcFace has it, unless a network wants it otherwise. */
export function alignFace(
  picture: Picture,
  landmarks: Face['landmarks'],
  template: Face['landmarks'] = arcFaceTemplate,
  side: number = alignedSide,
): Picture {
  const toAligned = similarityBetween(landmarks, template);
  return warpAffine(picture, invertAffine(toAligned), side, side);
}

/** An aligned face without nose, mouth and chin, or without the mask over them: what is left of masked and bare ones can be compared. */
export function coverLowerFace({ width, height, data }: Picture): Picture {
  const covered = Uint8Array.from(data);
  for (let y = 0; y < height; y++) {
    const share = Math.min(1, Math.max(0, (y + 0.5 - coverFrom) / coverSoftness + 0.5));
    if (share === 0) continue;
    for (let at = y * width * 3; at < (y + 1) * width * 3; at++)
      covered[at] = data[at]! * (1 - share) + coverColour[at % 3]! * share + 0.5;
  }
  return { width, height, data: covered };
}

function meanPoint(points: readonly Point[]): Point {
  const sum = points.reduce(([x, y], [px, py]): Point => [x + px, y + py], [0, 0] as Point);
  return [sum[0] / points.length, sum[1] / points.length];
}
