/** Letters and digits that nobody confuses with others when they are read out. */
const alphabet = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

/** Twelve random characters in groups of four, nearly 60 bits. */
export function newOneTimePassword(): string {
  // 248 is the largest multiple of 31 in a byte: what lies above would favour the first letters.
  const characters: string[] = [];
  while (characters.length < 12) {
    for (const byte of crypto.getRandomValues(new Uint8Array(16))) {
      if (byte < 248 && characters.length < 12) characters.push(alphabet[byte % alphabet.length]);
    }
  }
  return characters.join('').replace(/(.{4})(?=.)/g, '$1-');
}
