import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { faceScore, placeOnPerson, reportedFrom } from '../../../edge/perceive/face-score.ts';
import type { Box, Detection } from '../../../edge/perceive/perception.ts';

const person = (box: Box): Detection => ({ kind: 'person', label: 'person', score: 0.8, box });
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('the score of a face', () => {
  const signs = { proposed: [0.3], refined: 0.8, place: 'nowhere', side: 40, pictureSide: 640 } as const;

  test('is a probability that no sign in favour can lower', () => {
    fc.assert(
      fc.property(share, share, share, (proposed, refined, more) => {
        const some = { ...signs, proposed: [proposed], refined };
        const score = faceScore(some);
        expect(score).toBeGreaterThan(0);
        expect(score).toBeLessThan(1);
        expect(faceScore({ ...some, proposed: [Math.max(proposed, more)] })).toBeGreaterThanOrEqual(score);
        expect(faceScore({ ...some, refined: Math.max(refined, more) })).toBeGreaterThanOrEqual(score);
        expect(faceScore({ ...some, place: 'head' })).toBeGreaterThan(score);
        expect(faceScore({ ...some, place: 'body' })).toBeLessThan(score);
        expect(faceScore({ ...some, side: 60 })).toBeGreaterThan(score);
        expect(faceScore({ ...some, pictureSide: 960 })).toBeLessThan(score);
      }),
    );
  });

  test('a masked face, which the proposer hardly sees, passes on a head and not on a lamp post', () => {
    const masked = { ...signs, proposed: [0.15], refined: 0.9 };
    expect(faceScore({ ...masked, place: 'head' })).toBeGreaterThan(reportedFrom);
    expect(faceScore({ ...masked, place: 'nowhere' })).toBeLessThan(reportedFrom);
  });

  test('a fist that one tile takes for a face and the others do not is none', () => {
    const { proposed, ...other } = signs;
    expect(faceScore({ ...other, proposed: [0.6, 0.5, 0.55] })).toBeGreaterThan(reportedFrom);
    expect(faceScore({ ...other, proposed: [0.6, 0.07, 0.08] })).toBeLessThan(reportedFrom);
  });
});

describe('the place of a face', () => {
  const standing = person([100, 100, 80, 240]);

  test('is the head near the top of a person', () => {
    expect(placeOnPerson([125, 110, 30, 30], [standing])).toEqual({ place: 'head', person: 0 });
  });

  test('is the body lower down, and then it belongs to nobody', () => {
    expect(placeOnPerson([125, 260, 30, 30], [standing])).toEqual({ place: 'body' });
  });

  test('is nowhere when no person is around', () => {
    expect(placeOnPerson([400, 110, 30, 30], [standing])).toEqual({ place: 'nowhere' });
    expect(placeOnPerson([125, 110, 30, 30], [])).toEqual({ place: 'nowhere' });
  });

  test('of two persons one behind the other, the one whose head it is has it', () => {
    const behind = person([110, 20, 80, 330]);
    expect(placeOnPerson([130, 30, 34, 34], [standing, behind])).toMatchObject({ person: 1 });
    expect(placeOnPerson([125, 112, 30, 30], [standing, behind])).toMatchObject({ person: 0 });
  });

  test('an ear-sized finding on a large person is not the head', () => {
    expect(placeOnPerson([500, 200, 40, 40], [person([0, 0, 1000, 1000])]).place).toBe('body');
  });
});
