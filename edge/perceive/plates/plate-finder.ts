import type { Picture } from '../../capture/frame.ts';
import { type Model, pixelScalingOf, tensorOf } from '../onnx-session.ts';
import type { Box, Point } from '../perception.ts';
import { cropResize, planarTensor } from '../resample.ts';
import { type Corners, findTextLines, type TextLine } from './text-lines.ts';

/** Where a plate may be. Pixels of the full picture. */
export interface PlateCandidate {
  corners: Corners;
  /** The rows of a two-row plate, upper first; absent for one row. */
  rowCorners?: [Corners, Corners];
  /** How much it looks like a plate by its shape and the text network, 0 to 1. */
  score: number;
}

/** The network halves its input five times. */
const stride = 32;
/** Small regions are enlarged so much at most; more shows the network nothing new. */
const largestScale = 2;
/** Lines lower than this, pixels of the full picture, cannot be read. */
const leastLineHeight = 7;

/** Looks for lines of text in `region` and says which of them, alone or together, have the shape of a plate; best first. */
export async function findPlates(
  detector: Model,
  picture: Picture,
  region: Box,
  longSide: number,
): Promise<PlateCandidate[]> {
  const scale = Math.min(longSide / Math.max(region[2], region[3]), largestScale);
  const width = roundToStride(region[2] * scale);
  const height = roundToStride(region[3] * scale);
  const pixels = planarTensor(cropResize(picture, region, width, height), pixelScalingOf(detector.manifest));
  const { text } = await detector.run({ picture: tensorOf(pixels, [1, 3, height, width]) });
  const lines = findTextLines({ data: text!.data as Float32Array, width, height });
  const toPicture = ([x, y]: Point): Point => [
    region[0] + (x * region[2]) / width,
    region[1] + (y * region[3]) / height,
  ];
  return chooseCandidates(
    lines.map((line) => ({ ...line, corners: line.corners.map(toPicture) as Corners })),
  );
}

function roundToStride(length: number): number {
  return Math.max(stride, Math.round(length / stride) * stride);
}

/** Single lines, two lines side by side that are one plate's, and two stacked ones; best first. */
export function chooseCandidates(lines: readonly TextLine[]): PlateCandidate[] {
  const readable = lines.filter((line) => shapeOf(line.corners).height >= leastLineHeight);
  const candidates: PlateCandidate[] = readable.map((line) => ({
    corners: plateAround(line.corners),
    score: line.score * oneRowLikelihood(line.corners),
  }));
  for (const first of readable)
    for (const second of readable) {
      if (first === second) continue;
      const score = Math.min(first.score, second.score);
      const joined = joinBeside(first.corners, second.corners);
      if (joined)
        candidates.push({ corners: plateAround(joined), score: 0.8 * score * oneRowLikelihood(joined) });
      const stacked = stackedPlate(first.corners, second.corners);
      if (stacked) candidates.push({ ...stacked, score: 0.8 * score });
    }
  return candidates.filter((candidate) => candidate.score > 0.1).sort((a, b) => b.score - a.score);
}

interface Shape {
  centre: Point;
  width: number;
  height: number;
  /** Rise of the upper and lower edge, pixels per pixel. */
  slope: number;
}

function shapeOf([a, b, c, d]: Corners): Shape {
  const width = (b[0] - a[0] + c[0] - d[0]) / 2;
  return {
    centre: [(a[0] + b[0] + c[0] + d[0]) / 4, (a[1] + b[1] + c[1] + d[1]) / 4],
    width,
    height: (d[1] - a[1] + c[1] - b[1]) / 2,
    slope: (b[1] - a[1] + c[1] - d[1]) / (2 * Math.max(1e-6, width)),
  };
}

/** A plate is 440 or 480 × 140 mm; seen from the side it gets as narrow as 1, and lines without rims as flat as 7. */
function oneRowLikelihood(corners: Corners): number {
  const { width, height, slope } = shapeOf(corners);
  const aspect = width / height;
  if (aspect < 1 || aspect > 8 || Math.abs(slope) > 0.8) return 0;
  return Math.exp(-((Math.log(aspect / 3.4) / 0.6) ** 2) / 2);
}

/** The line as the text network draws it is a little lower than the plate and about as wide. */
function plateAround(corners: Corners): Corners {
  return growCorners(corners, { left: 0.02, right: 0.02, height: 0.07 });
}

/** Moves the sides outwards by a part of the width, the upper and lower edge by a part of the height. */
export function growCorners(
  corners: Corners,
  { left, right, height }: { left: number; right: number; height: number },
): Corners {
  const at = (u: number, v: number): Point => {
    const mix = (k: 0 | 1) =>
      (1 - v) * ((1 - u) * corners[0][k] + u * corners[1][k]) +
      v * ((1 - u) * corners[3][k] + u * corners[2][k]);
    return [mix(0), mix(1)];
  };
  return [at(-left, -height), at(1 + right, -height), at(1 + right, 1 + height), at(-left, 1 + height)];
}

/** The network may part a plate at its dot: two lines of one height on one slope, close together. */
function joinBeside(left: Corners, right: Corners): Corners | undefined {
  const a = shapeOf(left);
  const b = shapeOf(right);
  const height = (a.height + b.height) / 2;
  const gap = right[0][0] - left[1][0];
  if (b.centre[0] <= a.centre[0] || gap > height * 1.2 || gap < -height * 0.8) return undefined;
  if (Math.abs(a.height - b.height) > height * 0.4) return undefined;
  const slope = (b.centre[1] - a.centre[1]) / Math.max(1, b.centre[0] - a.centre[0]);
  if (Math.abs(slope) > 0.5 || Math.abs(a.slope - slope) > 0.3) return undefined;
  return [left[0], right[1], right[2], left[3]];
}

/** Two rows: a short line of province and letter centred above a wider and higher line of the serial. */
function stackedPlate(upper: Corners, lower: Corners): Omit<PlateCandidate, 'score'> | undefined {
  const a = shapeOf(upper);
  const b = shapeOf(lower);
  const down = b.centre[1] - a.centre[1];
  const across = b.centre[0] - a.centre[0];
  if (down < (a.height + b.height) * 0.3 || down > (a.height + b.height) * 0.8) return undefined;
  if (Math.abs(across) > b.width * 0.2) return undefined;
  if (a.width < b.width * 0.25 || a.width > b.width * 0.95) return undefined;
  if (a.height < b.height * 0.35 || a.height > b.height * 1.2) return undefined;
  const aspect = b.width / (down + (a.height + b.height) / 2);
  if (aspect < 0.9 || aspect > 3.2) return undefined;
  const left = Math.min(lower[0][0], lower[3][0]);
  const right = Math.max(lower[1][0], lower[2][0]);
  const top = (x: number) => a.centre[1] - a.height / 2 + b.slope * (x - a.centre[0]);
  return {
    corners: growCorners([[left, top(left)], [right, top(right)], lower[2], lower[3]], {
      left: 0.02,
      right: 0.02,
      height: 0.04,
    }),
    rowCorners: [plateAround(upper), plateAround(lower)],
  };
}
