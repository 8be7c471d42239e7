import type { Picture } from '../capture/frame.ts';
import { alignedSide, alignFace } from './align.ts';
import type { Face, Point } from './perception.ts';

/** Eye distance in pixels from which a face is too small (0) to large enough (1) to compare. */
const eyeDistance = { none: 8, full: 32 };
/** Mean absolute Laplacian of the aligned face, grey levels, from blurred to sharp. */
const sharpness = { none: 1.5, full: 7 };
/** Offset of the nose from between the eyes, in eye distances: frontal to profile. */
const turn = { full: 0.15, none: 0.55 };
/** Mean grey level of the aligned face at which it is too dark or too bright. */
const light = { dark: 25, dim: 70, bright: 210, blinding: 248 };

/** How well a face can be compared: 0 to 1, the product of size, sharpness, pose and light. */
export function faceQuality(picture: Picture, landmarks: Face['landmarks']): number {
  const grey = greyLevels(alignFace(picture, landmarks));
  const size = ramp(eyesApart(landmarks), eyeDistance.none, eyeDistance.full);
  const sharp = ramp(meanLaplacian(grey), sharpness.none, sharpness.full);
  const pose = ramp(noseOffset(landmarks), turn.none, turn.full);
  const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length;
  const lit = Math.min(ramp(mean, light.dark, light.dim), ramp(mean, light.blinding, light.bright));
  return size * sharp * pose * lit;
}

/** Distance between the eyes, pixels. */
function eyesApart([left, right]: readonly Point[]): number {
  return Math.hypot(right![0] - left![0], right![1] - left![1]);
}

/** Along the line between the eyes, how far the nose is from its middle, in eye distances; 0 is frontal. */
function noseOffset([left, right, nose]: Face['landmarks']): number {
  const distance = eyesApart([left, right]);
  if (distance === 0) return Number.POSITIVE_INFINITY;
  const along =
    (nose[0] - (left[0] + right[0]) / 2) * (right[0] - left[0]) +
    (nose[1] - (left[1] + right[1]) / 2) * (right[1] - left[1]);
  return Math.abs(along) / distance ** 2;
}

/** Luma of BT.601, 0 to 255. */
function greyLevels({ data }: Picture): Float32Array {
  const grey = new Float32Array(data.length / 3);
  for (let i = 0; i < grey.length; i++)
    grey[i] = 0.299 * data[i * 3]! + 0.587 * data[i * 3 + 1]! + 0.114 * data[i * 3 + 2]!;
  return grey;
}

function meanLaplacian(grey: Float32Array): number {
  let sum = 0;
  for (let y = 1; y < alignedSide - 1; y++)
    for (let x = 1; x < alignedSide - 1; x++) {
      const at = y * alignedSide + x;
      sum += Math.abs(
        4 * grey[at]! - grey[at - 1]! - grey[at + 1]! - grey[at - alignedSide]! - grey[at + alignedSide]!,
      );
    }
  return sum / (alignedSide - 2) ** 2;
}

/** 0 at `none`, 1 at `full`, straight between, clamped outside; `none` may be the larger. */
function ramp(value: number, none: number, full: number): number {
  return Math.min(1, Math.max(0, (value - none) / (full - none)));
}
