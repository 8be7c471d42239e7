import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import {
  issueServerCertificate,
  type KeyedCertificate,
  makeAuthority,
} from '../../../hub/tls/certificate.ts';
import { GivenIdentity } from '../../../hub/tls/given-identity.ts';
import { LocalIdentity, readAuthority } from '../../../hub/tls/local-identity.ts';
import { isPermitted, permittedFor } from '../../../hub/tls/server-names.ts';

const day = 86_400_000;
// Whole seconds, as certificates count; real, because the handshakes below look at the real clock.
const now = Math.floor(Date.now() / 1000) * 1000;
const root = mkdtempSync(join(tmpdir(), 'gatehouse-tls-'));
afterAll(() => rmSync(root, { recursive: true }));

let folder: string;
let found: string[];
beforeEach(() => {
  folder = mkdtempSync(join(root, 'hub-'));
  found = ['localhost', '127.0.0.1', 'hub.local', '192.168.1.10'];
});

function open({ asked = [] as string[], at = now } = {}): LocalIdentity {
  return new LocalIdentity({ folder, site: 'jinyuan', asked, found: () => found, now: at });
}

const leafOf = ({ context }: { context: { cert: string } }) => new X509Certificate(context.cert);

describe('the authority', () => {
  test('is made once, kept for ten years, and its key is readable by nobody else', () => {
    const first = open();
    const again = open();
    expect(again.authority.fingerprint).toBe(first.authority.fingerprint);
    expect(readAuthority(folder)?.fingerprint).toBe(first.authority.fingerprint);
    const authority = new X509Certificate(first.authority.certificate);
    expect(authority.ca).toBe(true);
    expect(Math.round((authority.validToDate.getTime() - now) / day)).toBe(3650);
    for (const file of readdirSync(folder))
      expect([file, statSync(join(folder, file)).mode & 0o077]).toEqual([file, 0]);
    expect(statSync(folder).mode & 0o077).toBe(0);
  });

  test('of two hubs of a site are two', () => {
    const first = open();
    folder = mkdtempSync(join(root, 'other-'));
    expect(open().authority.fingerprint).not.toBe(first.authority.fingerprint);
  });

  test('that cannot be read stops the start instead of being made anew', () => {
    open();
    writeFileSync(join(folder, 'authority.json'), '{"certificate":');
    expect(() => open()).toThrow(/tls folder/);
    expect(() => open()).toThrow(expect.objectContaining({ code: 'TLS_FOLDER_UNREADABLE' }));
  });

  test('vouches for nearby names, and for those that the hub had when it was made', () => {
    const permitted = permittedFor(['hub.example.org', '203.0.113.7']);
    const nearby = [
      'hub.local',
      'gate.lan',
      '10.1.2.3',
      '172.31.0.1',
      '192.168.255.1',
      '::1',
      'fd00::1',
      '127.0.0.2',
    ];
    for (const name of [...nearby, 'hub.example.org', '203.0.113.7'])
      expect([name, isPermitted(name, permitted)]).toEqual([name, true]);
    for (const name of [
      'example.org',
      'bank.example',
      'evil-local',
      '203.0.113.8',
      '172.32.0.1',
      '2001:db8::1',
    ])
      expect([name, isPermitted(name, permitted)]).toEqual([name, false]);
  });

  test('refuses a name that it may not vouch for', () => {
    open();
    expect(() => open({ asked: ['bank.example'] })).toThrow(
      expect.objectContaining({ code: 'TLS_NAME_NOT_PERMITTED' }),
    );
  });
});

