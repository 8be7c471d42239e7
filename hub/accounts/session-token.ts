import { createHash, randomBytes } from 'node:crypto';

/** A new session token: 256 random bits, base64url (43 characters). It exists only in the cookie. */
export function newSessionToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a token: lower-case hex of its SHA-256. Fast is right here, the token cannot be guessed. */
export function hashSessionToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
