import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GalleryMatch } from '../../../edge/gallery/gallery.ts';
import type { Face } from '../../../edge/perceive/perception.ts';
import { FamiliarityVotes, templateKindOf } from '../../../edge/sight/familiarity.ts';
import { aFace } from './observations.ts';

const alice = '11111111-1111-4111-8111-111111111111';
const bob = '22222222-2222-4222-8222-222222222222';
const fresh = '33333333-3333-4333-8333-333333333333';

function match(
  similarity: number,
  subject = alice,
  category: GalleryMatch['category'] = 'registered',
): GalleryMatch {
  return { subject, category, kind: 'bare', similarity };
}

interface Compared {
  face?: Face;
  match?: GalleryMatch;
}

function votesOver(compared: Compared[], isGalleryWhole = true): FamiliarityVotes {
  const votes = new FamiliarityVotes();
  for (const { face = aFace('not_worn'), match: found } of compared) votes.add(face, found, isGalleryWhole);
  return votes;
}

function verdictOver(compared: Compared[], isGalleryWhole = true): string | undefined {
  return votesOver(compared, isGalleryWhole).familiarity()?.verdict.verdict;
}

function times<Value>(count: number, value: Value): Value[] {
  return Array<Value>(count).fill(value);
}

describe('a bare face', () => {
  test('near one registered subject is registered, near a stranger seen before', () => {
    expect(votesOver(times(2, { match: match(0.58) })).familiarity()).toMatchObject({
      verdict: { verdict: 'registered' },
      subject: alice,
    });
    expect(verdictOver(times(2, { match: match(0.58, bob, 'stranger') }))).toBe('seen_before');
  });

  test('near once is not enough unless it is plainly near', () => {
    expect(verdictOver([{ match: match(0.58) }])).toBe('cannot_tell');
    expect(verdictOver([{ match: match(0.66) }])).toBe('registered');
  });

  test('near two subjects names neither', () => {
    const torn = [...times(3, { match: match(0.58) }), ...times(3, { match: match(0.58, bob) })];
    const votes = votesOver(torn);
    expect(votes.familiarity()).toEqual({ verdict: { verdict: 'cannot_tell', confidence: 0, votes: 6 } });
    expect(votes.enrolments(() => fresh)).toEqual([]);
  });

  test('far from everybody three times is the first time, also in an empty gallery', () => {
    expect(verdictOver(times(2, { match: match(0.3) }))).toBe('cannot_tell');
    expect(verdictOver(times(3, { match: match(0.3) }))).toBe('first_time');
    expect(verdictOver(times(3, {}))).toBe('first_time');
  });

  test('once in the grey zone is never the first time', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.451, max: 0.549, noNaN: true }),
        fc.integer({ min: 3, max: 30 }),
        (grey, far) => {
          expect(verdictOver([...times(far, { match: match(0.3) }), { match: match(grey) }])).toBe(
            'cannot_tell',
          );
        },
      ),
    );
  });

  test('is not new while templates cannot be opened', () => {
    expect(verdictOver(times(9, { match: match(0.3) }), false)).toBe('cannot_tell');
  });

  test('of poor quality, or without an embedding, says nothing', () => {
    expect(verdictOver(times(9, { face: aFace('not_worn', { quality: 0.4 }) }))).toBeUndefined();
    expect(verdictOver(times(9, { face: aFace('not_worn', { quality: Number.NaN }) }))).toBeUndefined();
    expect(verdictOver(times(9, { face: aFace('not_worn', { embedding: undefined }) }))).toBeUndefined();
  });
});

