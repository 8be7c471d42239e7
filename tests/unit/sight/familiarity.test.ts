import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GalleryMatch } from '../../../edge/gallery/gallery.ts';
import type { Face } from '../../../edge/perceive/perception.ts';
import { BestFaces } from '../../../edge/sight/best-faces.ts';
import { comparedKindOf, FamiliarityVotes } from '../../../edge/sight/familiarity.ts';
import { aFace, bounds, scripted } from './observations.ts';

const alice = '11111111-1111-4111-8111-111111111111';
const bob = '22222222-2222-4222-8222-222222222222';
const fresh = '33333333-3333-4333-8333-333333333333';

function match(
  similarity: number,
  subject = alice,
  category: GalleryMatch['category'] = 'registered',
): GalleryMatch {
  return { subject, category, similarity };
}

interface Compared {
  face?: Face;
  match?: GalleryMatch;
  /** What the best faces together are nearest to. */
  fused?: GalleryMatch;
}

function votesOver(compared: Compared[], isGalleryWhole = true): FamiliarityVotes {
  const votes = new FamiliarityVotes(bounds);
  for (const each of compared) show(votes, each, isGalleryWhole);
  return votes;
}

function show(
  votes: FamiliarityVotes,
  { face = aFace('not_worn'), ...found }: Compared,
  isGalleryWhole = true,
) {
  const fused = 'fused' in found ? found.fused : found.match;
  votes.add(face, scripted(face, found.match, fused), isGalleryWhole);
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
    expect(verdictOver(times(9, { face: aFace('not_worn', { embeddings: undefined }) }))).toBeUndefined();
  });
});

describe('the best faces fused', () => {
  test('are known where each alone is in the grey zone, unless a face was like somebody else', () => {
    const grey = { match: match(0.5), fused: match(0.58) };
    expect(verdictOver(times(2, grey))).toBe('cannot_tell');
    expect(verdictOver(times(3, grey))).toBe('registered');
    expect(verdictOver([...times(3, grey), { match: match(0.58, bob), fused: match(0.58) }])).toBe(
      'cannot_tell',
    );
  });

  test('must be far from everybody too before somebody is new', () => {
    expect(verdictOver(times(3, { match: match(0.4), fused: match(0.5) }))).toBe('cannot_tell');
    expect(verdictOver(times(3, { match: match(0.4), fused: match(0.44) }))).toBe('first_time');
  });

  test('are their mean weighed by quality, of unit length, of five at most', () => {
    const best = new BestFaces();
    best.offer(1, Float32Array.of(1, 0));
    best.offer(0.5, Float32Array.of(0, 1));
    expect(best.fused()).toBeUndefined();
    best.offer(0.5, Float32Array.of(0, 1));
    expect([...(best.fused() ?? [])]).toEqual([Math.SQRT1_2, Math.SQRT1_2].map(Math.fround));
    for (let k = 0; k < 5; k++) best.offer(0.9, Float32Array.of(1, 0));
    expect(best.faces.map(({ quality }) => quality)).toEqual([1, 0.9, 0.9, 0.9, 0.9]);
    expect([...(best.fused() ?? [])]).toEqual([1, 0]);
  });
});

describe('somebody bare who was only ever seen masked', () => {
  const by = (upper: number) => {
    const votes = new FamiliarityVotes(bounds);
    for (let k = 0; k < 3; k++)
      votes.add(
        aFace('not_worn'),
        (_, kind) => (kind === 'upper' ? match(upper, bob, 'stranger') : undefined),
        true,
      );
    return votes.familiarity()?.verdict.verdict;
  };

  test('is known when plainly alike, new when not alike, and otherwise nobody can tell', () => {
    expect([0.69, 0.71, 0.84, 0.86].map(by)).toEqual([
      'first_time',
      'cannot_tell',
      'cannot_tell',
      'seen_before',
    ]);
  });
});

