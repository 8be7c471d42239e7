import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A new token for a box: 32 random bytes, base64url. Shown once; the hub keeps only its hash. */
export function newBoxToken(): string {
  return randomBytes(32).toString('base64url');
}

/** SHA-256, lower-case hex. Fast on purpose: the token has 256 bits, there is nothing to guess. */
export function hashBoxToken(token: string | Uint8Array): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Compares in constant time. */
export function boxTokenMatches(token: string | Uint8Array, hash: string): boolean {
  const actual = Buffer.from(hashBoxToken(token));
  const expected = Buffer.from(hash);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
