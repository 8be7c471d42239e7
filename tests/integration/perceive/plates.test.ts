import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Picture } from '../../../edge/capture/frame.ts';
import type { Box, Detection, Point } from '../../../edge/perceive/perception.ts';
import type { Corners } from '../../../edge/perceive/plates/plate-cells.ts';
import { PlateDetector } from '../../../edge/perceive/plates/plate-detector.ts';
import { PlateReader } from '../../../edge/perceive/plates/plate-reader.ts';
import { cropResize, warpPerspective } from '../../../edge/perceive/resample.ts';
import { type PlateDesign, renderPlate } from '../../../edge/sample/plate-art.ts';
import type { PlateClass } from '../../../hub/contract/sighting.ts';

const models = join(import.meta.dirname, '../../../models');
let reader: PlateReader;
beforeAll(async () => {
  reader = await PlateReader.load(models);
});
afterAll(() => reader.release());

/** A grey scene with the plate on a dark bumper, its top left at (`x`, `y`), `scale` pixels per millimetre, leaning. */
async function scene(
  design: PlateDesign,
  { x = 120, y = 110, scale = 0.3, lean = 0 } = {},
): Promise<Picture> {
  const plate = await renderPlate(design, { scale });
  const width = 400;
  const height = 240;
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const at = (row * width + column) * 3;
      const ground = row > 80 && row < 200 ? 44 : 120;
      data.fill(ground + ((row * 7 + column * 3) % 9), at, at + 3);
      const px = column - x;
      const py = row - y - Math.round(lean * px);
      if (px < 0 || py < 0 || px >= plate.width || py >= plate.height) continue;
      const from = (py * plate.width + px) * 4;
      const alpha = plate.data[from + 3]! / 255;
      for (let c = 0; c < 3; c++) data[at + c] = data[at + c]! * (1 - alpha) + plate.data[from + c]! * alpha;
    }
  return { width, height, data };
}

const car = (box: Box): Detection => ({ kind: 'vehicle', label: 'car', score: 0.9, box });
const onCar = { wholePicture: false };
const bumper = car([40, 40, 320, 180]);

describe('every class of plate', () => {
  test.each<[string, PlateClass, 1 | 2, string]>([
    ['苏A12345', 'small_car', 1, 'blue'],
    ['京B8C9D0', 'large_vehicle', 1, 'yellow'],
    ['冀E4K5L6', 'large_vehicle', 2, 'yellow'],
    ['浙C1234学', 'driving_school', 1, 'yellow'],
    ['鲁D5678挂', 'trailer', 1, 'yellow'],
    ['粤BD12345', 'small_new_energy', 1, 'green'],
    ['沪A12345D', 'large_new_energy', 1, 'green'],
    ['川A1234警', 'police', 1, 'white'],
    ['粤ZAB12港', 'hong_kong_macao', 1, 'black'],
    ['使123456', 'embassy', 1, 'black'],
    ['沪A1234领', 'consulate', 1, 'black'],
    ['民航B1234', 'civil_aviation', 1, 'green'],
    ['VA12345', 'military', 1, 'white'],
    ['WJ苏12345', 'armed_police', 1, 'white'],
    ['京X1234应急', 'emergency', 1, 'white'],
  ])('%s is read as %s in %d row(s) on %s', async (text, plateClass, rows, colour) => {
    const picture = await scene({ text, class: plateClass, rows });
    const [plate] = await reader.read(picture, [bumper], onCar);
    expect(plate).toMatchObject({ text, class: plateClass, rows, colour, vehicle: 0 });
    expect(plate!.characters.map((c) => c.text).join('')).toBe(text);
  });
});

test('the corners lie on the plate, clockwise from top left, also when it leans', async () => {
  const lean = 0.15;
  const picture = await scene({ text: '鄂F8K903', class: 'small_car' }, { lean });
  const [plate] = await reader.read(picture, [bumper], onCar);
  expect(plate?.text).toBe('鄂F8K903');
  const width = 440 * 0.3;
  const height = 140 * 0.3;
  const truth: Point[] = [
    [120, 110],
    [120 + width, 110 + lean * width],
    [120 + width, 110 + lean * width + height],
    [120, 110 + height],
  ];
  for (const [i, [x, y]] of truth.entries())
    expect(Math.hypot(plate!.corners[i]![0] - x, plate!.corners[i]![1] - y)).toBeLessThan(14);
});

