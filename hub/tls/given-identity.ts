import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { HubError } from '../errors.ts';
import type { ServerIdentity, TlsContext } from './server-identity.ts';

/** Certificate and key in files that somebody else keeps, e.g. a company's authority or an ACME client. */
export class GivenIdentity implements ServerIdentity {
  readonly #files: { certificate: string; key: string };
  #seen: string;
  #presented: { context: TlsContext; expiresAt: number };

  /** PEM files. Throws TLS_FILES_UNUSABLE. */
  constructor(files: { certificate: string; key: string }) {
    this.#files = files;
    this.#seen = this.#stamp();
    this.#presented = readPair(files);
  }

  get context(): TlsContext {
    return this.#presented.context;
  }

  get expiresAt(): number {
    return this.#presented.expiresAt;
  }

  refresh(): boolean {
    const stamp = this.#stamp();
    if (stamp === this.#seen) return false;
    this.#seen = stamp;
    this.#presented = readPair(this.#files);
    return true;
  }

  /** Changes whenever one of the files was written or replaced. */
  #stamp(): string {
    const stats = [this.#files.certificate, this.#files.key].map((path) =>
      statSync(path, { throwIfNoEntry: false }),
    );
    return stats.map((stat) => `${stat?.ino} ${stat?.size} ${stat?.mtimeMs}`).join();
  }
}

function readPair(files: { certificate: string; key: string }) {
  const subject = `${files.certificate}, ${files.key}`;
  try {
    const [cert, key] = [readFileSync(files.certificate, 'utf8'), readFileSync(files.key, 'utf8')];
    const leaf = new X509Certificate(cert);
    if (!leaf.checkPrivateKey(createPrivateKey(key)))
      throw new Error('the key is not that of the certificate');
    return { context: { cert, key, minVersion: 'TLSv1.2' as const }, expiresAt: leaf.validToDate.getTime() };
  } catch (cause) {
    throw new HubError('TLS_FILES_UNUSABLE', `${subject}: ${(cause as Error).message}`, { cause });
  }
}
