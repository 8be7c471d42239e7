import type { Picture } from '../capture/frame.ts';
import type { PixelScaling } from './onnx-session.ts';
import type { Box } from './perception.ts';

/** From so many of the picture's pixels on, one of the result is the mean of 4×4 of them; below, of 2×2. */
const manyPixels = 5;
/** Weights along one axis are whole numbers that add up to 2^10. */
const weightBits = 10;

/**
 * Cuts `box` and resizes it to `[3, height, width]` floats, ignoring its aspect: what a detector looks at. Bilinear where
 * it enlarges; where it shrinks, the mean of a few pixels spread over those that are covered. `cropResize` weighs every
 * covered pixel and takes several times as long. Outside the picture is black.
 */
export function cropTensor(
  picture: Picture,
  box: Box,
  width: number,
  height: number,
  { order, mean, deviation }: PixelScaling,
): Float32Array {
  const columns = tapsOf(box[0], box[2], width, picture.width, 3);
  const rows = tapsOf(box[1], box[3], height, picture.height, picture.width * 3);
  const sums = new Int32Array(width * 3);
  const out = new Float32Array(width * height * 3);
  const size = width * height;
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (const { place, weight } of rows)
      if (weight[y]! > 0)
        for (let pair = 0; pair < columns.length; pair += 2)
          addRow(picture.data, place[y]!, weight[y]!, columns[pair]!, columns[pair + 1]!, sums);
    for (let plane = 0; plane < 3; plane++) {
      const factor = 1 / (deviation[plane]! * (1 << (2 * weightBits)));
      const offset = mean[plane]! / deviation[plane]!;
      const channel = order === 'rgb' ? plane : 2 - plane;
      const at = plane * size + y * width;
      for (let x = 0; x < width; x++) out[at + x] = sums[x * 3 + channel]! * factor - offset;
    }
  }
  return out;
}

/** One of the places that a target position is made of: for each, where in the data and how much of it; 0 outside. */
interface Tap {
  place: Int32Array;
  weight: Int32Array;
}

/** Adds to packed RGB sums what two taps per column take from one row of the picture. */
function addRow(
  data: Uint8Array,
  line: number,
  down: number,
  { place: places, weight: weights }: Tap,
  { place: otherPlaces, weight: otherWeights }: Tap,
  sums: Int32Array,
): void {
  for (let x = 0, at = 0; at < sums.length; x++, at += 3) {
    const one = line + places[x]!;
    const other = line + otherPlaces[x]!;
    const weight = Math.imul(down, weights[x]!);
    const otherWeight = Math.imul(down, otherWeights[x]!);
    sums[at] = (sums[at]! + Math.imul(weight, data[one]!) + Math.imul(otherWeight, data[other]!)) | 0;
    sums[at + 1] =
      (sums[at + 1]! + Math.imul(weight, data[one + 1]!) + Math.imul(otherWeight, data[other + 1]!)) | 0;
    sums[at + 2] =
      (sums[at + 2]! + Math.imul(weight, data[one + 2]!) + Math.imul(otherWeight, data[other + 2]!)) | 0;
  }
}

/** The taps along one axis, `stride` apart in the data. */
function tapsOf(start: number, length: number, target: number, limit: number, stride: number): Tap[] {
  const step = length / target;
  const isShrunk = step >= 1.5;
  const taps = Array.from({ length: step >= manyPixels ? 4 : 2 }, () => ({
    place: new Int32Array(target),
    weight: new Int32Array(target),
  }));
  const whole = 1 << weightBits;
  for (let i = 0; i < target; i++) {
    const centre = start + (i + 0.5) * step - 0.5;
    const left = Math.floor(centre);
    const right = Math.round((centre - left) * whole);
    for (const [k, { place, weight }] of taps.entries()) {
      const source = isShrunk ? Math.floor(start + (i + (k + 0.5) / taps.length) * step) : left + k;
      if (source < 0 || source >= limit) continue;
      place[i] = source * stride;
      weight[i] = isShrunk ? whole / taps.length : k === 0 ? whole - right : right;
    }
  }
  return taps;
}
