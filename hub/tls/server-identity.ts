/** What TLS servers present, for `createServer` and `setSecureContext`. */
export interface TlsContext {
  /** PEM, the server's own first. */
  cert: string;
  /** PEM. */
  key: string;
  minVersion: 'TLSv1.2';
}

/** An authority that tablets and boxes are told to trust. */
export interface TrustedAuthority {
  /** PEM. */
  certificate: string;
  der: Buffer;
  /** SHA-256 of the DER bytes: upper-case hex pairs, colons between. */
  fingerprint: string;
}

/** Who the hub is to those who connect. */
export interface ServerIdentity {
  readonly context: TlsContext;
  /** Present when the hub made it; certificates that were given are vouched for by somebody else. */
  readonly authority?: TrustedAuthority;
  /** When the certificate ends, ms since the epoch. */
  readonly expiresAt: number;
  /**
   * Looks whether there is another certificate to present from `now` (ms since the epoch) on; true when `context`
   * has changed. Throws what is wrong with a new one, once for each; the one before stays.
   */
  refresh(now: number): boolean;
}
