import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  parsePlate,
  plateLetters,
  platePatterns,
  provinceCharacters,
} from '../../../../edge/perceive/plates/plate-grammar.ts';
import { anyPlate, colours } from './plate-samples.ts';

describe('the plate table of GA 36-2018', () => {
  test.each([
    ['苏A12345', 'blue', 'small_car', '苏'],
    ['京B8C9D0', 'yellow', 'large_vehicle', '京'],
    ['浙C1234学', 'yellow', 'driving_school', '浙'],
    ['鲁D5678挂', 'yellow', 'trailer', '鲁'],
    ['粤BD12345', 'green', 'small_new_energy', '粤'],
    ['川AF81691', 'green', 'small_new_energy', '川'],
    ['沪A12345D', 'green', 'large_new_energy', '沪'],
    ['沪A12345K', 'yellow', 'large_new_energy', '沪'],
    ['浙FA096警', 'white', 'police', '浙'],
    ['粤ZAB12港', 'black', 'hong_kong_macao', '粤'],
    ['粤Z1234澳', 'black', 'hong_kong_macao', '粤'],
    ['使123456', 'black', 'embassy', undefined],
    ['123456使', 'black', 'embassy', undefined],
    ['沪A1234领', 'black', 'consulate', '沪'],
    ['VA12345', 'white', 'military', undefined],
    ['民航B1234', 'green', 'civil_aviation', undefined],
    ['WJ苏12345', 'white', 'armed_police', '苏'],
    ['WJ12345', 'white', 'armed_police', undefined],
    ['京X1234应急', 'white', 'emergency', '京'],
  ] as const)('%s on %s is %s', (text, colour, plateClass, province) => {
    expect(parsePlate(text, colour)).toMatchObject({ class: plateClass, province });
    expect(parsePlate(text)).toBeDefined();
  });

  test.each([
    ['苏A1234', 'too short'],
    ['苏A123456', 'eight characters without an energy letter'],
    ['苏O12345', 'O is no authority of an ordinary plate'],
    ['苏A1234I', 'I is never used'],
    ['苏AL12345', 'L is no energy letter'],
    ['苏Z1234港', 'only 粤Z carries 港'],
    ['A苏12345', 'the province comes first'],
    ['BR07AAC', 'a Romanian plate'],
    ['YK12RVV', 'a British plate'],
    ['京A1234应急', 'emergency plates are X or S'],
    ['', 'nothing'],
  ])('%s is no plate: %s', (text) => {
    expect(parsePlate(text)).toBeUndefined();
  });

  test('all ten energy letters are valid in both forms', () => {
    for (const letter of 'DABCEFGHJK') {
      expect(parsePlate(`京A${letter}12345`)?.class).toBe('small_new_energy');
      expect(parsePlate(`京A12345${letter}`)?.class).toBe('large_new_energy');
    }
  });

  test('there are 31 provinces and 24 letters, none twice', () => {
    expect(new Set(provinceCharacters).size).toBe(31);
    expect(new Set(plateLetters).size).toBe(24);
    expect(plateLetters).not.toMatch(/[IO]/);
  });
});

test('every text made from a pattern parses, whatever the colour', () => {
  fc.assert(
    fc.property(anyPlate, fc.constantFrom(undefined, ...colours), ({ pattern, text }, colour) => {
      const parsed = parsePlate(text, colour);
      expect(parsed).toBeDefined();
      if (!colour || !pattern.colours[colour]) return;
      const possible = platePatterns.filter((p) => p.positions.length === [...text].length);
      expect(possible.map((p) => p.class).concat('large_vehicle')).toContain(parsed!.class);
      expect(parsed!.colours[colour]).toBeGreaterThan(0);
    }),
  );
});

test('one character that no plate holds makes any text no plate', () => {
  fc.assert(
    fc.property(
      anyPlate,
      fc.nat(),
      fc.constantFrom('I', 'O', 'a', '门', '·', ' ', '?'),
      ({ text }, where, stranger) => {
        const characters = [...text];
        characters[where % characters.length] = stranger;
        expect(parsePlate(characters.join(''))).toBeUndefined();
      },
    ),
  );
});

test('plates without a Chinese character are marked as look-alikes of foreign ones', () => {
  expect(parsePlate('VA12345')?.foreignLookalike).toBe(true);
  expect(parsePlate('WJ12345')?.foreignLookalike).toBe(true);
  expect(parsePlate('WJ苏12345')?.foreignLookalike).toBe(false);
});
