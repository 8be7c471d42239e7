import type { Layer } from './layer.ts';

/** Planar 4:2:0, BT.709, limited range: what the encoder takes. Planes lie in `bytes` one behind the other. */
export interface YuvFrame {
  width: number;
  height: number;
  bytes: Uint8Array<ArrayBuffer>;
  y: Uint8Array<ArrayBuffer>;
  u: Uint8Array<ArrayBuffer>;
  v: Uint8Array<ArrayBuffer>;
}

/** How the light of the hour changes a colour: gains per channel on 0–255 values. */
export interface Tone {
  red: number;
  green: number;
  blue: number;
}

/** Sensor noise to add to luma: −127 to 127, repeated from a square of `side` (a power of two). */
export interface Grain {
  side: number;
  values: Int8Array<ArrayBuffer>;
}

/** A black frame; both sides must be even. */
export function newYuvFrame(width: number, height: number): YuvFrame {
  const luma = width * height;
  const bytes = new Uint8Array(luma + luma / 2);
  return {
    width,
    height,
    bytes,
    y: bytes.subarray(0, luma).fill(16),
    u: bytes.subarray(luma, luma + luma / 4).fill(128),
    v: bytes.subarray(luma + luma / 4).fill(128),
  };
}

/** Noise of the given standard deviation in luma steps, from a seeded source. */
export function makeGrain(side: number, deviation: number, random: () => number): Grain {
  const values = new Int8Array(side * side);
  for (let at = 0; at < values.length; at++) {
    // The sum of four even draws is close enough to a normal one (Irwin–Hall): variance 4/12.
    const normal = (random() + random() + random() + random() - 2) * Math.sqrt(3);
    values[at] = Math.round(normal * deviation);
  }
  return { side, values };
}

/** Converts a whole RGB picture into the frame and adds grain. Sizes must agree. */
export function paintPicture(frame: YuvFrame, rgb: Uint8Array, grain: Grain): void {
  const mask = grain.side - 1;
  const shift = Math.log2(grain.side);
  for (let y = 0; y < frame.height; y++) {
    for (let x = 0; x < frame.width; x++) {
      const luma = y * frame.width + x;
      const red = rgb[luma * 3];
      const green = rgb[luma * 3 + 1];
      const blue = rgb[luma * 3 + 2];
      const noise = grain.values[((y & mask) << shift) | (x & mask)];
      frame.y[luma] = Math.min(
        235,
        Math.max(16, 16.5 + 0.1826 * red + 0.6142 * green + 0.062 * blue + noise),
      );
      if ((x | y) & 1) continue;
      const chroma = (y >> 1) * (frame.width >> 1) + (x >> 1);
      frame.u[chroma] = 128.5 - 0.1006 * red - 0.3386 * green + 0.4392 * blue;
      frame.v[chroma] = 128.5 + 0.4392 * red - 0.3989 * green - 0.0403 * blue;
    }
  }
}

/**
 * Lays a layer over the frame: toned, with grain that starts at `grainOffset`. Columns and rows beyond the frame are
 * left out. Chroma is taken per 2×2 block, as a sensor's encoder would.
 */
export function paintLayer(
  frame: YuvFrame,
  layer: Layer,
  tone: Tone,
  grain: Grain,
  grainOffset: number,
): void {
  const { y: lumas, u: us, v: vs, width } = frame;
  const { data } = layer;
  const [redGain, greenGain, blueGain] = [tone.red, tone.green, tone.blue].map((gain) =>
    Math.round(gain * 256),
  );
  const fromColumn = Math.max(0, -layer.left);
  const toColumn = Math.min(layer.width, width - layer.left);
  const fromRow = Math.max(0, -layer.top);
  const toRow = Math.min(layer.height, frame.height - layer.top);
  const mask = grain.side - 1;
  const shift = Math.log2(grain.side);
  for (let row = fromRow; row < toRow; row++) {
    const y = layer.top + row;
    const grainRow = ((y + grainOffset * 7) & mask) << shift;
    const chromaRow = (y >> 1) * (width >> 1);
    let x = layer.left + fromColumn;
    let at = (row * layer.width + fromColumn) * 4;
    for (let column = fromColumn; column < toColumn; column++, at += 4, x++) {
      const alpha = data[at + 3];
      if (alpha === 0) continue;
      const red = Math.min(alpha, (data[at] * redGain) >> 8);
      const green = Math.min(alpha, (data[at + 1] * greenGain) >> 8);
      const blue = Math.min(alpha, (data[at + 2] * blueGain) >> 8);
      // Fixed point with 16 bits: 65 535 is 255 · 257.
      const keep = (255 - alpha) * 257;
      const luma = y * width + x;
      const noise = alpha === 255 ? grain.values[grainRow | ((x + grainOffset) & mask)] : 0;
      const value =
        16 +
        noise +
        (((lumas[luma] - 16) * keep + 11_967 * red + 40_252 * green + 4_063 * blue + 32_768) >> 16);
      lumas[luma] = Math.max(16, Math.min(235, value));
      if ((x | y) & 1) continue;
      const chroma = chromaRow + (x >> 1);
      us[chroma] =
        128 + (((us[chroma] - 128) * keep - 6_593 * red - 22_190 * green + 28_783 * blue + 32_768) >> 16);
      vs[chroma] =
        128 + (((vs[chroma] - 128) * keep + 28_783 * red - 26_142 * green - 2_641 * blue + 32_768) >> 16);
    }
  }
}

