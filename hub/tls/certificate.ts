import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { isIP } from 'node:net';
import {
  bits,
  implicit,
  integer,
  objectId,
  octets,
  sequence,
  setOf,
  tagged,
  time,
  utf8,
  yes,
} from './der.ts';

/** A certificate and its private key, both PEM. */
export interface KeyedCertificate {
  certificate: string;
  key: string;
}

/** Who may be vouched for: host names (with everything below them) and networks such as `192.168.0.0/16`. */
export interface PermittedNames {
  hosts: string[];
  networks: string[];
}

const dayMs = 86_400_000;
/** Ten years: a tablet is told once whom to trust. */
const authorityDays = 3650;
/** Apple trusts a server's certificate for 398 days at most; one less, for clocks that differ. */
const serverDays = 397;
/** Clocks of tablets run behind. */
const backdatedMs = 3_600_000;

const oid = {
  commonName: '2.5.4.3',
  ecPublicKeyWithSha256: '1.2.840.10045.4.3.2',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;

/** Bits of KeyUsage, the first one being the highest [RFC 5280 §4.2.1.3]. */
const usage = { digitalSignature: [0x80, 7], certificates: [0x06, 1] } as const;
const subtree = { host: 2, network: 7 } as const;

/**
 * A certificate authority of this hub's own [RFC 5280], ECDSA on P-256. It may vouch for `permitted` alone: whoever
 * steals its key cannot pretend to be anybody else to the tablets that trust it. `now` in ms since the epoch.
 */
export function makeAuthority(label: string, permitted: PermittedNames, now: number): KeyedCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const identifier = keyIdentifier(publicKey);
  const name = distinguishedName(label);
  const certificate = signed(privateKey, {
    issuer: name,
    subject: name,
    from: now - backdatedMs,
    until: now + authorityDays * dayMs,
    publicKey,
    extensions: [
      extension(oid.basicConstraints, sequence(yes(), integer(Buffer.from([0]))), 'critical'),
      extension(oid.keyUsage, bits(Buffer.from([usage.certificates[0]]), usage.certificates[1]), 'critical'),
      extension(oid.subjectKeyIdentifier, octets(identifier)),
      extension(oid.nameConstraints, sequence(tagged(0, ...permittedSubtrees(permitted))), 'critical'),
    ],
  });
  return { certificate, key: pemOf(privateKey) };
}

/** A certificate for a server under these names and addresses, signed by the authority. `now` in ms since the epoch. */
export function issueServerCertificate(
  authority: KeyedCertificate,
  names: string[],
  now: number,
): KeyedCertificate {
  const issuer = new X509Certificate(authority.certificate);
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificate = signed(createPrivateKey(authority.key), {
    issuer: distinguishedName(commonNameOf(issuer)),
    subject: distinguishedName('Gatehouse hub'),
    from: now - backdatedMs,
    until: Math.min(now + serverDays * dayMs, issuer.validToDate.getTime()),
    publicKey,
    extensions: [
      extension(oid.basicConstraints, sequence(), 'critical'),
      extension(
        oid.keyUsage,
        bits(Buffer.from([usage.digitalSignature[0]]), usage.digitalSignature[1]),
        'critical',
      ),
      extension(oid.extendedKeyUsage, sequence(objectId(oid.serverAuth))),
      extension(oid.subjectKeyIdentifier, octets(keyIdentifier(publicKey))),
      extension(oid.authorityKeyIdentifier, sequence(implicit(0, keyIdentifier(issuer.publicKey)))),
      extension(oid.subjectAltName, sequence(...names.map(generalName))),
    ],
  });
  return { certificate, key: pemOf(privateKey) };
}

/** The common name, which is all the name that this authority has. */
function commonNameOf({ subject }: X509Certificate): string {
  return subject.replace(/^CN=/, '');
}

interface Statement {
  issuer: Buffer;
  subject: Buffer;
  from: number;
  until: number;
  publicKey: KeyObject;
  extensions: Buffer[];
}

/** TBSCertificate and its signature [RFC 5280 §4.1]. */
function signed(key: KeyObject, { issuer, subject, from, until, publicKey, extensions }: Statement): string {
  const algorithm = sequence(objectId(oid.ecPublicKeyWithSha256));
  const version3 = tagged(0, integer(Buffer.from([2])));
  const serial = integer(Buffer.from([0x01, ...randomBytes(15)]));
  const statement = sequence(
    version3,
    serial,
    algorithm,
    issuer,
    sequence(time(from), time(until)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(3, sequence(...extensions)),
  );
  const certificate = sequence(statement, algorithm, bits(sign('sha256', statement, key)));
  return new X509Certificate(certificate).toString();
}

function extension(id: string, value: Buffer, critical?: 'critical'): Buffer {
  return critical ? sequence(objectId(id), yes(), octets(value)) : sequence(objectId(id), octets(value));
}

function distinguishedName(commonName: string): Buffer {
  return sequence(setOf(sequence(objectId(oid.commonName), utf8(commonName))));
}

/** SHA-1 of the public key's bits, which is a name and no protection [RFC 5280 §4.2.1.2]. */
function keyIdentifier(publicKey: KeyObject): Buffer {
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const pointBytes = 65;
  return createHash('sha1').update(spki.subarray(-pointBytes)).digest();
}

function generalName(name: string): Buffer {
  if (isIP(name)) return implicit(subtree.network, addressBytes(name));
  return implicit(subtree.host, Buffer.from(name, 'ascii'));
}

function permittedSubtrees({ hosts, networks }: PermittedNames): Buffer[] {
  return [
    ...hosts.map((host) => sequence(implicit(subtree.host, Buffer.from(host, 'ascii')))),
    ...networks.map((network) => sequence(implicit(subtree.network, networkBytes(network)))),
  ];
}

/** Address and mask, 8 bytes or 32 [RFC 5280 §4.2.1.10]. */
function networkBytes(network: string): Buffer {
  const [address, prefix] = network.split('/');
  const bytes = addressBytes(address);
  const mask = bytes.map((_, at) => (0xff00 >> Math.max(0, Math.min(8, Number(prefix) - at * 8))) & 0xff);
  return Buffer.concat([bytes.map((byte, at) => byte & mask[at]), mask]);
}

/** 4 bytes of an IPv4 address, 16 of an IPv6 address. */
function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const [head, tail] = address
    .split('::')
    .map((half) => (half === '' ? [] : half.split(':').map((group) => Number.parseInt(group, 16))));
  const groups =
    tail === undefined ? head : [...head, ...Array(8 - head.length - tail.length).fill(0), ...tail];
  return Buffer.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
