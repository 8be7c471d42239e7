import type { Picture } from '../capture/frame.ts';
import type { PixelScaling } from './onnx-session.ts';
import type { Box, Point } from './perception.ts';

/** A 2×3 matrix, row-major: `x' = a·x + b·y + c`, `y' = d·x + e·y + f`. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** A 3×3 matrix, row-major, last element 1; a point is divided by its third component. */
export type Homography = readonly [
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g: number,
  h: number,
  i: number,
];

/** Where `fitBox` looked: picture point = target point / scale + origin, pixels. */
export interface Fit {
  scale: number;
  origin: Point;
}

/**
 * Cuts `box` and resizes it to `width`×`height`, ignoring its aspect. Bilinear when enlarging, averaging over
 * all covered pixels when shrinking, so that small faces do not alias away. Outside the picture is black.
 */
export function cropResize(picture: Picture, box: Box, width: number, height: number): Picture {
  const columns = filterTaps(box[0], box[2], width, picture.width);
  const rows = filterTaps(box[1], box[3], height, picture.height);
  const squeezed = new SqueezedRows(picture, columns, width, rows.span);

  const length = width * 3;
  const data = new Uint8Array(length * height);
  const sum = new Int32Array(length);
  for (let y = 0; y < height; y++) {
    sum.fill(1 << (2 * weightBits - squeezedShift - 1));
    for (let k = 0; k < rows.count[y]!; k++) {
      const weight = rows.weights[y * rows.span + k]!;
      const row = squeezed.row(rows.first[y]! + k);
      for (let i = 0; i < length; i++) sum[i] = (sum[i]! + Math.imul(weight, row[i]!)) | 0;
    }
    const at = y * length;
    for (let i = 0; i < length; i++) data[at + i] = sum[i]! >> (2 * weightBits - squeezedShift);
  }
  return { width, height, data };
}

/** Weights are whole numbers, parts of 2^14: a third quicker than floats, and the sums fit 31 bits. */
const weightBits = 14;
/** What a squeezed value is shifted right by, so that it can be weighed again. */
const squeezedShift = 6;

/** The horizontal half of `cropResize`, row by row; rows are asked for from top to bottom and used more than once. */
class SqueezedRows {
  readonly #picture: Picture;
  readonly #columns: Taps;
  /** As many rows as one target row is made of, each in the place of its number modulo theirs. */
  readonly #kept: Int32Array[];
  readonly #numbers: Int32Array;

  constructor(picture: Picture, columns: Taps, width: number, kept: number) {
    this.#picture = picture;
    this.#columns = columns;
    this.#kept = Array.from({ length: kept }, () => new Int32Array(width * 3));
    this.#numbers = new Int32Array(kept).fill(-1);
  }

