import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Box } from '../../../edge/perceive/perception.ts';
import { Tracker } from '../../../edge/track/tracker.ts';
import { frameMs, person, run, seen, vehicle } from '../../builders/tracking.ts';

/** Recorded: somebody in a mask walks up to the reader, stands there with the feet out of the picture, and is gone. Box and score, 5 per second. */
const masked: ([...Box, number] | undefined)[] = [
  [1224, 339, 124, 580, 0.66],
  [1217, 351, 133, 607, 0.71],
  [1219, 389, 135, 620, 0.7],
  [1216, 369, 147, 673, 0.53],
  [1214, 453, 146, 627, 0.59],
  [1214, 478, 154, 602, 0.55],
  [1211, 410, 175, 555, 0.44],
  undefined,
  [1217, 462, 201, 603, 0.44],
  [1209, 525, 216, 544, 0.43],
  undefined,
  [1221, 470, 222, 601, 0.47],
  [1223, 464, 221, 608, 0.48],
  [1223, 460, 220, 613, 0.48],
  [1223, 459, 220, 612, 0.5],
  [1221, 458, 221, 613, 0.49],
  [1221, 465, 221, 605, 0.52],
  [1220, 461, 220, 609, 0.5],
  [1220, 460, 219, 608, 0.51],
  [1219, 474, 219, 592, 0.53],
  [1218, 481, 219, 586, 0.53],
];

/** Recorded: the same without a mask; the box jumps from the slim figure to the broad upper body. */
const bare: ([...Box, number] | undefined)[] = [
  [1216, 351, 104, 375, 0.69],
  [1223, 355, 103, 390, 0.67],
  [1221, 353, 100, 416, 0.71],
  [1226, 344, 100, 450, 0.69],
  [1229, 347, 111, 471, 0.74],
  [1232, 344, 115, 508, 0.74],
  [1230, 348, 132, 530, 0.78],
  [1225, 356, 132, 563, 0.78],
  [1223, 359, 130, 594, 0.76],
  [1220, 371, 142, 634, 0.67],
  [1220, 405, 153, 638, 0.4],
  undefined,
  undefined,
  undefined,
  [1196, 394, 265, 680, 0.47],
  undefined,
  [1204, 421, 279, 647, 0.4],
  [1197, 423, 293, 647, 0.55],
  [1190, 438, 305, 636, 0.5],
  [1188, 438, 305, 635, 0.49],
  [1189, 438, 305, 636, 0.49],
  [1194, 438, 304, 636, 0.47],
  [1194, 439, 307, 633, 0.47],
  [1193, 440, 309, 630, 0.46],
  [1198, 440, 308, 631, 0.47],
  [1200, 439, 305, 632, 0.48],
  [1201, 438, 305, 633, 0.48],
  [1201, 439, 306, 631, 0.48],
  [1351, 439, 357, 631, 0.62],
  [1583, 449, 323, 617, 0.62],
];

describe('somebody close to the camera, the feet out of the picture', () => {
  test.each([
    ['in a mask, every frame', masked, 1, 0],
    ['in a mask, every other frame', masked, 2, 0],
    ['in a mask, the other ones', masked, 2, 1],
    ['without, every frame', bare, 1, 0],
    ['without, every other frame', bare, 2, 0],
    ['without, the other ones', bare, 2, 1],
  ])('is one track: %s', (_, recorded, step, from) => {
    const tracker = new Tracker();
    const tracks = recorded.flatMap((found, index) => {
      if (index % step !== from) return [];
      const persons = found ? [person(found.slice(0, 4) as Box, found[4])] : [];
      return tracker.update(seen(persons), index * frameMs, { width: 1920, height: 1080 });
    });
    expect(tracks.some(({ state }) => state === 'confirmed')).toBe(true);
    expect(new Set(tracks.map(({ id }) => id))).toEqual(new Set([1]));
    expect(tracks.map(({ state }) => state)).not.toContain('ended');
  });

  test('is found again weakly where he was last seen, however often he was missed within three seconds', () => {
    fc.assert(
      fc.property(
        fc.record({
          missed: fc.integer({ min: 1, max: 13 }),
          score: fc.double({ min: 0.15, max: 0.49, noNaN: true }),
        }),
        fc.record({
          steps: fc.integer({ min: -6, max: 6 }),
          shrink: fc.double({ min: 0.8, max: 1, noNaN: true }),
        }),
        ({ missed, score }, { steps, shrink }) => {
          const walk = (n: number): Box => [600 + n * steps * 4, 400 + n * 5, 150, 600];
          const last = walk(5);
          const upper: Box = [last[0], last[1], last[2], last[3] * shrink];
          const tracks = run([
            ...Array.from({ length: 6 }, (_, n) => [person(walk(n))]),
            ...Array.from({ length: missed }, () => []),
            [person(upper, score)],
          ]);
          expect(tracks.at(-1)!.map(({ id, state }) => [id, state])).toEqual([[1, 'confirmed']]);
        },
      ),
    );
  });

  test('is no example for vehicles: one follows another into the same place, and a weak detection finds no lost one', () => {
    const box: Box = [600, 400, 400, 300];
    const tracks = run([...Array.from({ length: 5 }, () => [vehicle(box)]), [], [vehicle(box, 0.3)]]);
    expect(tracks.at(-1)!.map(({ state }) => state)).toEqual(['lost']);
  });
});