test.each([
  { text: '冀E4K5L6', class: 'large_vehicle', rows: 2 },
  { text: '鄂F8K903', class: 'small_car', rows: 1 },
] as const)(
  'corners that miss half of how far a plate leans come right from the front ($rows row(s))',
  async (design) => {
    const detector = await PlateDetector.load(models);
    const lean = 0.4;
    const picture = await scene(design, { lean });
    const width = 440 * 0.3;
    const height = (design.rows === 2 ? 220 : 140) * 0.3;
    const cornersBy = (leaning: number): Corners => {
      const left = 110 + ((lean - leaning) * width) / 2;
      const right = left + leaning * width;
      return [
        [120, left],
        [120 + width, right],
        [120 + width, right + height],
        [120, left + height],
      ];
    };
    const truth = cornersBy(lean);
    const farthest = (corners: Corners) =>
      Math.max(...truth.map(([x, y], i) => Math.hypot(corners[i]![0] - x, corners[i]![1] - y)));
    const rough = cornersBy(lean / 2);
    const seen = await detector.lookFromFront(picture, { corners: rough, score: 0.7, rows: design.rows });
    await detector.release();
    expect(farthest(seen!.corners)).toBeLessThan(0.5 * farthest(rough));
  },
);

test('a picture cut tightly around a plate is read as a whole picture', async () => {
  const picture = cropResize(
    await scene({ text: '皖N61V02', class: 'small_car' }),
    [120, 110, 132, 42],
    136,
    36,
  );
  const [plate] = await reader.read(picture, [], { wholePicture: true });
  expect(plate).toMatchObject({ text: '皖N61V02', class: 'small_car' });
  expect(plate!.vehicle).toBeUndefined();
});

test('a plate found in the whole picture belongs to the vehicle around it', async () => {
  const picture = await scene({ text: '湘C77A18', class: 'small_car' });
  const far = car([0, 0, 60, 40]);
  const plates = await reader.read(picture, [far, bumper], { wholePicture: true });
  expect(plates).toHaveLength(1);
  expect(plates[0]).toMatchObject({ text: '湘C77A18', vehicle: 1 });
});

test('without a vehicle and without the whole picture nothing is looked at', async () => {
  const picture = await scene({ text: '苏A12345', class: 'small_car' });
  expect(await reader.read(picture, [], onCar)).toEqual([]);
});

describe('what is no plate gives no confident plate', () => {
  const invented = async (picture: Picture, vehicles: Detection[] = []) =>
    (await reader.read(picture, vehicles, { wholePicture: true })).filter(
      ({ text, score, characters }) => text !== '' && score > 0.5 && characters[0]!.confidence > 0.7,
    );
  const noise = (width: number, height: number): Picture => {
    let state = 42;
    const data = new Uint8Array(width * height * 3).map(() => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 24;
    });
    return { width, height, data };
  };

  test.each([
    [8, 3],
    [1, 1],
    [3, 90],
    [300, 12],
    [160, 48],
  ])('noise of %d×%d pixels', async (width, height) => {
    expect(await invented(noise(width, height))).toEqual([]);
  });

  test('one colour all over', async () => {
    expect(await invented({ width: 136, height: 36, data: new Uint8Array(136 * 36 * 3).fill(90) })).toEqual(
      [],
    );
  });

  test('a plate upside down', async () => {
    const upright = await scene({ text: '苏A12345', class: 'small_car' });
    const { width, height } = upright;
    const turned = warpPerspective(
      upright,
      [
        [width, height],
        [0, height],
        [0, 0],
        [width, 0],
      ],
      width,
      height,
    );
    expect(await invented(turned, [bumper])).toEqual([]);
  });

  test('a plate of which the picture’s edge leaves only half', async () => {
    const cut = await scene({ text: '苏A12345', class: 'small_car' }, { x: 340, y: 110 });
    expect(await invented(cut, [car([300, 60, 200, 300])])).toEqual([]);
    const left = await scene({ text: '苏A12345', class: 'small_car' }, { x: -70, y: 110 });
    expect(await invented(left, [car([-50, 60, 200, 300])])).toEqual([]);
  });

  test('vehicles whose boxes lie outside the picture or have no size', async () => {
    const picture = await scene({ text: '苏A12345', class: 'small_car' });
    const boxes: Box[] = [
      [500, 500, 100, 100],
      [-200, -200, 100, 100],
      [10, 10, 0, 0],
      [10, 10, -5, 20],
    ];
    expect(await reader.read(picture, boxes.map(car), onCar)).toEqual([]);
  });
});
