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
  const fromColumn = Math.max(0, -layer.left);
  const toColumn = Math.min(layer.width, frame.width - layer.left);
  const fromRow = Math.max(0, -layer.top);
  const toRow = Math.min(layer.height, frame.height - layer.top);
  const mask = grain.side - 1;
  const shift = Math.log2(grain.side);
  for (let row = fromRow; row < toRow; row++) {
    const y = layer.top + row;
    const grainRow = ((y + grainOffset * 7) & mask) << shift;
    const chromaRow = (y >> 1) * (frame.width >> 1);
    let at = (row * layer.width + fromColumn) * 4;
    for (let column = fromColumn; column < toColumn; column++, at += 4) {
      const alpha = layer.data[at + 3];
      if (alpha === 0) continue;
      const red = Math.min(alpha, layer.data[at] * tone.red);
      const green = Math.min(alpha, layer.data[at + 1] * tone.green);
      const blue = Math.min(alpha, layer.data[at + 2] * tone.blue);
      const x = layer.left + column;
      const keep = 1 - alpha / 255;
      const luma = y * frame.width + x;
      const noise = grain.values[grainRow | ((x + grainOffset) & mask)] * (1 - keep);
      const value = (frame.y[luma] - 16) * keep + 16 + 0.1826 * red + 0.6142 * green + 0.062 * blue + noise;
      frame.y[luma] = value < 16 ? 16 : value > 235 ? 235 : value + 0.5;
      if ((x | y) & 1) continue;
      const chroma = chromaRow + (x >> 1);
      frame.u[chroma] =
        (frame.u[chroma] - 128) * keep + 128.5 - 0.1006 * red - 0.3386 * green + 0.4392 * blue;
      frame.v[chroma] =
        (frame.v[chroma] - 128) * keep + 128.5 + 0.4392 * red - 0.3989 * green - 0.0403 * blue;
    }
  }
}

/** Darkens the frame where a mask says so: 0 leaves it alone, 255 takes `strength` (0 to 1) of the light away. */
export function shadeFrame(
  frame: YuvFrame,
  mask: {
    left: number;
    top: number;
    width: number;
    height: number;
    data: Uint8Array<ArrayBuffer>;
    step: number;
  },
  strength: number,
): void {
  const { step } = mask;
  const bottom = Math.min(frame.height, mask.top + mask.height * step);
  const right = Math.min(frame.width, mask.left + mask.width * step);
  for (let y = Math.max(0, mask.top); y < bottom; y++) {
    const maskY = (y - mask.top) / step - 0.5;
    const upper = Math.max(0, Math.floor(maskY));
    const lower = Math.min(mask.height - 1, upper + 1);
    const down = Math.min(1, Math.max(0, maskY - upper));
    for (let x = Math.max(0, mask.left); x < right; x++) {
      const maskX = (x - mask.left) / step - 0.5;
      const near = Math.max(0, Math.floor(maskX));
      const far = Math.min(mask.width - 1, near + 1);
      const along = Math.min(1, Math.max(0, maskX - near));
      const above =
        mask.data[upper * mask.width + near] * (1 - along) + mask.data[upper * mask.width + far] * along;
      const below =
        mask.data[lower * mask.width + near] * (1 - along) + mask.data[lower * mask.width + far] * along;
      const dark = above * (1 - down) + below * down;
      if (dark < 1) continue;
      const keep = 1 - (dark / 255) * strength;
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
    for (let x = left; x < right; x++) {
      const distance = down + ((x - halo.x) / halo.radiusX) ** 2;
      if (distance >= 1) continue;
      const gain = (1 - distance) ** 3;
      const luma = y * frame.width + x;
      frame.y[luma] = Math.min(235, frame.y[luma] + lumaGain * gain);
      if ((x | y) & 1) continue;
      const chroma = (y >> 1) * (frame.width >> 1) + (x >> 1);
      frame.u[chroma] = Math.min(240, Math.max(16, frame.u[chroma] + uGain * gain));
      frame.v[chroma] = Math.min(240, Math.max(16, frame.v[chroma] + vGain * gain));
    }
  }
}
