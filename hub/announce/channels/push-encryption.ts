import { createCipheriv, createECDH, createHmac, type ECDH, hkdfSync, randomBytes } from 'node:crypto';

/** A browser's keys as bytes: an uncompressed point on P-256 (65) and the shared secret (16). */
export interface PushKeys {
  p256dh: Buffer;
  auth: Buffer;
}

/** Made anew for each message; handed in only to reproduce the example of RFC 8291 §5. */
interface Ephemeral {
  ecdh: ECDH;
  /** 16 bytes. */
  salt: Buffer;
}

const recordBytes = 4096;
const tagBytes = 16;

/** Bytes that fit into one record: what push services take without asking. */
export const pushPayloadBytes = recordBytes - tagBytes - 1 - 86;

/** Parses a browser's keys; undefined when they are not a point on the curve and 16 bytes. */
export function parsePushKeys(keys: { p256dh: string; auth: string }): PushKeys | undefined {
  const p256dh = Buffer.from(keys.p256dh, 'base64url');
  const auth = Buffer.from(keys.auth, 'base64url');
  if (p256dh.byteLength !== 65 || p256dh[0] !== 4 || auth.byteLength !== 16) return undefined;
  try {
    newEphemeral().ecdh.computeSecret(p256dh);
  } catch {
    return undefined;
  }
  return { p256dh, auth };
}

/** Encrypts a message for one browser alone (RFC 8291), as one record of `aes128gcm` (RFC 8188). */
export function encryptPush(
  plain: Uint8Array,
  keys: PushKeys,
  ephemeral: Ephemeral = newEphemeral(),
): Buffer {
  if (plain.byteLength > pushPayloadBytes) throw new RangeError('a push message fits into one record');
  const { ecdh, salt } = ephemeral;
  const senderKey = ecdh.getPublicKey();
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.p256dh, senderKey]);
  const secret = Buffer.from(hkdfSync('sha256', ecdh.computeSecret(keys.p256dh), keys.auth, info, 32));

  const pseudorandom = createHmac('sha256', salt).update(secret).digest();
  const expand = (label: string, bytes: number) =>
    createHmac('sha256', pseudorandom).update(`${label}\0`).update(Buffer.of(1)).digest().subarray(0, bytes);
  const key = expand('Content-Encoding: aes128gcm', 16);
  const nonce = expand('Content-Encoding: nonce', 12);

  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  const lastRecord = Buffer.of(2);
  const sealed = [cipher.update(plain), cipher.update(lastRecord), cipher.final(), cipher.getAuthTag()];
  const header = Buffer.alloc(5);
  header.writeUInt32BE(recordBytes);
  header[4] = senderKey.byteLength;
  return Buffer.concat([salt, header, senderKey, ...sealed]);
}

function newEphemeral(): Ephemeral {
  const ecdh = createECDH('prime256v1');
  ecdh.generateKeys();
  return { ecdh, salt: randomBytes(16) };
}
