import { join } from 'node:path';
import { HubError } from '../errors.ts';
import { GivenIdentity } from './given-identity.ts';
import { LocalIdentity } from './local-identity.ts';
import type { ServerIdentity } from './server-identity.ts';
import { isLoopback, namesAskedFor, namesOfThisMachine } from './server-names.ts';

/** How the hub is to be encrypted. */
export type TlsOptions =
  | { kind: 'given'; certificate: string; key: string }
  /** `names`: further names and addresses for the certificate. */
  | { kind: 'local'; names: string[] };

/**
 * Opens what the hub presents; undefined for none, which is refused on a network unless it is asked for.
 * Throws TLS_REQUIRED and what the identities throw.
 */
export function openIdentity(options: {
  tls: TlsOptions | undefined;
  host: string;
  insecureHttp: boolean;
  dataFolder: string;
  site: string;
  /** ms since the epoch. */
  now: number;
}): ServerIdentity | undefined {
  const { tls, host, insecureHttp, dataFolder, site, now } = options;
  if (!tls) {
    if (!isLoopback(host) && !insecureHttp) throw new HubError('TLS_REQUIRED', host);
    return undefined;
  }
  if (tls.kind === 'given') return new GivenIdentity(tls);
  return new LocalIdentity({
    folder: join(dataFolder, 'tls'),
    site,
    asked: namesAskedFor(host, tls.names),
    found: namesOfThisMachine,
    now,
  });
}
