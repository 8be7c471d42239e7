import type { RgbaPicture } from '../capture/picture-codec.ts';

/** A part of the picture with coverage: packed RGBA, colour premultiplied by alpha, its top left corner in the footage. */
export interface Layer {
  left: number;
  top: number;
  width: number;
  height: number;
  data: Uint8ClampedArray<ArrayBuffer>;
}

/** A picture and its halvings, so that it can be drawn small without shimmer. Colour premultiplied by alpha. */
export interface Sprite {
  levels: { width: number; height: number; data: Uint8ClampedArray<ArrayBuffer> }[];
}

/** Premultiplies a picture and prepares its halvings down to about 16 pixels. */
export function makeSprite(picture: RgbaPicture): Sprite {
  const data = new Uint8ClampedArray(picture.data.length);
  for (let at = 0; at < data.length; at += 4) {
    const alpha = picture.data[at + 3];
    data[at] = (picture.data[at] * alpha) / 255;
    data[at + 1] = (picture.data[at + 1] * alpha) / 255;
    data[at + 2] = (picture.data[at + 2] * alpha) / 255;
    data[at + 3] = alpha;
  }
  const levels = [{ width: picture.width, height: picture.height, data }];
  while (Math.min(levels.at(-1)!.width, levels.at(-1)!.height) > 32) levels.push(halve(levels.at(-1)!));
  return { levels };
}

/**
 * Draws a sprite with its pixel (`anchorX`, `anchorY`) at (`x`, `y`) of the footage, `scale` footage pixels per sprite
 * pixel, leaning sideways by `lean` pixels per row above the anchor. Only what falls inside the footage is computed.
 */
export function drawSprite(
  sprite: Sprite,
  placing: { anchorX: number; anchorY: number; x: number; y: number; scale: number; lean: number },
  footage: { width: number; height: number },
): Layer | undefined {
  const depth = Math.min(sprite.levels.length - 1, Math.max(0, Math.floor(Math.log2(1 / placing.scale))));
  const level = sprite.levels[depth];
  const scale = placing.scale * 2 ** depth;
  const anchorX = placing.anchorX / 2 ** depth;
  const anchorY = placing.anchorY / 2 ** depth;
  const slack = Math.abs(placing.lean) * level.height * scale;
  const left = Math.max(0, Math.floor(placing.x - anchorX * scale - slack));
  const right = Math.min(footage.width, Math.ceil(placing.x + (level.width - anchorX) * scale + slack));
  const top = Math.max(0, Math.floor(placing.y - anchorY * scale));
  const bottom = Math.min(footage.height, Math.ceil(placing.y + (level.height - anchorY) * scale));
  if (right <= left || bottom <= top) return undefined;
  const layer = newLayer(left, top, right - left, bottom - top);
  for (let row = 0; row < layer.height; row++) {
    const y = (top + row + 0.5 - placing.y) / scale + anchorY - 0.5;
    const shift = placing.x + placing.lean * (placing.y - (top + row));
    sampleRow(level, layer, row, (left + 0.5 - shift) / scale + anchorX - 0.5, y, 1 / scale);
  }
  return layer;
}

/** An empty layer. */
export function newLayer(left: number, top: number, width: number, height: number): Layer {
  return { left, top, width, height, data: new Uint8ClampedArray(width * height * 4) };
}

/** Lays a layer of the same place and size over another, in place. */
export function coverLayer(under: Layer, over: Layer): void {
  for (let at = 0; at < under.data.length; at += 4) {
    const keep = 255 - over.data[at + 3];
    if (keep === 255) continue;
    for (let channel = 0; channel < 4; channel++)
      under.data[at + channel] = over.data[at + channel] + (under.data[at + channel] * keep) / 255;
  }
}

/** Where a layer covers anything by more than half, `[x, y, width, height]` in the footage; undefined when nowhere. */
export function coveredBox(layer: Layer): [number, number, number, number] | undefined {
  let left = layer.width;
  let right = -1;
  let top = -1;
  let bottom = -1;
  for (let row = 0; row < layer.height; row++) {
    for (let column = 0; column < layer.width; column++) {
      if (layer.data[(row * layer.width + column) * 4 + 3] < 128) continue;
      if (column < left) left = column;
      if (column > right) right = column;
      if (top < 0) top = row;
      bottom = row;
    }
  }
  if (right < 0) return undefined;
  return [layer.left + left, layer.top + top, right - left + 1, bottom - top + 1];
}

