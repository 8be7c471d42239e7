import { describe, expect, test } from 'vitest';
import {
  matchingStep,
  newTotpSecret,
  otpauthUri,
  toBase32,
  totpCode,
  totpStep,
} from '../../../hub/accounts/totp.ts';

const secret = Buffer.from('12345678901234567890');

describe('codes', () => {
  // RFC 4226, appendix D: HOTP of the counters 0 to 9.
  test.each(
    '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'
      .split(' ')
      .map((code, counter) => [counter, code] as const),
  )('are those of RFC 4226: counter %i gives %s', (counter, code) => {
    expect(totpCode(secret, counter)).toBe(code);
  });

  // RFC 6238, appendix B, SHA-1: the last six of the eight digits.
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('are those of RFC 6238: second %i gives %s', (second, code) => {
    expect(totpCode(secret, totpStep(second * 1000))).toBe(code);
  });
});

describe('a code that is typed', () => {
  const now = Date.parse('2026-03-01T08:00:10.000Z');
  const step = totpStep(now);

  test('holds for its own half minute and the one before and after', () => {
    for (const offset of [-1, 0, 1])
      expect(matchingStep(secret, totpCode(secret, step + offset), now)).toBe(step + offset);
    for (const offset of [-2, 2])
      expect(matchingStep(secret, totpCode(secret, step + offset), now)).toBeUndefined();
  });

  test('of another secret, or of another length, is none', () => {
    expect(matchingStep(newTotpSecret(), totpCode(secret, step), now)).toBeUndefined();
    expect(matchingStep(secret, `${totpCode(secret, step)}0`, now)).toBeUndefined();
    expect(matchingStep(secret, '', now)).toBeUndefined();
  });
});

describe('a secret', () => {
  // RFC 4648, chapter 10, without padding.
  test.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('%j is written in base32 as %s', (text, base32) => {
    expect(toBase32(Buffer.from(text))).toBe(base32);
  });

  test('is random, 160 bits, and goes into the address that apps scan', () => {
    expect(newTotpSecret()).toHaveLength(20);
    expect(newTotpSecret()).not.toEqual(newTotpSecret());
    expect(otpauthUri(secret, 'Gatehouse 东园', 'li')).toBe(
      `otpauth://totp/Gatehouse%20%E4%B8%9C%E5%9B%AD:li?secret=${toBase32(secret)}&issuer=Gatehouse%20%E4%B8%9C%E5%9B%AD`,
    );
  });
});
