import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  confidentCharacter,
  countCharacters,
  searchPlate,
} from '../../../../edge/perceive/plates/beam-search.ts';
import { parsePlate } from '../../../../edge/perceive/plates/plate-grammar.ts';
import { alphabet, anyPlate, anyProbabilities, readingOf } from './plate-samples.ts';

const width = 24;

/** Rows as `{ character: probability }`; what is left over is blank. */
function rows(...steps: Record<string, number>[]) {
  const columns = alphabet.length + 2;
  const data = new Float32Array(steps.length * columns);
  steps.forEach((step, i) => {
    const sum = Object.values(step).reduce((a, b) => a + b, 0);
    data[i * columns] = Math.max(0, 1 - sum);
    for (const [character, probability] of Object.entries(step))
      data[i * columns + (character === 'other' ? columns - 1 : 1 + alphabet.indexOf(character))] =
        probability;
  });
  return { data, steps: steps.length, columns, alphabet };
}
const spell = (text: string) => [...text].flatMap((c) => [{ [c]: 1 }, {}]);

describe('for every class', () => {
  test('a sure reading of a plate comes back as exactly that plate', () => {
    fc.assert(
      fc.property(anyPlate, ({ text }) => {
        const reading = searchPlate([readingOf(text)], { width });
        expect(reading?.text).toBe(text);
        expect(reading!.confidence).toBeGreaterThan(0.99);
        expect(reading!.mass).toBeGreaterThan(0.99);
      }),
    );
  });

  test('a nearly sure reading too, with one alternative list per character', () => {
    fc.assert(
      fc.property(anyPlate, fc.double({ min: 0.9, max: 0.97, noNaN: true }), ({ text }, sure) => {
        const reading = searchPlate([readingOf(text, sure)], { width });
        expect(reading?.text).toBe(text);
        expect(reading!.characters.map((c) => c.text).join('')).toBe(text);
      }),
    );
  });
});

test('whatever the probabilities, a text returned is a whole plate and its posteriors are probabilities', () => {
  fc.assert(
    fc.property(anyProbabilities, (probabilities) => {
      const reading = searchPlate([probabilities], { width });
      if (!reading) return;
      expect(parsePlate(reading.text)).toBeDefined();
      expect(reading.mass).toBeGreaterThanOrEqual(0);
      expect(reading.mass).toBeLessThanOrEqual(1);
      for (const character of reading.characters) {
        expect(character.confidence).toBeGreaterThan(0);
        expect(character.confidence).toBeLessThanOrEqual(1);
        expect(character.alternatives.length).toBeLessThanOrEqual(5);
        expect(character.alternatives.map((a) => a.text)).toContain(character.text);
        const sum = character.alternatives.reduce((total, a) => total + a.confidence, 0);
        expect(sum).toBeLessThan(1 + 1e-6);
        const sorted = [...character.alternatives].sort((a, b) => b.confidence - a.confidence);
        expect(character.alternatives).toEqual(sorted);
      }
    }),
    { numRuns: 60 },
  );
});

test('a confident character is never overridden: it stands in the text, or nothing is read', () => {
  fc.assert(
    fc.property(
      anyPlate,
      fc.nat(),
      fc.constantFrom(...alphabet),
      fc.double({ min: 0.5, max: 0.97, noNaN: true }),
      ({ text }, where, intruder, sure) => {
        const characters = [...text];
        const position = where % characters.length;
        const probabilities = readingOf(text, sure);
        const row = probabilities.data
          .subarray(position * 2 * (alphabet.length + 2))
          .subarray(0, alphabet.length + 2);
        row.fill((1 - confidentCharacter) / 2 / row.length);
        row[1 + alphabet.indexOf(intruder)] = (1 + confidentCharacter) / 2;
        const reading = searchPlate([probabilities], { width });
        if (reading) expect(reading.text).toContain(intruder);
      },
    ),
  );
});

test('two equal characters with a blank between them are two, without one they are one', () => {
  expect(searchPlate([rows(...spell('苏A11345'))], { width })?.text).toBe('苏A11345');
  const joined = [...spell('苏A'), { 1: 1 }, { 1: 1 }, {}, ...spell('2345')];
  expect(searchPlate([rows(...joined)], { width })?.text).toBe('苏A12345');
  const tooShort = [...spell('苏A'), { 1: 1 }, { 1: 1 }, {}, ...spell('234')];
  expect(searchPlate([rows(...tooShort)], { width })).toBeUndefined();
});

test('a province that is probably something else is read with the low confidence it has', () => {
  const steps = [{ 皖: 0.25, other: 0.7 }, {}, ...spell('A12345')];
  const reading = searchPlate([rows(...steps)], { width })!;
  expect(reading.text).toBe('皖A12345');
  expect(reading.characters[0]!.confidence).toBeLessThan(0.4);
  expect(reading.characters[1]!.confidence).toBeGreaterThan(0.9);
});

test('an alternative of a doubtful character is named with its share', () => {
  const steps = [{ 苏: 0.6, 鄂: 0.35 }, {}, ...spell('A12345')];
  const [province] = searchPlate([rows(...steps)], { width })!.characters;
  expect(province!.alternatives.map((a) => a.text)).toEqual(['苏', '鄂']);
  expect(province!.alternatives[1]!.confidence).toBeCloseTo(0.35, 1);
});

test('the background decides between seven and eight characters', () => {
  const steps = [...spell('京AD12'), { 3: 0.9 }, {}, { 4: 0.9 }, {}, { 5: 0.55 }];
  const plate = rows(...steps);
  expect(searchPlate([plate], { width, colours: { green: 1 } })?.text).toBe('京AD12345');
  expect(searchPlate([plate], { width, colours: { blue: 1 } })?.text).toBe('京AD1234');
});

test('what stands beside the plate is skipped', () => {
  const steps = [{ other: 0.8 }, {}, ...spell('苏A12345'), { other: 0.8 }];
  expect(searchPlate([rows(...steps)], { width })?.text).toBe('苏A12345');
});

test('a view without the last character does not outvote one that shows it', () => {
  const cut = rows(...spell('浙FA096'));
  const whole = rows(...spell('浙FA096警'));
  expect(searchPlate([cut], { width })).toBeUndefined();
  expect(searchPlate([cut, whole], { width })?.text).toBe('浙FA096警');
});

test('nothing, blanks and other writing are no plate', () => {
  expect(searchPlate([rows()], { width })).toBeUndefined();
  expect(searchPlate([rows({}, {}, {})], { width })).toBeUndefined();
  expect(searchPlate([rows(...spell('20240513'))], { width })).toBeUndefined();
  const other = Array.from({ length: 14 }, (_, i): Record<string, number> => (i % 2 ? {} : { other: 1 }));
  expect(searchPlate([rows(...other)], { width })).toBeUndefined();
});

test('characters are counted as a reader sees them', () => {
  expect(countCharacters(rows(...spell('苏A1')))).toBe(3);
  expect(countCharacters(rows({ other: 1 }, {}, { A: 1 }, { A: 1 }))).toBe(1);
});
