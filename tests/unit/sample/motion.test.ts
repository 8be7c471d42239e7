import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { barrierFor, drive, passageSeconds, walk, walkSeconds } from '../../../edge/sample/motion.ts';
import { gateRecipe, type VehiclePassage } from '../../../edge/sample/recipe.ts';

const vehicles = gateRecipe.passages.filter(
  (passage): passage is VehiclePassage => passage.kind === 'vehicle',
);
const entering = vehicles.find(({ direction }) => direction === 'entry')!;
const leaving = vehicles.find(({ direction }) => direction === 'exit')!;
const frame = 0.1;

describe('the ways through the gate', () => {
  test('a person comes from outside, stands near the lens for at least 1.5 seconds, and is gone', () => {
    const stands = Array.from({ length: Math.ceil(walkSeconds / frame) }, (_, index) => walk(index * frame)!);
    expect(stands[0]!.z).toBeGreaterThan(12.3);
    expect(stands.filter(({ walking }) => !walking).length * frame).toBeGreaterThanOrEqual(1.5);
    expect(walk(-0.1)).toBeUndefined();
    expect(walk(walkSeconds + 0.1)).toBeUndefined();
  });

  test('nobody jumps: between two frames people move less than 30 cm and vehicles less than 1.2 m', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 14, noNaN: true }), (seconds) => {
        for (const [before, after, most] of [
          [walk(seconds), walk(seconds + frame), 0.3],
          [drive(entering, seconds), drive(entering, seconds + frame), 1.2],
          [drive(leaving, seconds), drive(leaving, seconds + frame), 1.2],
        ] as const)
          if (before && after) expect(Math.hypot(after.x - before.x, after.z - before.z)).toBeLessThan(most);
      }),
    );
  });

  test('who enters ends nearer than he began, who leaves ends farther', () => {
    const ends = (passage: VehiclePassage) => {
      const stands = Array.from({ length: 140 }, (_, index) => drive(passage, index * frame)).filter(
        (one) => one,
      );
      return [stands[0]!.z, stands.at(-1)!.z];
    };
    const [entryFrom, entryTo] = ends(entering);
    expect(entryTo).toBeLessThan(entryFrom! - 15);
    const [exitFrom, exitTo] = ends(leaving);
    expect(exitTo).toBeGreaterThan(exitFrom! + 15);
  });

  test('an entering vehicle shows its front to the lens when it stops, a leaving one its rear in the lane', () => {
    const stopped = Array.from({ length: 140 }, (_, index) => drive(entering, index * frame)).find(
      (stand) => stand?.speed === 0,
    )!;
    expect(Math.cos(stopped.turn)).toBeGreaterThan(0.99);
    const inLane = Array.from({ length: 140 }, (_, index) => drive(leaving, index * frame)).find(
      (stand) => stand && stand.z > 8,
    )!;
    expect(Math.cos(inLane.turn)).toBeLessThan(-0.95);
  });

  test('the barrier is up while a vehicle is under it, and down again afterwards', () => {
    for (const passage of [entering, leaving]) {
      const length = 4.6;
      for (let seconds = 0; seconds < passageSeconds(passage); seconds += frame) {
        const stand = drive(passage, seconds);
        if (!stand || Math.abs(Math.cos(stand.turn)) < 0.9) continue;
        const [low, high] =
          passage.direction === 'entry' ? [stand.z, stand.z + length] : [stand.z - length, stand.z];
        if (low < 9.97 && high > 9.97) expect(barrierFor(passage, seconds)).toBeGreaterThan(0.85);
      }
      expect(barrierFor(passage, 30)).toBe(0);
    }
  });
});
