import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlateReading } from '../../../edge/perceive/perception.ts';
import { type AgreedPlate, PlateVotes } from '../../../edge/sight/plate-vote.ts';
import { aReading } from './observations.ts';

function agreedOf(readings: PlateReading[]): AgreedPlate | undefined {
  const votes = new PlateVotes();
  for (const reading of readings) votes.add(reading);
  return votes.agreed();
}

const probability = fc.double({ min: 0.02, max: 1, noNaN: true });
const anyReading = fc
  .record({
    text: fc.constantFrom('苏A12345', '苏A12845', '鄂A12345', '苏AD12345', '皖B88888', '苏A1234'),
    confidence: probability,
    score: probability,
    rival: fc.constantFrom('鄂', '京', '8', 'B'),
    share: fc.double({ min: 0, max: 0.49, noNaN: true }),
    at: fc.nat(5),
  })
  .map(({ text, confidence, score, rival, share, at }) =>
    aReading(text, { confidence, score, doubts: { [at]: { rival, share } } }),
  );

describe('whatever is read', () => {
  test('the order of the readings does not matter', () => {
    fc.assert(
      fc.property(
        fc.array(anyReading, { maxLength: 12 }),
        fc.nat(11),
        fc.boolean(),
        (readings, by, isReversed) => {
          const turned = [...readings.slice(by), ...readings.slice(0, by)];
          const shuffled = isReversed ? turned.reverse() : turned;
          const [one, other] = [agreedOf(readings), agreedOf(shuffled)];
          expect(other?.plate.text).toBe(one?.plate.text);
          expect(other?.plate.class).toBe(one?.plate.class);
          for (const [index, character] of (one?.plate.characters ?? []).entries())
            expect(other?.plate.characters[index].confidence).toBeCloseTo(character.confidence, 3);
        },
      ),
    );
  });

  test('a reading that agrees never lowers a confidence, even one that lists an alternative above its own choice', () => {
    const doubt = fc.record({
      rival: fc.constantFrom('鄂', '8'),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const before = fc.array(anyReading, { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(
        before,
        probability,
        probability,
        doubt,
        fc.nat(5),
        (readings, confidence, score, doubts, at) => {
          const one = agreedOf(readings)?.plate;
          const agreeing = aReading(one?.text ?? '', { confidence, score, doubts: { [at]: doubts } });
          const other = agreedOf([...readings, agreeing])?.plate;
          expect(other?.text).toBe(one?.text);
          for (const [index, character] of (one?.characters ?? []).entries())
            expect(other?.characters[index].confidence).toBeGreaterThanOrEqual(character.confidence);
          expect(other?.confidence).toBeGreaterThanOrEqual(one?.confidence ?? 1);
        },
      ),
    );
  });

  test('confidences are between 0 and 1, and the text is its characters', () => {
    fc.assert(
      fc.property(fc.array(anyReading, { minLength: 1, maxLength: 200 }), (readings) => {
        const plate = agreedOf(readings)?.plate;
        expect(plate?.text).toBe(plate?.characters.map(({ text }) => text).join(''));
        for (const { confidence } of plate?.characters ?? []) {
          expect(confidence).toBeGreaterThan(0);
          expect(confidence).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('a single wrong reading loses to two good ones, wherever it comes', () => {
    fc.assert(
      fc.property(fc.nat(2), fc.double({ min: 0.85, max: 0.99, noNaN: true }), (place, confidence) => {
        const readings = [
          aReading('苏A12345', { confidence: 0.9 }),
          aReading('苏A12345', { confidence: 0.9 }),
        ];
        readings.splice(place, 0, aReading('鄂A12845', { confidence: Math.min(confidence, 0.9) }));
        expect(agreedOf(readings)?.plate.text).toBe('苏A12345');
      }),
    );
  });
});

test('a tie is decided by the characters, not by which came first', () => {
  const [one, other] = [aReading('苏A12345'), aReading('鄂A12345', { plateClass: 'large_vehicle' })];
  expect(agreedOf([one, other])?.plate).toEqual(agreedOf([other, one])?.plate);
});

test('no reading is no plate', () => {
  expect(agreedOf([])).toBeUndefined();
});

test('characters are agreed one by one: no frame need read the whole plate', () => {
  const readings = [
    aReading('苏A12B45', { doubts: { 4: { rival: '3', share: 0.45 } } }),
    aReading('苏A1Z345', { doubts: { 3: { rival: '2', share: 0.45 } } }),
    aReading('苏A12345', { confidence: 0.6 }),
  ];
  expect(agreedOf(readings)?.plate.text).toBe('苏A12345');
});

test('a green plate that loses a character in some frames keeps all eight', () => {
  const short = aReading('苏AD1234', { colour: 'green', plateClass: 'unknown' });
  const whole = aReading('苏AD12345');
  expect(agreedOf([short, short, whole])?.plate.text).toBe('苏AD12345');
});

test('the class is that of most readings', () => {
  const blue = aReading('苏A12345');
  const yellow = aReading('苏A12345', { plateClass: 'large_vehicle' });
  const agreed = agreedOf([yellow, blue, blue]);
  expect(agreed?.plate.class).toBe('small_car');
  expect(agreed?.classShares.get('large_vehicle')).toBeCloseTo(1 / 3);
});

test('readings that are no plates or not numbers take no part', () => {
  const votes = new PlateVotes();
  expect(votes.add(aReading('2026-03-01'))).toBe(false);
  expect(votes.add(aReading('苏A'))).toBe(false);
  expect(votes.add(aReading('苏A12345', { score: Number.NaN }))).toBe(false);
  expect(votes.add(aReading('苏A12345', { score: 0 }))).toBe(false);
  const reading = aReading('苏A12345');
  reading.characters[2] = { text: '1', confidence: Number.NaN, alternatives: [] };
  expect(votes.add(reading)).toBe(false);
  expect(votes.agreed()).toBeUndefined();
});
