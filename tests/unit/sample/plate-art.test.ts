import { describe, expect, test } from 'vitest';
import type { RgbaPicture } from '../../../edge/capture/picture-codec.ts';
import { drawSignText, type PlateDesign, plateSize, renderPlate } from '../../../edge/sample/plate-art.ts';

const oneOfEach: PlateDesign[] = [
  { text: '苏A82K56', class: 'small_car' },
  { text: '皖C7H528', class: 'large_vehicle' },
  { text: '京A1234学', class: 'driving_school' },
  { text: '鲁B5678挂', class: 'trailer' },
  { text: '沪AD52816', class: 'small_new_energy' },
  { text: '粤B12345D', class: 'large_new_energy' },
  { text: '川A0123警', class: 'police' },
  { text: '粤Z12F4港', class: 'hong_kong_macao' },
  { text: '使123456', class: 'embassy' },
  { text: '沪A1234领', class: 'consulate' },
  { text: 'VA12345', class: 'military' },
  { text: 'WJ苏12345', class: 'armed_police' },
  { text: '京X1234应急', class: 'emergency' },
  { text: '闽D90210', class: 'unknown' },
];

type Colour = [red: number, green: number, blue: number];

const pixelAt = ({ data, width }: RgbaPicture, x: number, y: number): Colour => {
  const at = (Math.round(y) * width + Math.round(x)) * 4;
  return [data[at]!, data[at + 1]!, data[at + 2]!];
};
const brightness = ([red, green, blue]: Colour) => (red + green + blue) / 3;

/** Share of a rectangle that is bright, on a dark plate. */
function inkIn(picture: RgbaPicture, [x, y, width, height]: [number, number, number, number]): number {
  let ink = 0;
  for (let row = y; row < y + height; row++)
    for (let column = x; column < x + width; column++)
      if (brightness(pixelAt(picture, column, row)) > 180) ink++;
  return ink / (width * height);
}

describe('the plates of GA 36-2018', () => {
  test('every class is drawn at its own size, and no two look alike', async () => {
    const pictures = await Promise.all(oneOfEach.map((design) => renderPlate(design, { scale: 1 })));
    pictures.forEach((picture, index) => {
      expect([picture.width, picture.height]).toEqual(Object.values(plateSize(oneOfEach[index]!)));
    });
    expect(new Set(pictures.map(({ data }) => Buffer.from(data).toString('base64'))).size).toBe(
      oneOfEach.length,
    );
  });

  test('small cars have 440×140, new energy 480×140, two rows 440×220', () => {
    expect(plateSize({ text: '苏A82K56', class: 'small_car' })).toEqual({ width: 440, height: 140 });
    expect(plateSize({ text: '沪AD52816', class: 'small_new_energy' })).toEqual({ width: 480, height: 140 });
    expect(plateSize({ text: '皖C7H528', class: 'large_vehicle', rows: 2 })).toEqual({
      width: 440,
      height: 220,
    });
  });

  test('the ground has the colour of the class', async () => {
    const ground = async (design: PlateDesign) => pixelAt(await renderPlate(design, { scale: 1 }), 220, 18);
    const [blueRed, blueGreen, blueBlue] = await ground({ text: '苏A82K56', class: 'small_car' });
    expect(blueBlue).toBeGreaterThan(blueRed + 90);
    expect(blueBlue).toBeGreaterThan(blueGreen + 60);
    const [yellowRed, yellowGreen, yellowBlue] = await ground({ text: '皖C7H528', class: 'large_vehicle' });
    expect(Math.min(yellowRed, yellowGreen)).toBeGreaterThan(yellowBlue + 90);
    expect(brightness(await ground({ text: '川A0123警', class: 'police' }))).toBeGreaterThan(230);
    expect(brightness(await ground({ text: '粤Z12F4港', class: 'hong_kong_macao' }))).toBeLessThan(40);
  });

  test('new energy fades from white to green downwards', async () => {
    const picture = await renderPlate({ text: '沪AD52816', class: 'small_new_energy' }, { scale: 1 });
    const [topRed] = pixelAt(picture, 240, 18);
    const [bottomRed, bottomGreen] = pixelAt(picture, 240, 122);
    expect(topRed).toBeGreaterThan(bottomRed + 60);
    expect(bottomGreen).toBeGreaterThan(bottomRed + 40);
  });

  test('seven characters stand in boxes of 45×90 with a dot after the second', async () => {
    const picture = await renderPlate({ text: '苏A88888', class: 'small_car' }, { scale: 1 });
    const lefts = [15, 72, 152, 209, 266, 323, 380];
    for (const left of lefts) expect(inkIn(picture, [left, 25, 45, 90])).toBeGreaterThan(0.15);
    const gaps = [...lefts.slice(0, 1), ...lefts.slice(2, -1)].map((left) => left + 48);
    for (const gap of gaps) expect(inkIn(picture, [gap, 25, 6, 90])).toBe(0);
    expect(inkIn(picture, [130, 65, 9, 10])).toBeGreaterThan(0.6);
    expect(inkIn(picture, [120, 25, 28, 35])).toBe(0);
  });

  test('only the last character of a police plate is red', async () => {
    const picture = await renderPlate({ text: '川A0123警', class: 'police' }, { scale: 1 });
    const redIn = (from: number, to: number) => {
      for (let y = 25; y < 115; y++)
        for (let x = from; x < to; x++) {
          const [red, green] = pixelAt(picture, x, y);
          if (red > green + 80) return true;
        }
      return false;
    };
    expect(redIn(15, 370)).toBe(false);
    expect(redIn(378, 428)).toBe(true);
  });

  test('the same plate is drawn to the same bytes', async () => {
    const draw = () => renderPlate({ text: '浙B3F901', class: 'small_car' }, { scale: 0.7 });
    expect((await draw()).data).toEqual((await draw()).data);
  });

  test('a character that no plate holds is refused by name', async () => {
    await expect(renderPlate({ text: '苏A82K5ß', class: 'small_car' }, { scale: 1 })).rejects.toThrow(/"ß"/);
    expect(() => drawSignText('ß', 10, '#fff')).toThrow(RangeError);
  });
});
