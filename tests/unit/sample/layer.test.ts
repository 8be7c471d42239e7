import { describe, expect, test } from 'vitest';
import {
  coveredBox,
  coverLayer,
  drawSprite,
  hideLayer,
  makeSprite,
  newLayer,
  softenLayer,
} from '../../../edge/sample/layer.ts';
import { seededRandom } from '../../../edge/sample/random.ts';
import { addGlow, makeGrain, newYuvFrame, paintLayer, paintPicture } from '../../../edge/sample/yuv-frame.ts';

const footage = { width: 200, height: 100 };
const noGrain = { side: 2, values: new Int8Array(4) };
const plainTone = { red: 1, green: 1, blue: 1 };

function opaque(width: number, height: number, value: number) {
  return {
    width,
    height,
    data: new Uint8Array(width * height * 4).fill(value).map((one, at) => (at % 4 === 3 ? 255 : one)),
  };
}

const coverage = ({ data }: { data: Uint8ClampedArray }) =>
  data.reduce((sum, value, at) => (at % 4 === 3 ? sum + value : sum), 0) / 255;

describe('layers', () => {
  test.each([1, 0.5, 0.21])(
    'a sprite drawn at scale %f covers its scaled size and stands on its anchor',
    (scale) => {
      const sprite = makeSprite(opaque(80, 160, 90));
      const layer = drawSprite(
        sprite,
        { anchorX: 40, anchorY: 160, x: 100, y: 98, scale, lean: 0 },
        footage,
      )!;
      const [left, top, width, height] = coveredBox(layer)!;
      expect(Math.abs(width - 80 * scale)).toBeLessThanOrEqual(2);
      expect(Math.abs(top + height - 98)).toBeLessThanOrEqual(2);
      expect(Math.abs(left + width / 2 - 100)).toBeLessThanOrEqual(1);
    },
  );

  test('a sprite outside the footage gives no layer', () => {
    const sprite = makeSprite(opaque(40, 40, 90));
    const placing = { anchorX: 0, anchorY: 0, x: 500, y: 500, scale: 1, lean: 0 };
    expect(drawSprite(sprite, placing, footage)).toBeUndefined();
  });

  test('softening spreads a layer and loses nothing of it', () => {
    const layer = newLayer(20, 20, 10, 10);
    layer.data.fill(255);
    const soft = softenLayer(layer, 3, 2);
    expect([soft.left, soft.top, soft.width, soft.height]).toEqual([17, 18, 16, 14]);
    expect(Math.abs(coverage(soft) - coverage(layer))).toBeLessThan(3);
  });

  test('what covers a layer hides it as far as it is opaque', () => {
    const under = newLayer(3, 4, 3, 1);
    under.data.set([100, 50, 20, 255, 100, 50, 20, 255, 0, 0, 0, 0]);
    const over = newLayer(3, 4, 3, 1);
    over.data.set([0, 0, 0, 0, 40, 40, 40, 51, 200, 10, 10, 255]);
    coverLayer(under, over);
    expect([...under.data]).toEqual([100, 50, 20, 255, 120, 80, 56, 255, 200, 10, 10, 255]);
  });

  test('what the mask hides is gone, the rest stays', () => {
    const layer = newLayer(10, 10, 4, 2);
    layer.data.fill(200);
    const mask = new Uint8Array(footage.width * footage.height);
    mask.fill(255, 10 * footage.width, 11 * footage.width);
    hideLayer(layer, mask, footage.width);
    expect([...layer.data.subarray(0, 16)]).toEqual(new Array(16).fill(0));
    expect([...layer.data.subarray(16)]).toEqual(new Array(16).fill(200));
  });
});

describe('frames in BT.709, limited range', () => {
  test('white, black and the primaries come to the values of the standard', () => {
    const expected = [
      [
        [255, 255, 255],
        [235, 128, 128],
      ],
      [
        [0, 0, 0],
        [16, 128, 128],
      ],
      [
        [255, 0, 0],
        [63, 102, 240],
      ],
      [
        [0, 0, 255],
        [32, 240, 118],
      ],
    ] as const;
    for (const [rgb, yuv] of expected) {
      const frame = newYuvFrame(2, 2);
      paintPicture(frame, Uint8Array.from([...rgb, ...rgb, ...rgb, ...rgb]), noGrain);
      const seen = [frame.y[0]!, frame.u[0]!, frame.v[0]!];
      for (const [index, value] of seen.entries())
        expect(Math.abs(value - yuv[index]!)).toBeLessThanOrEqual(1);
    }
  });

  test('an empty layer leaves the frame alone, a full one replaces it', () => {
    const frame = newYuvFrame(footage.width, footage.height);
    const before = frame.bytes.slice();
    paintLayer(frame, newLayer(0, 0, 50, 50), plainTone, noGrain, 0);
    expect(frame.bytes).toEqual(before);
    const full = newLayer(-10, -10, 30, 30);
    full.data.fill(255);
    paintLayer(frame, full, plainTone, noGrain, 0);
    expect(frame.y[0]).toBe(235);
    expect(frame.y[19 * footage.width + 19]).toBe(235);
    expect(frame.y[20 * footage.width + 20]).toBe(16);
  });

  test('light only ever adds, and stays in range', () => {
    const frame = newYuvFrame(footage.width, footage.height);
    for (let times = 0; times < 9; times++)
      addGlow(frame, { x: 60, y: 50, radiusX: 20, radiusY: 10, colour: [255, 240, 200] });
    expect(frame.y[50 * footage.width + 60]).toBe(235);
    expect(Math.min(...frame.y)).toBe(16);
    expect(frame.y[50 * footage.width + 81]).toBe(16);
  });

  test('grain has the deviation asked for, no bias, and the same seed gives the same grain', () => {
    const { values } = makeGrain(128, 6, seededRandom(3));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    expect(Math.abs(mean)).toBeLessThan(0.2);
    expect(Math.abs(deviation - 6)).toBeLessThan(0.3);
    expect(makeGrain(128, 6, seededRandom(3)).values).toEqual(values);
  });
});
