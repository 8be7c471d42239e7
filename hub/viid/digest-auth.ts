import { createHash } from 'node:crypto';

/** What a server asks for (RFC 7616, 3.3). */
interface Challenge {
  realm: string;
  nonce: string;
  opaque?: string;
  /** The hash that both sides compute with. */
  algorithm: 'MD5' | 'SHA-256';
  /** As the server spelled it; undefined when it named none. */
  spelled?: string;
  /** False for servers of RFC 2069, which know no qop. */
  hasQop: boolean;
}

/** What the client answers with. */
export interface DigestRequest {
  method: string;
  /** Path and query, as in the request line. */
  uri: string;
  username: string;
  password: string;
  /** Made by the client for this answer. */
  cnonce: string;
}

/**
 * The `Authorization` header that answers a `WWW-Authenticate` header (RFC 7616, 3.4); undefined when it asks for
 * nothing that we answer. Of several challenges the strongest hash is taken. A nonce is used once, so its count is 1.
 */
export function answerDigest(wwwAuthenticate: string, request: DigestRequest): string | undefined {
  const challenges = readChallenges(wwwAuthenticate);
  const challenge = challenges.find(({ algorithm }) => algorithm === 'SHA-256') ?? challenges[0];
  if (!challenge) return undefined;
  const { realm, nonce, opaque, algorithm, spelled, hasQop } = challenge;
  const { method, uri, username, password, cnonce } = request;
  const hash = (text: string) =>
    createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex');
  const nc = '00000001';
  const a1 = hash(`${username}:${realm}:${password}`);
  const a2 = hash(`${method}:${uri}`);
  const response = hash(hasQop ? `${a1}:${nonce}:${nc}:${cnonce}:auth:${a2}` : `${a1}:${nonce}:${a2}`);
  const parts = [
    `username=${quote(username)}`,
    `realm=${quote(realm)}`,
    `nonce=${quote(nonce)}`,
    `uri=${quote(uri)}`,
    ...(spelled === undefined ? [] : [`algorithm=${spelled}`]),
    ...(hasQop ? ['qop=auth', `nc=${nc}`, `cnonce=${quote(cnonce)}`] : []),
    `response=${quote(response)}`,
    ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
  ];
  return `Digest ${parts.join(', ')}`;
}

/** Challenges that we can answer: MD5 or SHA-256, with qop auth or none. Basic is never answered. */
function readChallenges(header: string): Challenge[] {
  return header
    .split(/(?:^|,)\s*(?=[A-Za-z-]+\s+[A-Za-z]+=)/)
    .filter((part) => /^Digest\s/i.test(part.trim()))
    .flatMap((part) => {
      const fields = new Map<string, string>();
      for (const [, key, quoted, token] of part.matchAll(
        /([A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g,
      ))
        fields.set(key.toLowerCase(), quoted === undefined ? token : quoted.replace(/\\(.)/g, '$1'));
      const [realm, nonce] = [fields.get('realm'), fields.get('nonce')];
      const spelled = fields.get('algorithm');
      const algorithm = (spelled ?? 'MD5').toUpperCase();
      const qop = fields.get('qop');
      const isKnown = algorithm === 'MD5' || algorithm === 'SHA-256';
      const offersAuth = qop === undefined || qop.split(/\s*,\s*/).includes('auth');
      if (realm === undefined || nonce === undefined || !isKnown || !offersAuth) return [];
      const opaque = fields.get('opaque');
      return [
        {
          ...{ realm, nonce, algorithm, hasQop: qop !== undefined },
          ...(spelled === undefined ? {} : { spelled }),
          ...(opaque === undefined ? {} : { opaque }),
        },
      ];
    });
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
