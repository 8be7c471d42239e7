import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { HubError } from '../errors.ts';

/** What a sealed thing is for; a seal for one purpose does not open for another. */
export type KeyPurpose = 'evidence' | 'totp' | 'channel' | 'push' | 'link' | 'certificate' | 'tombstone';

const keyBytes = 32;
/** 96 bits, random for each seal (NIST SP 800-38D, 8.2.2). */
const nonceBytes = 12;
const tagBytes = 16;
const version = 1;

/**
 * The hub's key, and the keys derived from it for each purpose (HKDF-SHA-256, RFC 5869).
 * A seal is `version (1) ‖ nonce (12) ‖ ciphertext ‖ tag (16)`, AES-256-GCM, bound to what it belongs to.
 */
export class KeyRing {
  readonly #master: Uint8Array;
  readonly #derived = new Map<KeyPurpose, Buffer>();

  /** `master`: 32 random bytes. */
  constructor(master: Uint8Array) {
    if (master.byteLength !== keyBytes) throw new HubError('HUB_KEY_UNREADABLE', 'not 32 bytes');
    this.#master = master;
  }

  /** The 32 bytes for one purpose, for what is signed rather than sealed. */
  key(purpose: KeyPurpose): Buffer {
    let key = this.#derived.get(purpose);
    if (!key) {
      key = Buffer.from(hkdfSync('sha256', this.#master, '', `gatehouse/hub/${purpose}`, keyBytes));
      this.#derived.set(purpose, key);
    }
    return key;
  }

  /** `belongsTo`: the id of the row or file that holds the seal, so that seals cannot be swapped. */
  seal(purpose: KeyPurpose, belongsTo: string, plain: Uint8Array): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.key(purpose), nonce, { authTagLength: tagBytes });
    cipher.setAAD(Buffer.from(belongsTo));
    return Buffer.concat([
      Buffer.of(version),
      nonce,
      cipher.update(plain),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
  }

  /** Throws SEAL_BROKEN when it was sealed with another key, for something else, or was changed. */
  open(purpose: KeyPurpose, belongsTo: string, sealed: Uint8Array): Buffer {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
    if (bytes.length < 1 + nonceBytes + tagBytes || bytes[0] !== version) throw new HubError('SEAL_BROKEN');
    const nonce = bytes.subarray(1, 1 + nonceBytes);
    const decipher = createDecipheriv('aes-256-gcm', this.key(purpose), nonce, { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(belongsTo));
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(1 + nonceBytes, -tagBytes)), decipher.final()]);
    } catch (cause) {
      throw new HubError('SEAL_BROKEN', undefined, { cause });
    }
  }
}
