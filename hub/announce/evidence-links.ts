import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { uuid } from '../contract/ids.ts';
import { HubError } from '../errors.ts';

/** How long a link to a picture opens. */
export const linkHours = 24;

/** What a link opens, and the channel that sent it. */
export interface LinkedPicture {
  evidence: string;
  channel: string;
}

/**
 * Links to single pictures, which open without a session until they expire:
 * `evidence.channel.expiry.signature`, expiry in seconds since the epoch (base 36), signature HMAC-SHA-256 in base64url.
 */
export class EvidenceLinks {
  readonly #key: Uint8Array;
  readonly #clock: Clock;

  /** `key`: 32 bytes that sign nothing else. */
  constructor(key: Uint8Array, clock: Clock) {
    this.#key = key;
    this.#clock = clock;
  }

  /** The address under the hub's public one. */
  linkTo({ evidence, channel }: LinkedPicture, publicUrl: string): string {
    const expiry = Math.floor(this.#clock.now() / 1000) + linkHours * 3600;
    const said = `${evidence}.${channel}.${expiry.toString(36)}`;
    const token = `${said}.${this.#sign(said).toString('base64url')}`;
    return new URL(`/api/v1/evidence-links/${token}`, publicUrl).href;
  }

  /** Throws LINK_INVALID for what this hub has not signed, LINK_EXPIRED afterwards. */
  open(token: string): LinkedPicture {
    const [evidence, channel, expiry, signature, ...rest] = token.split('.');
    if (signature === undefined || rest.length > 0) throw new HubError('LINK_INVALID');
    const given = Buffer.from(signature, 'base64url');
    const right = this.#sign(`${evidence}.${channel}.${expiry}`);
    if (given.byteLength !== right.byteLength || !timingSafeEqual(given, right))
      throw new HubError('LINK_INVALID');
    if (this.#clock.now() >= Number.parseInt(expiry, 36) * 1000) throw new HubError('LINK_EXPIRED');
    return { evidence: uuid.parse(evidence), channel: uuid.parse(channel) };
  }

  #sign(said: string): Buffer {
    return createHmac('sha256', this.#key).update(said).digest();
  }
}
