import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Box } from '../../../edge/perceive/perception.ts';
import { EvidenceChoice, type EvidenceOffer } from '../../../edge/sight/evidence-choice.ts';

const frame = { width: 1920, height: 1080 };

function offer(changes: Partial<EvidenceOffer> = {}): EvidenceOffer {
  return { role: 'face', about: 'worn', isDecided: false, score: 0.5, box: [100, 100, 60, 70], ...changes };
}

function counting() {
  let last = 0;
  return () => String(++last);
}

const anyOffer = fc.record({
  role: fc.constantFrom('face' as const, 'plate' as const, 'scene' as const),
  about: fc.string({ minLength: 0, maxLength: 1 }),
  isDecided: fc.boolean(),
  score: fc.double({ min: 0, max: 1 }),
  box: fc.tuple(
    fc.integer({ min: -500, max: 2500 }),
    fc.integer({ min: -500, max: 2500 }),
    fc.integer({ min: 0, max: 900 }),
    fc.integer({ min: 0, max: 900 }),
  ) as fc.Arbitrary<Box>,
});

test('a crop has air around it and lies inside the frame in whole pixels', () => {
  fc.assert(
    fc.property(anyOffer, (any) => {
      const wanted = new EvidenceChoice().offer(any, frame, counting());
      if (!wanted) return;
      const [x, y, width, height] = wanted.box;
      for (const side of wanted.box) expect(Number.isInteger(side)).toBe(true);
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(frame.width);
      expect(y + height).toBeLessThanOrEqual(frame.height);
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(12);
    }),
  );
  expect(new EvidenceChoice().offer(offer(), frame, counting())?.box).toEqual([76, 72, 108, 126]);
});

test('a picture is asked for again only when it is clearly better', () => {
  const choice = new EvidenceChoice();
  const newId = counting();
  expect(choice.offer(offer({ score: 0.5 }), frame, newId)?.id).toBe('1');
  expect(choice.offer(offer({ score: 0.62 }), frame, newId)).toBeUndefined();
  expect(choice.offer(offer({ score: 0.63 }), frame, newId)?.id).toBe('2');
  expect(choice.takeDropped()).toEqual(['1']);
  expect(choice.takeDropped()).toEqual([]);
});

test('the picture that shows the verdict is chosen before a better one that does not', () => {
  const choice = new EvidenceChoice();
  const newId = counting();
  choice.offer(offer({ about: 'worn', score: 0.9 }), frame, newId);
  choice.offer(offer({ about: 'not_worn', score: 0.4 }), frame, newId);
  expect(choice.chosen('face', 'not_worn')).toBe('2');
  expect(choice.chosen('face', 'cannot_tell')).toBe('1');
  expect(choice.chosen('plate', '')).toBeUndefined();
});

test('what is held is always one of the last asked for; the rest has been given up, each id once', () => {
  fc.assert(
    fc.property(fc.array(anyOffer, { maxLength: 200 }), (offers) => {
      const choice = new EvidenceChoice();
      const newId = counting();
      const asked = offers.flatMap((any) => choice.offer(any, frame, newId)?.id ?? []);
      const dropped = choice.takeDropped();
      expect(new Set(dropped).size).toBe(dropped.length);
      const chosen = (['face', 'plate', 'scene'] as const).map((role) => choice.chosen(role, ''));
      for (const id of chosen) if (id) expect(dropped).not.toContain(id);
      choice.dropAll();
      expect([...dropped, ...choice.takeDropped()].sort()).toEqual([...asked].sort());
    }),
  );
});

test('however long a track lives, the number of pictures is bounded', () => {
  const choice = new EvidenceChoice();
  const newId = counting();
  let asked = 0;
  for (let index = 0; index < 20_000; index++) {
    const about = `plate ${index % 500}`;
    if (choice.offer(offer({ role: 'plate', about, isDecided: true, score: index + 1 }), frame, newId))
      asked++;
  }
  expect(asked).toBe(24);
});

test('what the verdict says gets its picture although the role has used up its share', () => {
  const choice = new EvidenceChoice();
  const newId = counting();
  for (let index = 0; index < 100; index++)
    choice.offer(offer({ role: 'plate', about: `wrong ${index}`, score: 1.3 ** index }), frame, newId);
  expect(choice.offer(offer({ role: 'plate', about: 'right', score: 0.1 }), frame, newId)).toBeUndefined();
  const wanted = choice.offer(
    offer({ role: 'plate', about: 'right', score: 0.1, isDecided: true }),
    frame,
    newId,
  );
  expect(choice.chosen('plate', 'right')).toBe(wanted?.id);
});
