import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fitsPlatePattern,
  foldPlate,
  isExact,
  knownPairs,
  knownPrefix,
  pairsOf,
  parsePlatePattern,
} from '../../../hub/trajectory/plate-pattern.ts';

const fits = (pattern: string, plate: string) => fitsPlatePattern(parsePlatePattern(pattern), plate);

describe('what a manager remembers of a plate', () => {
  test.each([
    ['苏A12345', '苏A12345', true],
    ['苏A12345', '苏A12346', false],
    ['苏a·12345', '苏A12345', true],
    ['苏A*', '苏A12345', true],
    ['苏A*', '苏B12345', false],
    ['苏A12?45', '苏A12345', true],
    ['苏A12?45', '苏A1245', false],
    ['?A12345', '京A12345', true],
    ['??123*', '京A12345', true],
    ['*A12*', '京A12345', true],
    ['*A13*', '京A12345', false],
    ['苏*45', '苏A12345', true],
    ['苏AO2345', '苏A02345', false],
  ])('%s and %s: %s', (pattern, plate, expected) => {
    expect(fits(pattern, plate)).toBe(expected);
  });

  test.each(['', '%', "苏A'--", '苏A12345678901', '*', '苏_12345'])('%j is refused', (pattern) => {
    expect(() => parsePlatePattern(pattern)).toThrowError(
      expect.objectContaining({ code: 'PLATE_PATTERN_INVALID' }),
    );
  });

  test.each([
    ['苏AO2345', '苏A02345', true],
    ['苏AB8888', '苏A8B8B8', true],
    ['*1I*', '苏A3LL55', true],
    ['苏A?Z?*', '苏A92955', true],
    ['苏U12345', '苏V12345', true],
    ['苏A12345', '苏A12346', false],
    ['沪A12345', '苏A12345', false],
  ])('with similar characters, %s and %s: %s', (pattern, plate, expected) => {
    expect(fitsPlatePattern(parsePlatePattern(pattern, true), plate)).toBe(expected);
  });

  test('an index can seek to what is known before the first unknown character', () => {
    expect(knownPrefix(parsePlatePattern('苏A?2*'))).toBe('苏A');
    expect(isExact(parsePlatePattern('苏A12345'))).toBe(true);
    expect(isExact(parsePlatePattern('苏A1234?'))).toBe(false);
    expect(isExact(parsePlatePattern('苏A1234*'))).toBe(false);
    expect(isExact(parsePlatePattern('苏A12345', true))).toBe(false);
    expect(knownPairs(parsePlatePattern('苏AB?1O*Q2'))).toEqual(['A8', '10', '02']);
  });
});

test('hiding any characters of a plate leaves a pattern that it fits', () => {
  const plate = fc
    .tuple(fc.constantFrom(...'京津沪渝冀豫云辽'), fc.stringMatching(/^[A-HJ-NP-Z0-9]{6,7}$/))
    .map(([province, serial]) => province + serial);
  fc.assert(
    fc.property(plate, fc.array(fc.nat(7)), fc.nat(8), fc.boolean(), (text, hidden, cut, open) => {
      const masked = [...text].map((character, at) => (hidden.includes(at) ? '?' : character)).join('');
      const pattern = open ? `${masked.slice(0, Math.max(1, cut))}*` : masked;
      expect(fits(pattern, text)).toBe(true);
    }),
  );
});

test('every plate that fits has every pair that is known of it, whatever looks alike', () => {
  const plate = fc.stringMatching(/^[苏浙][A-HJ-NP-Z][A-HJ-NP-Z0-9]{5}$/);
  fc.assert(
    fc.property(plate, fc.nat(5), fc.nat(5), fc.boolean(), (text, from, length, similar) => {
      const part = `*${text.slice(from, from + length + 2)}*`;
      const pattern = parsePlatePattern(part, similar);
      expect(fitsPlatePattern(pattern, text)).toBe(true);
      expect(pairsOf(foldPlate(text))).toEqual(expect.arrayContaining(knownPairs(pattern)));
    }),
  );
});