describe('a masked face', () => {
  const masked = aFace('worn');

  test('is compared with the masked templates; one that is not plainly bare counts as masked', () => {
    expect(templateKindOf(aFace('not_worn'))).toBe('bare');
    for (const look of ['worn', 'worn_improperly', 'cannot_tell'] as const)
      expect(templateKindOf(aFace(look))).toBe('masked');
  });

  test('is never the first time by itself', () => {
    expect(verdictOver(times(50, { face: masked }))).toBe('cannot_tell');
  });

  test('has bounds of its own, higher against masked templates because masks resemble each other', () => {
    expect(verdictOver(times(3, { face: masked, match: match(0.51) }))).toBe('cannot_tell');
    expect(verdictOver(times(3, { face: masked, match: match(0.53) }))).toBe('registered');
    const withMasked = (similarity: number) => ({ ...match(similarity), kind: 'masked' as const });
    expect(verdictOver(times(3, { face: masked, match: withMasked(0.6) }))).toBe('cannot_tell');
    expect(verdictOver(times(3, { face: masked, match: withMasked(0.7) }))).toBe('registered');
    expect(verdictOver([{ face: masked, match: withMasked(0.9) }])).toBe('cannot_tell');
  });

  test('misread as bare now and then is not new', () => {
    expect(verdictOver([...times(12, { face: masked }), ...times(4, {})])).toBe('cannot_tell');
  });
});

describe('keeping', () => {
  test('a stranger is enrolled once, with the three best faces, under the subject the verdict names', () => {
    const qualities = [0.6, 0.9, 0.7, 0.8];
    const votes = new FamiliarityVotes();
    for (const quality of qualities.slice(0, 3))
      votes.add(aFace('not_worn', { quality, embedding: Float32Array.of(quality) }), undefined, true);
    const enrolments = votes.enrolments(() => fresh);
    expect(enrolments.map(({ embedding }) => embedding[0])).toEqual([0.9, 0.7, 0.6].map(Math.fround));
    for (const enrolment of enrolments)
      expect(enrolment).toMatchObject({ subject: fresh, category: 'stranger', kind: 'bare' });
    expect(votes.familiarity()).toMatchObject({ verdict: { verdict: 'first_time' }, subject: fresh });
    votes.add(aFace('not_worn'), undefined, true);
    expect(votes.enrolments(() => bob)).toEqual([]);
  });

  test('matching oneself proves nothing', () => {
    const votes = votesOver(times(3, {}));
    votes.enrolments(() => fresh);
    for (let index = 0; index < 20; index++)
      votes.add(aFace('not_worn'), match(0.95, fresh, 'stranger'), true);
    expect(votes.familiarity()).toMatchObject({
      verdict: { verdict: 'first_time', votes: 3 },
      subject: fresh,
    });
  });

  test('several good matches with somebody else correct a first time', () => {
    const votes = votesOver(times(3, {}));
    votes.enrolments(() => fresh);
    votes.add(aFace('not_worn'), match(0.7), true);
    expect(votes.familiarity()?.verdict.verdict).toBe('first_time');
    for (let index = 0; index < 2; index++) votes.add(aFace('not_worn'), match(0.6), true);
    expect(votes.familiarity()).toMatchObject({ verdict: { verdict: 'registered' }, subject: alice });
  });

  test('a stranger who comes back is kept once more; who is registered is not', () => {
    const back = votesOver(times(4, { match: match(0.6, bob, 'stranger') }));
    expect(back.enrolments(() => fresh).map(({ subject }) => subject)).toEqual([bob]);
    expect(back.enrolments(() => fresh)).toEqual([]);
    expect(votesOver(times(4, { match: match(0.6) })).enrolments(() => fresh)).toEqual([]);
  });

  test('somebody new who then puts a mask on is kept masked too', () => {
    const votes = votesOver(times(4, {}));
    votes.enrolments(() => fresh);
    votes.add(aFace('worn'), undefined, true);
    expect(votes.enrolments(() => bob)).toMatchObject([{ subject: fresh, kind: 'masked' }]);
  });

  test('confidences are between 0 and 1', () => {
    const anyCompared = fc.record({
      face: fc.constantFrom(aFace('worn'), aFace('not_worn')),
      match: fc.option(
        fc.record({
          subject: fc.constantFrom(alice, bob),
          category: fc.constantFrom('registered' as const, 'stranger' as const),
          kind: fc.constantFrom('bare' as const, 'masked' as const),
          similarity: fc.double({ min: -1, max: 1, noNaN: true }),
        }),
        { nil: undefined },
      ),
    });
    fc.assert(
      fc.property(fc.array(anyCompared, { maxLength: 12 }), (compared) => {
        const confidence = votesOver(compared).familiarity()?.verdict.confidence ?? 0;
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
      }),
    );
  });
});