describe('the certificate', () => {
  test('names every name and address, lasts at most 398 days, and is for servers alone', () => {
    const leaf = leafOf(open({ asked: ['gate.lan'] }));
    for (const host of ['localhost', 'hub.local', 'gate.lan']) expect(leaf.checkHost(host)).toBe(host);
    for (const address of ['127.0.0.1', '192.168.1.10']) expect(leaf.checkIP(address)).toBe(address);
    expect(leaf.checkHost('other.lan')).toBeUndefined();
    expect((leaf.validToDate.getTime() - leaf.validFromDate.getTime()) / day).toBeLessThanOrEqual(398);
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(leaf.ca).toBe(false);
  });

  test('stays over a restart, and is renewed thirty days before its end, by the same authority', () => {
    const first = open();
    const serial = leafOf(first).serialNumber;
    expect(leafOf(open()).serialNumber).toBe(serial);
    expect(first.refresh(now + 366 * day)).toBe(false);
    expect(first.refresh(now + 368 * day)).toBe(true);
    expect(leafOf(first).serialNumber).not.toBe(serial);
    expect(leafOf(first).verify(new X509Certificate(first.authority.certificate).publicKey)).toBe(true);
    expect(first.refresh(now + 369 * day)).toBe(false);
    expect(leafOf(open()).serialNumber).toBe(leafOf(first).serialNumber);
  });

  test('is issued anew when the machine has another address, and leaves out one that nobody would believe', () => {
    const identity = open();
    found = [...found, '192.168.7.7', '198.51.100.4'];
    expect(identity.refresh(now + 60_000)).toBe(true);
    expect(leafOf(identity).checkIP('192.168.7.7')).toBe('192.168.7.7');
    expect(leafOf(identity).checkIP('198.51.100.4')).toBeUndefined();
    expect(identity.refresh(now + 120_000)).toBe(false);
  });

  test('that another authority signed is replaced', () => {
    open();
    const stranger = makeAuthority('stranger', permittedFor(found), now);
    const forged = issueServerCertificate(stranger, found, now);
    writeFileSync(join(folder, 'server.json'), JSON.stringify(forged));
    const identity = open();
    expect(leafOf(identity).verify(new X509Certificate(identity.authority.certificate).publicKey)).toBe(true);
  });
});

describe('a client that trusts the authority', () => {
  async function handshake(
    { certificate, key }: KeyedCertificate,
    ca: string,
    servername: string,
  ): Promise<string> {
    const server = createServer({ cert: certificate, key }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const socket = connect({ host: '127.0.0.1', port, ca, servername });
    try {
      return await new Promise((resolve) => {
        socket.once('secureConnect', () => resolve('trusted'));
        socket.once('error', (error: Error & { code?: string }) => resolve(`${error.code} ${error.message}`));
      });
    } finally {
      socket.destroy();
      server.close();
    }
  }

  const permitted = permittedFor(['hub.local']);

  test('believes the hub under its name and under no other', async () => {
    const authority = makeAuthority('Gatehouse', permitted, now);
    const leaf = issueServerCertificate(authority, ['hub.local'], now);
    expect(await handshake(leaf, authority.certificate, 'hub.local')).toBe('trusted');
    expect(await handshake(leaf, authority.certificate, 'other.local')).toMatch(
      /^ERR_TLS_CERT_ALTNAME_INVALID/,
    );
  });

  test('does not believe it for another site’s name, even when its key was stolen', async () => {
    const authority = makeAuthority('Gatehouse', permitted, now);
    const stolen = issueServerCertificate(authority, ['bank.example'], now);
    expect(await handshake(stolen, authority.certificate, 'bank.example')).toContain(
      'permitted subtree violation',
    );
  });

  test('does not believe a certificate that has ended', async () => {
    const authority = makeAuthority('Gatehouse', permitted, now - 400 * day);
    const ended = issueServerCertificate(authority, ['hub.local'], now - 400 * day);
    expect(await handshake(ended, authority.certificate, 'hub.local')).toMatch(/^CERT_HAS_EXPIRED/);
  });
});

describe('given files', () => {
  const authority = makeAuthority('Company', permittedFor([]), now);
  const paths = () => ({ certificate: join(folder, 'hub.crt'), key: join(folder, 'hub.key') });
  function write({ certificate, key }: KeyedCertificate) {
    writeFileSync(paths().certificate, certificate);
    writeFileSync(paths().key, key);
  }

  test('are read again when they change', () => {
    const [first, second] = [1, 2].map(() => issueServerCertificate(authority, ['hub.local'], now));
    write(first);
    const identity = new GivenIdentity(paths());
    expect(identity.refresh()).toBe(false);
    write(second);
    expect(identity.refresh()).toBe(true);
    expect(identity.context.cert).toBe(second.certificate);
    expect(identity.context.key).toBe(readFileSync(paths().key, 'utf8'));
  });

  test('that do not belong together are refused, and the pair before stays', () => {
    const [first, second] = [1, 2].map(() => issueServerCertificate(authority, ['hub.local'], now));
    write(first);
    const identity = new GivenIdentity(paths());
    writeFileSync(paths().certificate, second.certificate);
    expect(() => identity.refresh()).toThrow(expect.objectContaining({ code: 'TLS_FILES_UNUSABLE' }));
    expect(identity.context.cert).toBe(first.certificate);
    expect(identity.refresh()).toBe(false);
    expect(() => new GivenIdentity(paths())).toThrow(expect.objectContaining({ code: 'TLS_FILES_UNUSABLE' }));
  });
});