  /** Row `row` of the picture, squeezed: packed RGB, parts of 2^8. */
  row(row: number): Int32Array {
    const place = row % this.#kept.length;
    const kept = this.#kept[place]!;
    if (this.#numbers[place] !== row) {
      squeeze(this.#picture.data, row * this.#picture.width * 3, this.#columns, kept);
      this.#numbers[place] = row;
    }
    return kept;
  }
}

function squeeze(data: Uint8Array, line: number, columns: Taps, out: Int32Array): void {
  const { first, count, weights, span } = columns;
  for (let x = 0, at = 0; at < out.length; x++, at += 3) {
    let red = 0;
    let green = 0;
    let blue = 0;
    let from = line + first[x]! * 3;
    const end = x * span + count[x]!;
    for (let tap = x * span; tap < end; tap++, from += 3) {
      const weight = weights[tap]!;
      red = (red + Math.imul(weight, data[from]!)) | 0;
      green = (green + Math.imul(weight, data[from + 1]!)) | 0;
      blue = (blue + Math.imul(weight, data[from + 2]!)) | 0;
    }
    out[at] = red >> squeezedShift;
    out[at + 1] = green >> squeezedShift;
    out[at + 2] = blue >> squeezedShift;
  }
}

/** For each target position: the first source position, how many, and their weights (`span` apart, parts of 2^14). */
interface Taps {
  first: Int32Array;
  count: Int32Array;
  weights: Int32Array;
  span: number;
}

/** Triangle filter along one axis. Weights outside `0..limit-1` are left out, which reads as black. */
function filterTaps(start: number, length: number, target: number, limit: number): Taps {
  const step = length / target;
  const radius = Math.max(1, step);
  const span = Math.ceil(radius * 2) + 1;
  const taps: Taps = {
    first: new Int32Array(target),
    count: new Int32Array(target),
    weights: new Int32Array(target * span),
    span,
  };
  for (let i = 0; i < target; i++) {
    const centre = start + (i + 0.5) * step - 0.5;
    const low = Math.ceil(centre - radius);
    const high = Math.floor(centre + radius);
    let total = 0;
    for (let k = low; k <= high; k++) total += 1 - Math.abs(k - centre) / radius;
    const first = Math.max(low, 0);
    const last = Math.min(high, limit - 1);
    taps.first[i] = first;
    taps.count[i] = Math.max(0, last - first + 1);
    // Each weight is what the rounded sum rises by: together they are exactly 2^14, and white stays white.
    let sum = 0;
    for (let k = low; k <= high; k++) {
      const before = Math.round((sum / total) * (1 << weightBits));
      sum += 1 - Math.abs(k - centre) / radius;
      if (k >= first && k <= last)
        taps.weights[i * span + k - first] = Math.round((sum / total) * (1 << weightBits)) - before;
    }
  }
  return taps;
}

/** Letterboxes `box` into `width`×`height`, keeping its aspect, centred on black. */
export function fitBox(
  picture: Picture,
  box: Box,
  width: number,
  height: number,
): { picture: Picture; fit: Fit } {
  const scale = Math.min(width / box[2], height / box[3]);
  const grown: Box = [
    box[0] - (width / scale - box[2]) / 2,
    box[1] - (height / scale - box[3]) / 2,
    width / scale,
    height / scale,
  ];
  return {
    picture: cropResize(picture, grown, width, height),
    fit: { scale, origin: [grown[0], grown[1]] },
  };
}

/** A point of the fitted target, in pixels of the picture it came from. */
export function unfitPoint([x, y]: Point, fit: Fit): Point {
  return [x / fit.scale + fit.origin[0], y / fit.scale + fit.origin[1]];
}

/** A box of the fitted target, in pixels of the picture it came from. */
export function unfitBox([x, y, width, height]: Box, fit: Fit): Box {
  const [left, top] = unfitPoint([x, y], fit);
  return [left, top, width / fit.scale, height / fit.scale];
}

/** Draws `width`×`height` pixels, each from where `toSource` sends its centre. Outside the picture is black. */
export function warpAffine(picture: Picture, toSource: Affine, width: number, height: number): Picture {
  return warpPerspective(picture, [...toSource, 0, 0, 1], width, height);
}

/**
 * Straightens a quadrilateral: `corners` (clockwise from top left, pixels) become the corners of the result.
 * A homography from target to source pixels may be given in their place.
 */
export function warpPerspective(
  picture: Picture,
  source: readonly [Point, Point, Point, Point] | Homography,
  width: number,
  height: number,
): Picture {
  const matrix = isCorners(source) ? homographyToCorners(source, width, height) : source;
  const samples = samplesPerAxis(matrix, width, height);
  const data = new Uint8Array(width * height * 3);
  const sums = new Float64Array(width * 3);
  const share = 1 / (samples * samples);
  for (let y = 0; y < height; y++) {
    sums.fill(0.5 / share);
    for (let row = 0; row < samples; row++)
      for (let column = 0; column < samples; column++)
        addSamples(picture, matrix, (column + 0.5) / samples, y + (row + 0.5) / samples, sums);
    const at = y * width * 3;
    for (let i = 0; i < sums.length; i++) data[at + i] = sums[i]! * share;
  }
  return { width, height, data };
}

function isCorners(
  source: readonly [Point, Point, Point, Point] | Homography,
): source is readonly [Point, Point, Point, Point] {
  return source.length === 4;
}

/** Several samples per pixel and axis where the warp shrinks, against aliasing; at most 4. */
function samplesPerAxis(matrix: Homography, width: number, height: number): number {
  const [left, top] = applyHomography(matrix, [0, 0]);
  const [right, bottom] = applyHomography(matrix, [width, height]);
  const shrinking = Math.hypot(right - left, bottom - top) / Math.hypot(width, height);
  return Math.min(4, Math.max(1, Math.round(shrinking)));
}

/**
 * Adds to packed RGB sums what lies where `matrix` sends (`u`, `v`), (`u` + 1, `v`), …: bilinear, pixel centres on whole
 * numbers and a half, black outside. One loop without calls: a face is tens of thousands of samples, and takes half the time so.
 */
function addSamples(
  { data, width, height }: Picture,
  [a, b, c, d, e, f, g, h, i]: Homography,
  u: number,
  v: number,
  sums: Float64Array,
): void {
  const line = width * 3;
  for (let at = 0; at < sums.length; at += 3, u++) {
    const w = 1 / (g * u + h * v + i);
    const x = (a * u + b * v + c) * w - 0.5;
    const y = (d * u + e * v + f) * w - 0.5;
    const left = Math.floor(x);
    const top = Math.floor(y);
    if (!(left >= -1 && top >= -1 && left < width && top < height)) continue;
    // Taps outside weigh nothing, and are read from a pixel inside.
    const right = left + 1 < width ? x - left : 0;
    const below = top + 1 < height ? y - top : 0;
    const leftShare = left < 0 ? 0 : 1 - (x - left);
    const topShare = top < 0 ? 0 : 1 - (y - top);
    const upper = Math.max(top, 0) * line;
    const lower = Math.min(top + 1, height - 1) * line;
    const near = Math.max(left, 0) * 3;
    const far = Math.min(left + 1, width - 1) * 3;
    const one = upper + near;
    const two = upper + far;
    const three = lower + near;
    const four = lower + far;
    const first = leftShare * topShare;
    const second = right * topShare;
    const third = leftShare * below;
    const fourth = right * below;
    sums[at]! += first * data[one]! + second * data[two]! + third * data[three]! + fourth * data[four]!;
    sums[at + 1]! +=
      first * data[one + 1]! + second * data[two + 1]! + third * data[three + 1]! + fourth * data[four + 1]!;
    sums[at + 2]! +=
      first * data[one + 2]! + second * data[two + 2]! + third * data[three + 2]! + fourth * data[four + 2]!;
  }
}

/** Sends a point through a homography. */
export function applyHomography([a, b, c, d, e, f, g, h, i]: Homography, [x, y]: Point): Point {
  const w = g * x + h * y + i;
  return [(a * x + b * y + c) / w, (d * x + e * y + f) / w];
}

/** Sends a point through an affine. */
export function applyAffine([a, b, c, d, e, f]: Affine, [x, y]: Point): Point {
  return [a * x + b * y + c, d * x + e * y + f];
}

/** The affine that undoes `matrix`; its determinant must not be 0. */
export function invertAffine([a, b, c, d, e, f]: Affine): Affine {
  const determinant = a * e - b * d;
  return [
    e / determinant,
    -b / determinant,
    (b * f - c * e) / determinant,
    -d / determinant,
    a / determinant,
    (c * d - a * f) / determinant,
  ];
}

/** The homography that sends the corners of a `width`×`height` rectangle to `corners`, clockwise from top left [Heckbert 1989]. */
export function homographyToCorners(
  corners: readonly [Point, Point, Point, Point],
  width: number,
  height: number,
): Homography {
  const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = corners;
  const sx = x0 - x1 + x2 - x3;
  const sy = y0 - y1 + y2 - y3;
  const dx1 = x1 - x2;
  const dx2 = x3 - x2;
  const dy1 = y1 - y2;
  const dy2 = y3 - y2;
  const denominator = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / denominator;
  const h = (dx1 * sy - sx * dy1) / denominator;
  return [
    (x1 - x0 + g * x1) / width,
    (x3 - x0 + h * x3) / height,
    x0,
    (y1 - y0 + g * y1) / width,
    (y3 - y0 + h * y3) / height,
    y0,
    g / width,
    h / height,
    1,
  ];
}

/** A picture as `[3, height, width]` floats. */
export function planarTensor(picture: Picture, scaling: PixelScaling): Float32Array {
  const size = picture.width * picture.height;
  const out = new Float32Array(size * 3);
  for (let c = 0; c < 3; c++) {
    const channel = scaling.order === 'rgb' ? c : 2 - c;
    const mean = scaling.mean[c]!;
    const factor = 1 / scaling.deviation[c]!;
    for (let i = 0; i < size; i++) out[c * size + i] = (picture.data[i * 3 + channel]! - mean) * factor;
  }
  return out;
}

/** A picture as `[height, width, 3]` floats. */
export function interleavedTensor(picture: Picture, scaling: PixelScaling): Float32Array {
  const out = new Float32Array(picture.data.length);
  for (let c = 0; c < 3; c++) {
    const channel = scaling.order === 'rgb' ? c : 2 - c;
    const mean = scaling.mean[c]!;
    const factor = 1 / scaling.deviation[c]!;
    for (let i = 0; i < out.length; i += 3) out[i + c] = (picture.data[i + channel]! - mean) * factor;
  }
  return out;
}
