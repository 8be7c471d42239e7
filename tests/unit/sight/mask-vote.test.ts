import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MaskReading } from '../../../edge/perceive/perception.ts';
import { MaskVotes } from '../../../edge/sight/mask-vote.ts';
import { aMask } from './observations.ts';

type Seen = [verdict: MaskReading['verdict'], quality?: number, score?: number];

function verdictOver(faces: Seen[], frameMs = 200) {
  const votes = new MaskVotes();
  for (const [index, [verdict, quality = 0.8, score = 0.9]] of faces.entries())
    votes.add({ mask: aMask(verdict, score), quality, score: 0.95 }, index * frameMs);
  return votes.verdict();
}

function times(count: number, ...seen: Seen): Seen[] {
  return Array<Seen>(count).fill(seen);
}

test('no face is no verdict', () => {
  expect(verdictOver([])).toBeUndefined();
});

test('a verdict needs three frames and half a second', () => {
  expect(verdictOver(times(3, 'not_worn'))?.verdict).toBe('cannot_tell');
  expect(verdictOver(times(2, 'not_worn'), 600)?.verdict).toBe('cannot_tell');
  expect(verdictOver(times(3, 'not_worn'), 250)?.verdict).toBe('not_worn');
  expect(verdictOver(times(10, 'not_worn'), 40)?.verdict).toBe('cannot_tell');
  expect(verdictOver(times(14, 'not_worn'), 40)?.verdict).toBe('not_worn');
});

test.each(['worn', 'worn_improperly'] as const)(
  'a hand over the mouth that looks %s for 0.3 s never counts',
  (look) => {
    fc.assert(
      fc.property(fc.nat(20), fc.integer({ min: 4, max: 20 }), (before, after) => {
        const verdicts = new Set<string | undefined>();
        const faces = [...times(before, 'not_worn'), ...times(2, look), ...times(after, 'not_worn')];
        for (let count = 1; count <= faces.length; count++)
          verdicts.add(verdictOver(faces.slice(0, count))?.verdict);
        expect(verdicts.has(look)).toBe(false);
        expect(verdictOver(faces)?.verdict).toBe('not_worn');
      }),
    );
  },
);

test('poor faces do not outvote good ones', () => {
  const faces = [...times(5, 'not_worn', 0.9), ...times(14, 'worn', 0.2)];
  expect(verdictOver(faces)?.verdict).toBe('not_worn');
});

test('what the model cannot tell, and faces too poor to say, decide nothing', () => {
  expect(verdictOver(times(20, 'cannot_tell'))).toEqual({ verdict: 'cannot_tell', confidence: 0, votes: 20 });
  expect(verdictOver(times(20, 'not_worn', 0.1))?.verdict).toBe('cannot_tell');
  expect(verdictOver(times(20, 'not_worn', Number.NaN))?.verdict).toBe('cannot_tell');
});

test('readings that hang in the balance decide nothing', () => {
  const faces = Array.from({ length: 20 }, (_, index): Seen => [index % 2 ? 'worn' : 'worn_improperly']);
  expect(verdictOver(faces)?.verdict).toBe('cannot_tell');
});

test('a verdict stands while the face is turned away, and gives way to what then lasts', () => {
  const bare = times(8, 'not_worn');
  expect(verdictOver([...bare, ...times(30, 'cannot_tell')])?.verdict).toBe('not_worn');
  expect(verdictOver([...times(100, 'not_worn'), ...times(22, 'worn')])?.verdict).toBe('worn');
});

test('the confidence is a share of the votes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('worn' as const, 'not_worn' as const), { maxLength: 200 }),
      (looks) => {
        const verdict = verdictOver(looks.map((look): Seen => [look]));
        if (!verdict || verdict.verdict === 'cannot_tell') return;
        expect(verdict.confidence).toBeGreaterThanOrEqual(0.6);
        expect(verdict.confidence).toBeLessThanOrEqual(1);
      },
    ),
  );
});
