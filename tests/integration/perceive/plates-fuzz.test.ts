import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Picture } from '../../../edge/capture/frame.ts';
import { rasterizeSvg } from '../../../edge/capture/picture-codec.ts';
import type { Detection, PlateReading, Point } from '../../../edge/perceive/perception.ts';
import { PlateReader } from '../../../edge/perceive/plates/plate-reader.ts';
import { cropResize, warpPerspective } from '../../../edge/perceive/resample.ts';
import { drawSignText, renderPlate } from '../../../edge/sample/plate-art.ts';
import { provinceOfReading } from '../../../edge/sight/province.ts';

const models = join(import.meta.dirname, '../../../models');
let reader: PlateReader;
beforeAll(async () => {
  reader = await PlateReader.load(models);
});
afterAll(() => reader.release());

const rule = { homeProvince: '苏', watched: ['鄂'] };
const whole = { wholePicture: true };

/** What would be believed: readings whose province is given out as certain. */
function verdictsOf(readings: readonly PlateReading[]): string[] {
  return readings.filter((reading) => provinceOfReading(reading, rule).code).map(({ text }) => text);
}

const scenery = { width: 420, height: 240 };

/** A grey picture with `art` at (`x`, `y`). */
function onGrey(art: { width: number; height: number; data: Uint8Array }, x: number, y: number): Picture {
  const { width, height } = scenery;
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) data.fill(70 + ((i * 7) % 11), i * 3, i * 3 + 3);
  for (let row = 0; row < art.height; row++)
    for (let column = 0; column < art.width; column++) {
      const to = ((row + y) * width + column + x) * 3;
      const from = (row * art.width + column) * 4;
      if (column + x >= width || row + y >= height) continue;
      const alpha = art.data[from + 3]! / 255;
      for (let c = 0; c < 3; c++) data[to + c] = data[to + c]! * (1 - alpha) + art.data[from + c]! * alpha;
    }
  return { width, height, data };
}

const plateOf = (text: string) => renderPlate({ text, class: 'small_car' }, { scale: 0.36 });

describe('what is no readable Chinese plate never gets a province', () => {
  const plates = ['苏A12B45', '鄂F8K903', '川M66T20', '粤B9D1X8', '京N5R7Q3'];

  test.each(plates)('%s seen in a mirror', async (text) => {
    const picture = onGrey(await plateOf(text), 120, 100);
    const mirrored = warpPerspective(
      picture,
      [
        [picture.width, 0],
        [0, 0],
        [0, picture.height],
        [picture.width, picture.height],
      ],
      picture.width,
      picture.height,
    );
    expect(verdictsOf(await reader.read(mirrored, [], whole))).toEqual([]);
  });

  test.each(plates)('%s upside down', async (text) => {
    const picture = onGrey(await plateOf(text), 120, 100);
    const { width, height } = picture;
    const corners: [Point, Point, Point, Point] = [
      [width, height],
      [0, height],
      [0, 0],
      [width, 0],
    ];
    expect(
      verdictsOf(await reader.read(warpPerspective(picture, corners, width, height), [], whole)),
    ).toEqual([]);
  });

  test.each(['AB12345', 'B123XYZ', 'XYZ7890', 'WA4471H', 'KL65H438'])('a foreign plate, %s', async (text) => {
    const art = await renderPlate({ text, class: 'unknown' }, { scale: 0.36 });
    expect(verdictsOf(await reader.read(onGrey(art, 100, 90), [], whole))).toEqual([]);
  });

  test('a wall of text', async () => {
    const rows = Array.from(
      { length: 9 },
      (_, row) =>
        `<g transform="translate(4 ${4 + row * 26})">${drawSignText('梧桐苑东门岗出入平安访客登记减速慢行'.slice(row % 3), 22, '#111')}</g>`,
    ).join('');
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="420" height="240"><rect width="420" height="240" fill="#e8e6df"/>${rows}</svg>`;
    const art = await rasterizeSvg(svg);
    expect(verdictsOf(await reader.read(onGrey(art, 0, 0), [], whole))).toEqual([]);
  });
});

test('any crop of a plate, however small, cut or stretched, and any vehicle box gives readings or none, never an error', async () => {
  const picture = onGrey(await plateOf('苏E7X902'), 130, 90);
  const part = fc.double({ min: -0.3, max: 1.2, noNaN: true });
  await fc.assert(
    fc.asyncProperty(
      part,
      part,
      fc.double({ min: 0.005, max: 1, noNaN: true }),
      fc.double({ min: 0.005, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 150 }),
      fc.integer({ min: 1, max: 70 }),
      async (x, y, w, h, width, height) => {
        const box: [number, number, number, number] = [
          x * picture.width,
          y * picture.height,
          w * picture.width,
          h * picture.height,
        ];
        const crop = cropResize(picture, box, width, height);
        const car: Detection = { kind: 'vehicle', label: 'car', score: 0.9, box };
        for (const readings of [
          await reader.read(crop, [], whole),
          await reader.read(picture, [car], { wholePicture: false }),
        ])
          for (const { score, characters, text } of readings) {
            expect(score).toBeGreaterThanOrEqual(0);
            expect(score).toBeLessThanOrEqual(1);
            expect(characters.map((character) => character.text).join('')).toBe(text);
          }
      },
    ),
    { numRuns: 25 },
  );
});
