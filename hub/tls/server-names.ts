import { X509Certificate } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import type { PermittedNames } from './certificate.ts';

/** Networks and names that mean something only near the hub [RFC 1918, RFC 4193, RFC 6762, RFC 8375]. */
const nearby: PermittedNames = {
  hosts: ['localhost', 'local', 'lan', 'internal', 'home.arpa'],
  networks: [
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '169.254.0.0/16',
    '127.0.0.0/8',
    'fc00::/7',
    'fe80::/10',
    '::1/128',
  ],
};

const anyAddress = ['0.0.0.0', '::'];
const hostName = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/** Whether a certificate can name it: a host name or an address. */
export function isServerName(name: string): boolean {
  return isIP(name) !== 0 || hostName.test(name);
}

/** The names and addresses under which this machine is reached now. */
export function namesOfThisMachine(): string[] {
  const own = hostname().toLowerCase();
  const hosts = own.includes('.') ? [own] : [own, `${own}.local`];
  const addresses = Object.values(networkInterfaces())
    .flatMap((entries) => (entries ?? []).map(({ address }) => address))
    // Browsers cannot ask for a link-local address: it means nothing without its interface.
    .filter((address) => !address.startsWith('fe80:'));
  return [
    ...new Set([
      'localhost',
      '127.0.0.1',
      '::1',
      ...hosts.filter((name) => hostName.test(name)),
      ...addresses,
    ]),
  ];
}

/** What an authority may vouch for: what is nearby, and the names that this hub has today. */
export function permittedFor(names: string[]): PermittedNames {
  const hosts = names.filter((name) => !isIP(name));
  const addresses = names.filter((name) => isIP(name) && !isPermitted(name, nearby));
  return {
    hosts: [...new Set([...nearby.hosts, ...hosts])],
    networks: [
      ...nearby.networks,
      ...addresses.map((address) => `${address}/${isIP(address) === 4 ? 32 : 128}`),
    ],
  };
}

/** Whether an authority may vouch for this name. */
export function isPermitted(name: string, { hosts, networks }: PermittedNames): boolean {
  const family = isIP(name);
  if (!family) return hosts.some((host) => name === host || name.endsWith(`.${host}`));
  const allowed = new BlockList();
  for (const network of networks) {
    const [address, prefix] = network.split('/');
    allowed.addSubnet(address, Number(prefix), isIP(address) === 4 ? 'ipv4' : 'ipv6');
  }
  return allowed.check(name, family === 4 ? 'ipv4' : 'ipv6');
}

/** Whether only this machine can reach a server that listens on `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Names that were asked for, without the addresses that mean every address. */
export function namesAskedFor(host: string, extra: string[]): string[] {
  return [host, ...extra].filter((name) => !anyAddress.includes(name)).map((name) => name.toLowerCase());
}

/** Whether a certificate (PEM) names this host or address, apart from its common name. */
export function isNamedIn(pem: string, name: string): boolean {
  const certificate = new X509Certificate(pem);
  const address = name.replace(/^\[|\]$/g, '');
  if (isIP(address)) return certificate.checkIP(address) !== undefined;
  return certificate.checkHost(address, { subject: 'never' }) !== undefined;
}
