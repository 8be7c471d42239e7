import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fitsPlatePattern,
  isExact,
  knownPrefix,
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
  ])('%s and %s: %s', (pattern, plate, expected) => {
    expect(fits(pattern, plate)).toBe(expected);
  });

  test.each(['', '%', "苏A'--", '苏*A', '苏A12345678901', '*', '苏_12345'])('%j is refused', (pattern) => {
    expect(() => parsePlatePattern(pattern)).toThrowError(
      expect.objectContaining({ code: 'PLATE_PATTERN_INVALID' }),
    );
  });

  test('an index can seek to what is known before the first unknown character', () => {
    expect(knownPrefix(parsePlatePattern('苏A?2*'))).toBe('苏A');
    expect(isExact(parsePlatePattern('苏A12345'))).toBe(true);
    expect(isExact(parsePlatePattern('苏A1234?'))).toBe(false);
    expect(isExact(parsePlatePattern('苏A1234*'))).toBe(false);
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