/** Darkness 0–255 at the corners of cells of `step`×`step` pixels. */
export interface ShadeMask {
  left: number;
  top: number;
  width: number;
  height: number;
  step: number;
  data: Uint8Array<ArrayBuffer>;
}

/** Darkens the frame where a mask says so: 0 leaves it alone, 255 takes `strength` (0 to 1) of the light away. */
export function shadeFrame(frame: YuvFrame, mask: ShadeMask, strength: number): void {
  for (let row = 0; row < mask.height; row++) {
    for (let column = 0; column < mask.width; column++) {
      const at = row * mask.width + column;
      const right = column + 1 < mask.width ? 1 : 0;
      const below = row + 1 < mask.height ? mask.width : 0;
      const a = mask.data[at];
      const b = mask.data[at + right];
      const c = mask.data[at + below];
      const d = mask.data[at + below + right];
      if ((a | b | c | d) !== 0) shadeCell(frame, mask, column, row, a, b, c, d, strength / 255);
    }
  }
}

/** One cell of the mask: from its own darkness at the left top to that of its neighbours. */
function shadeCell(
  frame: YuvFrame,
  { left, top, step }: ShadeMask,
  column: number,
  row: number,
  a: number,
  b: number,
  c: number,
  d: number,
  strength: number,
): void {
  const x0 = left + column * step;
  const y0 = top + row * step;
  const bottom = Math.min(frame.height, y0 + step);
  const right = Math.min(frame.width, x0 + step);
  for (let y = y0; y < bottom; y++) {
    const down = (y - y0) / step;
    const from = a + (c - a) * down;
    const slope = (b + (d - b) * down - from) / step;
    for (let x = x0; x < right; x++) {
      const keep = 1 - (from + slope * (x - x0)) * strength;
      const luma = y * frame.width + x;
      frame.y[luma] = 16.5 + (frame.y[luma] - 16) * keep;
      if ((x | y) & 1) continue;
      const chroma = (y >> 1) * (frame.width >> 1) + (x >> 1);
      frame.u[chroma] = 128.5 + (frame.u[chroma] - 128) * keep;
      frame.v[chroma] = 128.5 + (frame.v[chroma] - 128) * keep;
    }
  }
}

/** Adds light in a round or flat halo around a point: `colour` 0–255 at the centre, fading to nothing at the rim. */
export function addGlow(
  frame: YuvFrame,
  halo: { x: number; y: number; radiusX: number; radiusY: number; colour: readonly [number, number, number] },
): void {
  const [red, green, blue] = halo.colour;
  const lumaGain = 0.1826 * red + 0.6142 * green + 0.062 * blue;
  const uGain = -0.1006 * red - 0.3386 * green + 0.4392 * blue;
  const vGain = 0.4392 * red - 0.3989 * green - 0.0403 * blue;
  const top = Math.max(0, Math.floor(halo.y - halo.radiusY));
  const bottom = Math.min(frame.height, Math.ceil(halo.y + halo.radiusY));
  const left = Math.max(0, Math.floor(halo.x - halo.radiusX));
  const right = Math.min(frame.width, Math.ceil(halo.x + halo.radiusX));
  for (let y = top; y < bottom; y++) {
    const down = ((y - halo.y) / halo.radiusY) ** 2;
    if (down >= 1) continue;
    const reach = halo.radiusX * Math.sqrt(1 - down);
    const last = Math.min(right, Math.ceil(halo.x + reach));
    for (let x = Math.max(left, Math.ceil(halo.x - reach)); x < last; x++) {
      const across = (x - halo.x) / halo.radiusX;
      const rest = 1 - down - across * across;
      const gain = rest * rest * rest;
      const luma = y * frame.width + x;
      frame.y[luma] = Math.min(235, frame.y[luma] + lumaGain * gain);
      if ((x | y) & 1) continue;
      const chroma = (y >> 1) * (frame.width >> 1) + (x >> 1);
      frame.u[chroma] = Math.min(240, Math.max(16, frame.u[chroma] + uGain * gain));
      frame.v[chroma] = Math.min(240, Math.max(16, frame.v[chroma] + vGain * gain));
    }
  }
}
