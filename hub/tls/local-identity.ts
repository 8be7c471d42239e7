import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { HubError } from '../errors.ts';
import { issueServerCertificate, type KeyedCertificate, makeAuthority } from './certificate.ts';
import type { ServerIdentity, TlsContext, TrustedAuthority } from './server-identity.ts';
import { isNamedIn, isPermitted, permittedFor } from './server-names.ts';

const keyedCertificate = z.strictObject({ certificate: z.string(), key: z.string() });
const keptAuthority = keyedCertificate.extend({
  permitted: z.strictObject({ hosts: z.array(z.string()), networks: z.array(z.string()) }),
});
type KeptAuthority = z.infer<typeof keptAuthority>;

/** A new certificate is made this long before the old one ends. */
const renewBeforeMs = 30 * 86_400_000;

/** How often the machine is asked for its addresses. */
const lookEveryMs = 60_000;

/** What a local identity is made from. */
export interface LocalIdentityOptions {
  /** Where authority and certificate are kept; made when missing, readable by nobody else. */
  folder: string;
  site: string;
  /** Names that must be in the certificate. */
  asked: string[];
  /** Names and addresses of the machine as they are now. */
  found: () => string[];
  /** ms since the epoch. */
  now: number;
}

/**
 * An authority of the hub's own, made at the first start and kept for ten years, and a certificate that it signs anew
 * before the old one ends or when the machine has another address.
 */
export class LocalIdentity implements ServerIdentity {
  readonly authority: TrustedAuthority;
  readonly #options: LocalIdentityOptions;
  readonly #kept: KeptAuthority;
  #presented: KeyedCertificate;
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** Throws TLS_FOLDER_UNREADABLE and TLS_NAME_NOT_PERMITTED. */
  constructor(options: LocalIdentityOptions) {
    const { folder, site, asked, found, now } = options;
    this.#options = options;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const kept = readKept(join(folder, 'authority.json'), keptAuthority);
    this.#kept = kept ?? newAuthority(site, [...asked, ...found()], now);
    if (!kept) writeKept(folder, 'authority.json', this.#kept);
    writeKept(folder, 'authority.crt', this.#kept.certificate);
    this.authority = describe(this.#kept.certificate);

    const refused = asked.find((name) => !isPermitted(name, this.#kept.permitted));
    if (refused !== undefined) throw new HubError('TLS_NAME_NOT_PERMITTED', refused);
    const presented = readKept(join(folder, 'server.json'), keyedCertificate);
    this.#presented = presented && this.#isSigned(presented) ? presented : this.#issue(now);
    this.refresh(now);
  }

  get context(): TlsContext {
    const { certificate, key } = this.#presented;
    return { cert: `${certificate}${this.#kept.certificate}`, key, minVersion: 'TLSv1.2' };
  }

  get expiresAt(): number {
    return endOf(this.#presented);
  }

  refresh(now: number): boolean {
    if (now - this.#lookedAt < lookEveryMs) return false;
    this.#lookedAt = now;
    const isEnding = this.expiresAt - now < renewBeforeMs && this.expiresAt < endOf(this.#kept);
    const lacksName = this.#names().some((name) => !isNamedIn(this.#presented.certificate, name));
    if (!isEnding && !lacksName) return false;
    this.#presented = this.#issue(now);
    return true;
  }

  #isSigned({ certificate, key }: KeyedCertificate): boolean {
    const leaf = new X509Certificate(certificate);
    return (
      leaf.verify(new X509Certificate(this.#kept.certificate).publicKey) &&
      leaf.checkPrivateKey(createPrivateKey(key))
    );
  }

  #issue(now: number): KeyedCertificate {
    const issued = issueServerCertificate(this.#kept, this.#names(), now);
    writeKept(this.#options.folder, 'server.json', issued);
    return issued;
  }

  /** An address that this authority may not vouch for is left out: nobody would believe it. */
  #names(): string[] {
    const { asked, found } = this.#options;
    return [...new Set([...asked, ...found()])].filter((name) => isPermitted(name, this.#kept.permitted));
  }
}

/** The authority that is kept in a folder, looked at without making one; undefined when there is none. Throws TLS_FOLDER_UNREADABLE. */
export function readAuthority(folder: string): (TrustedAuthority & { expiresAt: number }) | undefined {
  const kept = readKept(join(folder, 'authority.json'), keptAuthority);
  return kept && { ...describe(kept.certificate), expiresAt: endOf(kept) };
}

function newAuthority(site: string, names: string[], now: number): KeptAuthority {
  const permitted = permittedFor(names);
  return {
    ...makeAuthority(`Gatehouse ${site} ${randomBytes(3).toString('hex')}`, permitted, now),
    permitted,
  };
}

function endOf({ certificate }: KeyedCertificate): number {
  return new X509Certificate(certificate).validToDate.getTime();
}

function describe(certificate: string): TrustedAuthority {
  const { raw, fingerprint256 } = new X509Certificate(certificate);
  return { certificate, der: raw, fingerprint: fingerprint256 };
}

function readKept<T>(path: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new HubError('TLS_FOLDER_UNREADABLE', path, { cause });
  }
}

/** Beside, then into place: a start cut short leaves the old file or the new one, never half of one. */
function writeKept(folder: string, name: string, value: object | string): void {
  const path = join(folder, name);
  const text = typeof value === 'string' ? value : `${JSON.stringify(value, null, 2)}\n`;
  try {
    writeFileSync(`${path}.new`, text, { mode: 0o600, flush: true });
    renameSync(`${path}.new`, path);
  } catch (cause) {
    throw new HubError('TLS_FOLDER_UNREADABLE', path, { cause });
  }
}