/** Takes away what `mask` hides (0–255 per pixel of the footage, `width` wide). */
export function hideLayer(layer: Layer, mask: Uint8Array, width: number): void {
  for (let row = 0; row < layer.height; row++) {
    for (let column = 0; column < layer.width; column++) {
      const hidden = mask[(layer.top + row) * width + layer.left + column];
      if (hidden === 0) continue;
      const at = (row * layer.width + column) * 4;
      for (let channel = 0; channel < 4; channel++)
        layer.data[at + channel] = (layer.data[at + channel] * (255 - hidden)) / 255;
    }
  }
}

/** Softens a layer the way a lens and a moving subject do: a box of 2·`across`+1 by 2·`down`+1 pixels. */
export function softenLayer(layer: Layer, across: number, down: number): Layer {
  const wide = across > 0 ? blurRows(layer, across) : layer;
  return down > 0 ? blurColumns(wide, down) : wide;
}

function sampleRow(
  level: Sprite['levels'][number],
  layer: Layer,
  row: number,
  x0: number,
  y: number,
  step: number,
) {
  const { width, height, data } = level;
  const upper = Math.floor(y);
  if (upper < -1 || upper >= height) return;
  const downWeight = y - upper;
  const first = Math.max(0, upper) * width;
  const second = Math.min(height - 1, upper + 1) * width;
  let x = x0;
  let to = row * layer.width * 4;
  for (let column = 0; column < layer.width; column++, x += step, to += 4) {
    const leftmost = Math.floor(x);
    if (leftmost < 0 || leftmost >= width - 1) continue;
    const rightWeight = x - leftmost;
    const a = (1 - rightWeight) * (1 - downWeight);
    const b = rightWeight * (1 - downWeight);
    const c = (1 - rightWeight) * downWeight;
    const d = rightWeight * downWeight;
    const p = (first + leftmost) * 4;
    const q = (second + leftmost) * 4;
    for (let channel = 0; channel < 4; channel++)
      layer.data[to + channel] =
        a * data[p + channel] + b * data[p + 4 + channel] + c * data[q + channel] + d * data[q + 4 + channel];
  }
}

function halve({ width, height, data }: Sprite['levels'][number]): Sprite['levels'][number] {
  const halfWidth = width >> 1;
  const halfHeight = height >> 1;
  const half = new Uint8ClampedArray(halfWidth * halfHeight * 4);
  for (let row = 0; row < halfHeight; row++) {
    for (let column = 0; column < halfWidth; column++) {
      const from = (row * 2 * width + column * 2) * 4;
      const to = (row * halfWidth + column) * 4;
      for (let channel = 0; channel < 4; channel++) {
        const at = from + channel;
        half[to + channel] =
          (data[at] + data[at + 4] + data[at + width * 4] + data[at + width * 4 + 4] + 2) >> 2;
      }
    }
  }
  return { width: halfWidth, height: halfHeight, data: half };
}

function blurRows(layer: Layer, radius: number): Layer {
  const { width, height, data } = layer;
  const grown = newLayer(layer.left - radius, layer.top, width + 2 * radius, height);
  const span = 2 * radius + 1;
  for (let row = 0; row < height; row++) {
    let [red, green, blue, alpha] = [0, 0, 0, 0];
    let entering = row * width * 4;
    let leaving = entering - span * 4;
    let to = row * grown.width * 4;
    for (let column = 0; column < grown.width; column++, entering += 4, leaving += 4, to += 4) {
      if (column < width) {
        red += data[entering];
        green += data[entering + 1];
        blue += data[entering + 2];
        alpha += data[entering + 3];
      }
      if (column >= span) {
        red -= data[leaving];
        green -= data[leaving + 1];
        blue -= data[leaving + 2];
        alpha -= data[leaving + 3];
      }
      if (alpha === 0) continue;
      grown.data[to] = red / span;
      grown.data[to + 1] = green / span;
      grown.data[to + 2] = blue / span;
      grown.data[to + 3] = alpha / span;
    }
  }
  return grown;
}

function blurColumns(layer: Layer, radius: number): Layer {
  const { width, height, data } = layer;
  const grown = newLayer(layer.left, layer.top - radius, width, height + 2 * radius);
  const span = 2 * radius + 1;
  const sums = new Int32Array(width * 4);
  for (let row = 0; row < grown.height; row++) {
    const entering = row * width * 4;
    const leaving = (row - span) * width * 4;
    if (row < height) for (let at = 0; at < sums.length; at++) sums[at] += data[entering + at];
    if (row >= span) for (let at = 0; at < sums.length; at++) sums[at] -= data[leaving + at];
    for (let at = 0; at < sums.length; at++) if (sums[at] !== 0) grown.data[entering + at] = sums[at] / span;
  }
  return grown;
}
