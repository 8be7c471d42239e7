import { describe, expect, test } from 'vitest';
import { hashPassword, passwordMatches } from '../../../hub/accounts/passwords.ts';
import { hashSessionToken, newSessionToken } from '../../../hub/accounts/session-token.ts';

describe('a password', () => {
  test('is kept as argon2id with its own salt, and matches itself alone', async () => {
    const [one, other] = await Promise.all([
      hashPassword('大门-口令-一二三'),
      hashPassword('大门-口令-一二三'),
    ]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(other);
    expect(await passwordMatches(one, '大门-口令-一二三')).toBe(true);
    expect(await passwordMatches(one, '大门-口令-一二四')).toBe(false);
    expect(await passwordMatches(one, '')).toBe(false);
  });

  test('for an unknown username takes about the same work as a wrong one, and never matches', async () => {
    const hash = await hashPassword('correct-horse');
    const timeOf = async (against: string | undefined) => {
      const begin = performance.now();
      for (let attempt = 0; attempt < 5; attempt++)
        expect(await passwordMatches(against, 'guess')).toBe(false);
      return performance.now() - begin;
    };
    await timeOf(hash);
    const [known, unknown] = [await timeOf(hash), await timeOf(undefined)];
    expect(unknown).toBeGreaterThan(known / 4);
    expect(unknown).toBeLessThan(known * 4);
  });
});

describe('a session token', () => {
  test('has 256 bits, is never the same, and is stored as its SHA-256', () => {
    const tokens = new Set(Array.from({ length: 100 }, newSessionToken));
    expect(tokens.size).toBe(100);
    for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(hashSessionToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
