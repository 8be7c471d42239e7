import { createHmac } from 'node:crypto';
import { uuid } from '../contract/ids.ts';
import type { KeyRing } from '../keys/key-ring.ts';

/** Hex digits of a plate's name: 128 bits, nobody meets another's by chance. */
const nameDigits = 32;
const platePrefix = 'plate:';

/**
 * What a subject is called among those who were forgotten. A person's pseudonymous id leads nowhere once all that had
 * it is gone, and the boxes must know it; a plate is a name that everybody can read, so only a keyed digest of it stays.
 */
export function forgottenName(keys: KeyRing, subject: string): string {
  if (isPerson(subject) || subject.startsWith(platePrefix)) return subject;
  const digest = createHmac('sha256', keys.key('tombstone')).update(subject).digest('hex');
  return platePrefix + digest.slice(0, nameDigits);
}

/** Whether a name is a person's id; else it is a plate's. */
export function isPerson(name: string): boolean {
  return uuid.safeParse(name).success;
}
