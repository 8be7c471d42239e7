/** The few forms of DER [ITU-T X.690] that a certificate needs. It is only ever written here: what others wrote is read by Node. */

/** Tag, length, content [X.690 §8.1]. */
function element(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
}

export const sequence = (...content: Uint8Array[]) => element(0x30, ...content);
export const setOf = (...content: Uint8Array[]) => element(0x31, ...content);
export const octets = (content: Uint8Array) => element(0x04, content);
export const bits = (content: Uint8Array, unusedBits = 0) =>
  element(0x03, Buffer.from([unusedBits]), content);
export const utf8 = (text: string) => element(0x0c, Buffer.from(text, 'utf8'));
export const yes = () => element(0x01, Buffer.from([0xff]));

/** Context-specific and constructed, e.g. `[3] EXPLICIT`. */
export const tagged = (number: number, ...content: Uint8Array[]) => element(0xa0 | number, ...content);
/** Context-specific and primitive, e.g. `[2] IMPLICIT IA5String`. */
export const implicit = (number: number, content: Uint8Array) => element(0x80 | number, content);

/** A positive integer, big-endian. */
export function integer(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const significant = first < 0 ? Buffer.from([0]) : bytes.subarray(first);
  const needsZero = (significant[0] & 0x80) !== 0;
  return element(0x02, needsZero ? Buffer.from([0]) : Buffer.alloc(0), significant);
}

/** An object identifier, e.g. `2.5.29.17` [X.690 §8.19]. */
export function objectId(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split('.').map(Number);
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** UTCTime until 2049, GeneralizedTime after [RFC 5280 §4.1.2.5]; whole seconds. `at` in ms since the epoch. */
export function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/[-:T]|\.\d+/g, '');
  const isUtcTime = new Date(at).getUTCFullYear() < 2050;
  return isUtcTime ? element(0x17, Buffer.from(digits.slice(2))) : element(0x18, Buffer.from(digits));
}

function lengthOf(bytes: number): Buffer {
  if (bytes < 0x80) return Buffer.from([bytes]);
  const digits: number[] = [];
  for (let rest = bytes; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest & 0xff);
  return Buffer.from([0x80 | digits.length, ...digits]);
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}
