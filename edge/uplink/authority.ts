import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { EdgeError } from '../errors.ts';

/** PEM of the authority that the box trusts; undefined without a file. Throws UPLINK_CA_UNREADABLE. */
export async function readAuthority(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    const pem = await readFile(path, 'utf8');
    new X509Certificate(pem);
    return pem;
  } catch (cause) {
    throw new EdgeError('UPLINK_CA_UNREADABLE', path, { cause });
  }
}

/** Whether a connection failed because the other end could not show who it is (codes of OpenSSL's verification, of which Node calls those it has no name for UNSPECIFIED, and Node's for names). */
export function isDistrust(error: unknown): boolean {
  const code = String((error as { code?: unknown } | undefined)?.code ?? '');
  return /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|PATH_LENGTH_|HOSTNAME_MISMATCH|ERR_TLS_CERT_)|^UNSPECIFIED$|^ERR_SSL_/.test(
    code,
  );
}
