import { createECDH, createPrivateKey, type KeyObject, sign } from 'node:crypto';

/** The order of P-256 (SP 800-186, 3.2.1.3). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** How long a token holds: half of what RFC 8292 §2 allows. */
const holdsSeconds = 12 * 3600;

/** The hub's key towards push services (VAPID, RFC 8292), derived from the hub's own: nothing more to keep or to back up. */
export class VapidKey {
  /** The public key as browsers and push services want it: an uncompressed point, base64url. */
  readonly publicKey: string;
  readonly #key: KeyObject;

  /** `seed`: 32 bytes that belong to this purpose alone. */
  constructor(seed: Uint8Array) {
    const scalar = (BigInt(`0x${Buffer.from(seed).toString('hex')}`) % (order - 1n)) + 1n;
    const d = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex');
    const ecdh = createECDH('prime256v1');
    ecdh.setPrivateKey(d);
    const point = ecdh.getPublicKey();
    this.publicKey = point.toString('base64url');
    const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((each) => each.toString('base64url'));
    this.#key = createPrivateKey({
      key: { kty: 'EC', crv: 'P-256', d: d.toString('base64url'), x, y },
      format: 'jwk',
    });
  }

  /** The Authorization header for the push service of `endpoint`. `contact`: where its operator finds us, a URL. */
  authorize(endpoint: URL, now: number, contact?: string): string {
    const claims = {
      aud: endpoint.origin,
      exp: Math.floor(now / 1000) + holdsSeconds,
      ...(contact !== undefined && { sub: contact }),
    };
    const signed = [{ typ: 'JWT', alg: 'ES256' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const signature = sign('sha256', Buffer.from(signed), { key: this.#key, dsaEncoding: 'ieee-p1363' });
    return `vapid t=${signed}.${signature.toString('base64url')}, k=${this.publicKey}`;
  }
}
