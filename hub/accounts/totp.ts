import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Seconds for which a code holds (RFC 6238, 5.2). */
const stepSeconds = 30;
/** Decimal digits of a code, as every authenticator app shows. */
const digits = 6;
/** Codes of this many steps before and after are taken too: clocks differ, and people type slowly. */
const driftSteps = 1;
/** RFC 4648, 6. */
const base32Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A new secret: 160 random bits, the length of the hash (RFC 4226, 4, R6). */
export function newTotpSecret(): Buffer {
  return randomBytes(20);
}

/** The code of one step (RFC 4226, 5.3, with HMAC-SHA-1, the only one that every app knows). */
export function totpCode(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const at = mac[mac.length - 1] & 0x0f;
  return String((mac.readUInt32BE(at) & 0x7fff_ffff) % 10 ** digits).padStart(digits, '0');
}

/** The step at an instant. `now` in ms since the epoch. */
export function totpStep(now: number): number {
  return Math.floor(now / 1000 / stepSeconds);
}

/** The step whose code this is, within the drift that is allowed; undefined when it is none of them. */
export function matchingStep(secret: Uint8Array, code: string, now: number): number | undefined {
  const given = Buffer.from(code);
  const current = totpStep(now);
  for (let step = current - driftSteps; step <= current + driftSteps; step++) {
    const right = Buffer.from(totpCode(secret, step));
    if (given.length === right.length && timingSafeEqual(given, right)) return step;
  }
  return undefined;
}

/** Without padding, as authenticator apps want it typed (RFC 4648, 6). */
export function toBase32(bytes: Uint8Array): string {
  let bits = 0;
  let value = 0;
  let text = '';
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += base32Alphabet[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return bits > 0 ? text + base32Alphabet[(value << (5 - bits)) & 31] : text;
}

/** What the QR code for an authenticator app holds; issuer and account are what the app shows beside the code. */
export function otpauthUri(secret: Uint8Array, issuer: string, account: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${toBase32(secret)}&issuer=${encodeURIComponent(issuer)}`;
}