describe('a masked face', () => {
  const masked = aFace('worn');

  test('is compared by what the mask leaves; one that is not plainly bare counts as masked', () => {
    expect(comparedKindOf(aFace('not_worn'))).toBe('whole');
    for (const look of ['worn', 'worn_improperly', 'cannot_tell'] as const)
      expect(comparedKindOf(aFace(look))).toBe('upper');
  });

  test('has bounds of its own: between the two nobody can tell', () => {
    const seen = (similarity: number) => verdictOver(times(3, { face: masked, match: match(similarity) }));
    expect([0.29, 0.31, 0.69, 0.71].map(seen)).toEqual([
      'first_time',
      'cannot_tell',
      'cannot_tell',
      'registered',
    ]);
  });

  test('is known from one face only when it is plainly near', () => {
    expect(verdictOver([{ face: masked, match: match(0.8) }])).toBe('cannot_tell');
    expect(verdictOver([{ face: masked, match: match(0.9) }])).toBe('registered');
  });

  test('misread as bare now and then is not new', () => {
    const greyAsMasked = times(12, { face: masked, match: match(0.5) });
    expect(verdictOver([...greyAsMasked, ...times(4, {})])).toBe('cannot_tell');
  });
});

describe('keeping', () => {
  test('a stranger is enrolled once, with the three best faces and the upper half of two, under the subject the verdict names', () => {
    const qualities = [0.6, 0.9, 0.7, 0.8];
    const votes = new FamiliarityVotes(bounds);
    for (const quality of qualities.slice(0, 3)) {
      const embeddings = { whole: Float32Array.of(quality), upper: Float32Array.of(-quality) };
      show(votes, { face: aFace('not_worn', { quality, embeddings }) });
    }
    const enrolments = votes.enrolments(() => fresh);
    const kept = enrolments.map(({ kind, embedding }) => [kind, embedding[0]]);
    expect(kept).toEqual([
      ['whole', Math.fround(0.9)],
      ['whole', Math.fround(0.7)],
      ['whole', Math.fround(0.6)],
      ['upper', Math.fround(-0.9)],
      ['upper', Math.fround(-0.7)],
    ]);
    for (const enrolment of enrolments)
      expect(enrolment).toMatchObject({ subject: fresh, category: 'stranger' });
    expect(votes.familiarity()).toMatchObject({ verdict: { verdict: 'first_time' }, subject: fresh });
    show(votes, {});
    expect(votes.enrolments(() => bob)).toEqual([]);
  });

  test('matching oneself proves nothing', () => {
    const votes = votesOver(times(3, {}));
    votes.enrolments(() => fresh);
    for (let index = 0; index < 20; index++) show(votes, { match: match(0.95, fresh, 'stranger') });
    expect(votes.familiarity()).toMatchObject({
      verdict: { verdict: 'first_time', votes: 3 },
      subject: fresh,
    });
  });

  test('several good matches with somebody else correct a first time', () => {
    const votes = votesOver(times(3, {}));
    votes.enrolments(() => fresh);
    show(votes, { match: match(0.7) });
    expect(votes.familiarity()?.verdict.verdict).toBe('first_time');
    for (let index = 0; index < 2; index++) show(votes, { match: match(0.6) });
    expect(votes.familiarity()).toMatchObject({ verdict: { verdict: 'registered' }, subject: alice });
  });

  test('a stranger who comes back is kept once more; who is registered is not', () => {
    const back = votesOver(times(4, { match: match(0.6, bob, 'stranger') }));
    expect(back.enrolments(() => fresh).map(({ subject, kind }) => [subject, kind])).toEqual([
      [bob, 'whole'],
      [bob, 'upper'],
    ]);
    expect(back.enrolments(() => fresh)).toEqual([]);
    expect(votesOver(times(4, { match: match(0.6) })).enrolments(() => fresh)).toEqual([]);
  });

  test('somebody new and masked is kept by what the mask leaves', () => {
    const votes = votesOver(times(4, { face: aFace('worn') }));
    expect(votes.enrolments(() => fresh)).toMatchObject([
      { subject: fresh, kind: 'upper' },
      { subject: fresh, kind: 'upper' },
    ]);
  });

  test('confidences are between 0 and 1', () => {
    const anyCompared = fc.record({
      face: fc.constantFrom(aFace('worn'), aFace('not_worn')),
      match: fc.option(
        fc.record({
          subject: fc.constantFrom(alice, bob),
          category: fc.constantFrom('registered' as const, 'stranger' as const),
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
