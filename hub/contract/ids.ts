import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';

/**
 * Names of sites, gates, cameras and boxes: lower case, digits and hyphens, so that they are safe in topics, paths and
 * URLs. Not `gallery`, which is a level of the topic tree where a box would stand.
 */
export const name = z
  .string()
  .regex(
    /^(?!gallery$)[a-z0-9][a-z0-9-]{0,39}$/,
    'use 1 to 40 lower-case letters, digits and hyphens, e.g. "east-gate"',
  );

/** RFC 9562 UUID, any version. */
export const uuid = z.uuid();

/** UTC instant, ISO 8601 with milliseconds, e.g. `2026-03-01T08:00:00.000Z`. */
export const instant = z.iso.datetime({ precision: 3 });

/** Lower-case hex of a SHA-256 digest. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A new time-ordered id (UUID version 7, RFC 9562 §5.7): sorting ids sorts by `now` (ms since the epoch). */
export function newId(now: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A new id without order, for things whose age must not be readable from their name (subjects, evidence). */
export function newOpaqueId(): string {
  return randomUUID();
}
