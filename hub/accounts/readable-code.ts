import { createHash, randomInt } from 'node:crypto';

/** Letters and digits that nobody confuses with others: no 0 and O, no 1, I and L. */
const alphabet = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

/** Random characters to be read aloud and typed, about 4.95 bits each, in groups of four. */
export function newReadableCode(characters: number): string {
  const code = Array.from({ length: characters }, () => alphabet[randomInt(alphabet.length)]).join('');
  return code.replace(/(.{4})(?=.)/g, '$1-');
}

/** What is stored of a code, however it is typed: lower-case hex of its SHA-256. */
export function hashReadableCode(code: string): string {
  const typed = code.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
  return createHash('sha256').update(typed).digest('hex');
}
