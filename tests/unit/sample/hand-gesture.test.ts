import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cast } from '../../../edge/sample/cast.ts';
import { pullsMask, raisedHand } from '../../../edge/sample/hand-gesture.ts';
import { walk } from '../../../edge/sample/motion.ts';
import { gateRecipe } from '../../../edge/sample/recipe.ts';

const gesture = { from: 4, to: 7, pullsMaskAt: 5 };
const seconds = fc.double({ min: 0, max: 11, noNaN: true });

describe('a hand before the mouth', () => {
  test('is there the whole time, and hangs a second before and after', () => {
    fc.assert(
      fc.property(seconds, (at) => {
        const raised = raisedHand(gesture, at);
        if (at >= gesture.from && at <= gesture.to) expect(raised).toBeGreaterThan(0.98);
        else if (at < gesture.from - 1 || at > gesture.to + 1) expect(raised).toBe(0);
        else expect(raised).toBeLessThan(1);
      }),
    );
  });

  test('does not jump: in 20 ms it moves less than a tenth of its way', () => {
    fc.assert(
      fc.property(seconds, (at) => {
        expect(Math.abs(raisedHand(gesture, at + 0.02) - raisedHand(gesture, at))).toBeLessThan(0.1);
      }),
    );
  });

  test('pulls the mask only when it is told to, and while it is there', () => {
    const at = Array.from({ length: 550 }, (_, index) => index / 50).filter((now) => pullsMask(gesture, now));
    expect([at[0], at.at(-1)]).toEqual([5, 5.38]);
    expect(pullsMask({ from: 4, to: 7 }, 5)).toBe(false);
  });
});

describe('the hand in the footage', () => {
  const passages = gateRecipe.passages.flatMap((passage) =>
    passage.kind === 'person' && passage.hand ? [{ ...passage, hand: passage.hand }] : [],
  );

  test('is before a mask for two to four seconds, on somebody who has an arm for it', () => {
    expect(passages.length).toBeGreaterThan(0);
    for (const { person, mask, hand } of passages) {
      expect(mask).toBeDefined();
      expect('arm' in cast[person]).toBe(true);
      expect(hand.to - hand.from).toBeGreaterThanOrEqual(2);
      expect(hand.to - hand.from).toBeLessThanOrEqual(4);
    }
  });

  test('pulls the mask for fewer frames and less time than a verdict takes, on somebody who stands', () => {
    for (const { at, hand } of passages) {
      const frames = Array.from(
        { length: gateRecipe.seconds * gateRecipe.framesPerSecond },
        (_, index) => index / gateRecipe.framesPerSecond - at,
      ).filter((along) => pullsMask(hand, along));
      expect(frames.length).toBeGreaterThanOrEqual(1);
      expect(frames.length).toBeLessThan(3);
      expect(frames.at(-1)! - frames[0]!).toBeLessThan(0.5);
      expect(frames.map((along) => walk(along)!.walking)).not.toContain(true);
    }
  });
});
