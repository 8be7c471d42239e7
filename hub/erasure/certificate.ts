import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { Erasure, ErasureCertificate } from '../contract/api.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { isPerson } from './subject-name.ts';

/** PKCS #8 before the 32 bytes of an Ed25519 private key (RFC 8410, section 7). */
const privateKeyHeader = Buffer.from('302e020100300506032b657004220420', 'hex');
/** SubjectPublicKeyInfo before the 32 bytes of an Ed25519 public key (RFC 8410, section 4). */
const publicKeyHeader = Buffer.from('302a300506032b6570032100', 'hex');

/** Says what an erasure did, signed. `kinds`: what the erasers go through. */
export function certify(keys: KeyRing, erasure: Erasure, kinds: string[]): ErasureCertificate {
  const isOfPerson = isPerson(erasure.subject);
  const said = {
    ...erasure,
    version: 2 as const,
    covers: [...(isOfPerson ? ['face_templates'] : []), ...kinds],
    stays: ['anonymous_passings' as const, 'audit' as const, 'backups' as const, 'sent_outside' as const],
    isComplete:
      erasure.boxes.every(({ confirmedAt }) => confirmedAt !== undefined) &&
      erasure.carriedOutAt !== undefined &&
      erasure.held === undefined,
  };
  const text = Buffer.from(canonicalJson(said));
  const { privateKey, publicKey } = signingKeys(keys);
  return {
    ...said,
    sha256: createHash('sha256').update(text).digest('hex'),
    publicKey: publicKey.toString('base64'),
    signature: sign(null, text, privateKey).toString('base64'),
  };
}

/** Whether this hub has signed exactly this. */
export function isOwnCertificate(keys: KeyRing, certificate: ErasureCertificate): boolean {
  const { sha256, publicKey, signature, ...said } = certificate;
  const text = Buffer.from(canonicalJson(said));
  const own = signingKeys(keys).publicKey;
  const key = createPublicKey({ key: Buffer.concat([publicKeyHeader, own]), format: 'der', type: 'spki' });
  return (
    publicKey === own.toString('base64') &&
    sha256 === createHash('sha256').update(text).digest('hex') &&
    verify(null, text, key, Buffer.from(signature, 'base64'))
  );
}

/** The seed is the hub's key for certificates: the same pair for as long as the hub has its key. */
function signingKeys(keys: KeyRing) {
  const der = Buffer.concat([privateKeyHeader, keys.key('certificate')]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return { privateKey, publicKey: spki.subarray(publicKeyHeader.length) };
}

/** JSON with sorted keys (RFC 8785): texts, whole numbers and booleans are all that a certificate holds. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}
