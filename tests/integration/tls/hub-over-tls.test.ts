import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { SqliteOutbox } from '../../../edge/outbox/sqlite-outbox.ts';
import { openSqlite } from '../../../edge/sqlite.ts';
import { readAuthority } from '../../../edge/uplink/authority.ts';
import { MqttUplink } from '../../../edge/uplink/mqtt-uplink.ts';
import { type Hub, startHub } from '../../../hub/server.ts';
import { issueServerCertificate, makeAuthority } from '../../../hub/tls/certificate.ts';
import { permittedFor } from '../../../hub/tls/server-names.ts';
import { buildGallery } from '../../builders/gallery.ts';
import { buildSighting } from '../../builders/sighting.ts';

const box = { site: 'demo', box: 'east-box' };
const password = 'correct-horse-battery';
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-over-tls-'));
const log = pino({ level: 'silent' });
const common = { site: 'demo', host: '127.0.0.1', port: 0, mqttPort: 0, requireSecondFactor: false, log };
let hub: Hub;
let ca: string;
let token: string;

beforeAll(async () => {
  const data = join(folder, 'local');
  hub = await startHub({
    ...common,
    dataFolder: data,
    redirectPort: 0,
    tls: { kind: 'local', names: ['gate.lan'] },
  });
  ca = readFileSync(join(data, 'tls/authority.crt'), 'utf8');
  token = await hub.admitBox(box);
  await hub.accounts.addPerson({ username: 'boss', displayName: 'Li', role: 'manager', password });
});
afterAll(async () => {
  await hub.stop();
  rmSync(folder, { recursive: true });
});

interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

function ask(url: string, options: object = {}, payload?: object): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const make = url.startsWith('https:') ? request : plainRequest;
    const sent = make(url, { ca, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on('error', reject);
    sent.end(payload && JSON.stringify(payload));
  });
}

async function logIn(to: Hub, trusted: string): Promise<Reply> {
  const headers = { 'content-type': 'application/json' };
  return ask(
    `${to.address}/api/v1/session`,
    { method: 'POST', headers, ca: trusted },
    { username: 'boss', password },
  );
}

describe('HTTPS', () => {
  test('is served to who trusts the authority, and to nobody else', async () => {
    expect(hub.address).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect((await ask(`${hub.address}/api/v1/health`)).status).toBe(200);
    await expect(ask(`${hub.address}/api/v1/health`, { ca: undefined })).rejects.toThrow(/certificate/);
  });

  test('gives a cookie that never travels in the clear, and no promise that could lock a tablet out', async () => {
    const reply = await logIn(hub, ca);
    expect(reply.status).toBe(200);
    expect(String(reply.headers['set-cookie'])).toMatch(/; HttpOnly; Secure; SameSite=Strict/);
    expect(reply.headers['strict-transport-security']).toBeUndefined();
  });

  test('does not speak TLS 1.1', async () => {
    const port = Number(new URL(hub.address).port);
    const socket = connect({
      host: '127.0.0.1',
      port,
      ca,
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.1',
      ciphers: 'ALL@SECLEVEL=0',
    });
    const outcome = await new Promise((resolve) => {
      socket.once('secureConnect', () => resolve('connected'));
      socket.once('error', (error: Error & { code?: string }) => resolve(error.code));
    });
    expect(outcome).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
  });

  test('is refused politely to a browser that speaks HTTP, and goes on', async () => {
    await expect(ask(hub.address.replace('https:', 'http:'))).rejects.toThrow();
    expect((await ask(`${hub.address}/api/v1/health`)).status).toBe(200);
  });
});

describe('trust', () => {
  test('is shown over HTTPS and in the clear: page, certificate and profile of the very authority', async () => {
    for (const address of [hub.address, hub.redirectAddress]) {
      const page = await ask(`${address}/trust`);
      expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(page.body.toString()).toContain(hub.fingerprint);
      expect(page.body.toString()).not.toMatch(/<script|\son\w+=|https?:\/\//);
      for (const word of ['信任', 'iPad', 'Android', 'Windows', 'Compare first'])
        expect(page.body.toString()).toContain(word);

      const certificate = await ask(`${address}/trust/gatehouse.crt`);
      expect(certificate.headers['content-type']).toBe('application/x-x509-ca-cert');
      const der = Buffer.from(ca.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64');
      expect(certificate.body.equals(der)).toBe(true);
      const profile = await ask(`${address}/trust/gatehouse.mobileconfig`);
      expect(profile.headers['content-type']).toBe('application/x-apple-aspen-config');
      expect(profile.body.toString()).toContain(`<data>${der.toString('base64')}</data>`);
    }
  });

  test('everything else in the clear leads to HTTPS, also when somebody names another host', async () => {
    const { port } = new URL(hub.address);
    const moved = await ask(`${hub.redirectAddress}/log?plate=x`, { headers: { host: 'gate.lan' } });
    expect([moved.status, moved.headers.location]).toEqual([308, `https://gate.lan:${port}/log?plate=x`]);
    const forged = await ask(`${hub.redirectAddress}//evil.example/`, { headers: { host: 'evil.example' } });
    expect(forged.status).toBe(308);
    expect(new URL(String(forged.headers.location)).host).toBe(`127.0.0.1:${port}`);
  });
});

describe('a box over MQTTS', () => {
  async function outcomeOf(options: { ca?: string; url?: string; token?: string }): Promise<string> {
    const outbox = new SqliteOutbox(openSqlite(':memory:'), () => uplink.wake());
    const identity = { address: box, version: '0', bootId: randomUUID() };
    const uplink: MqttUplink = new MqttUplink(
      { ...identity, url: hub.mqttAddress, token, ...options },
      { outbox, gallery: buildGallery(), listener: { policyChanged: () => {} }, log, now: Date.now },
    );
    outbox.put(buildSighting(), [], Date.now());
    uplink.start();
    try {
      return await vi.waitFor(
        () => {
          const { code } = (uplink.lastError ?? {}) as { code?: string };
          if (code) return code;
          expect(outbox.depth().sightings).toBe(0);
          return 'delivered';
        },
        { timeout: 8_000, interval: 20 },
      );
    } finally {
      await uplink.stop();
    }
  }

  test('delivers to the hub whose authority it was given', async () => {
    expect(hub.mqttAddress).toMatch(/^mqtts:/);
    expect(await outcomeOf({ ca })).toBe('delivered');
    expect(await outcomeOf({ ca, url: hub.mqttAddress.replace('127.0.0.1', 'localhost') })).toBe('delivered');
  });

  test('says nothing to a hub that another authority vouches for, or nobody that it knows', async () => {
    const stranger = makeAuthority('stranger', permittedFor([]), Date.now());
    expect(await outcomeOf({ ca: stranger.certificate })).toBe('UPLINK_NOT_TRUSTED');
    expect(await outcomeOf({})).toBe('UPLINK_NOT_TRUSTED');
  });

  test('says nothing to a hub whose certificate names another host', async () => {
    const company = makeAuthority('Company', permittedFor([]), Date.now());
    const elsewhere = issueServerCertificate(company, ['elsewhere.lan'], Date.now());
    const files = { certificate: join(folder, 'elsewhere.crt'), key: join(folder, 'elsewhere.key') };
    writeFileSync(files.certificate, elsewhere.certificate);
    writeFileSync(files.key, elsewhere.key);
    const tls = { kind: 'given', ...files } as const;
    const other = await startHub({ ...common, dataFolder: join(folder, 'elsewhere'), tls });
    try {
      const to = { url: other.mqttAddress, ca: company.certificate, token: await other.admitBox(box) };
      expect(await outcomeOf(to)).toBe('UPLINK_NOT_TRUSTED');
    } finally {
      await other.stop();
    }
  });

  test('refuses to start with a file that is no certificate', async () => {
    const path = join(folder, 'no.crt');
    writeFileSync(path, 'no certificate');
    await expect(readAuthority(path)).rejects.toMatchObject({ code: 'UPLINK_CA_UNREADABLE' });
  });
});

describe('given certificates', () => {
  test('are taken up when the files change, without dropping a stream; browsers are told to stay with TLS', async () => {
    const company = makeAuthority('Company', permittedFor([]), Date.now());
    const [first, second] = [1, 2].map(() => issueServerCertificate(company, ['127.0.0.1'], Date.now()));
    const files = { certificate: join(folder, 'given.crt'), key: join(folder, 'given.key') };
    const write = ({ certificate, key }: typeof first) => {
      for (const [path, text] of [
        [files.certificate, certificate],
        [files.key, key],
      ]) {
        writeFileSync(`${path}.new`, text);
        copyFileSync(`${path}.new`, path);
      }
    };
    write(first);
    const given = await startHub({
      ...common,
      dataFolder: join(folder, 'given'),
      tls: { kind: 'given', ...files },
    });
    try {
      await given.accounts.addPerson({ username: 'boss', displayName: 'Li', role: 'manager', password });
      const loggedIn = await logIn(given, company.certificate);
      expect(loggedIn.headers['strict-transport-security']).toBe('max-age=15552000');
      expect(
        (await ask(`${given.address}/trust`, { ca: company.certificate })).body.toString(),
      ).not.toContain('SHA-256');

      const agent = new Agent({ ca: company.certificate, keepAlive: true });
      const cookie = String(loggedIn.headers['set-cookie']).split(';')[0];
      let ended = false;
      let came = 0;
      const opened = Promise.withResolvers<void>();
      const stream = request(`${given.address}/api/v1/stream`, { agent, headers: { cookie } }, (response) => {
        response.on('data', (chunk: Buffer) => {
          came += chunk.length;
          opened.resolve();
        });
        response.on('close', () => {
          ended = true;
        });
      }).end();
      await opened.promise;
      const before = came;

      write(second);
      const presented = () =>
        new Promise<string>((resolve, reject) => {
          const { port } = new URL(given.address);
          const socket = connect({ host: '127.0.0.1', port: Number(port), ca: company.certificate }, () => {
            resolve(socket.getPeerX509Certificate()?.toString() ?? '');
            socket.destroy();
          });
          socket.on('error', reject);
        });
      await vi.waitFor(async () => expect(await presented()).toBe(second.certificate), {
        timeout: 8_000,
        interval: 50,
      });
      const person = await given.accounts.addPerson({
        username: 'guard',
        displayName: 'Wang',
        role: 'guard',
        password,
      });
      await given.duty.clockIn(person, 'east-gate');
      await vi.waitFor(() => expect(came).toBeGreaterThan(before), { timeout: 8_000, interval: 20 });
      expect(ended).toBe(false);
      stream.destroy();
      agent.destroy();
    } finally {
      await given.stop();
    }
  });
});

describe('a network', () => {
  const start = (host: string, change = {}) =>
    startHub({ ...common, host, dataFolder: join(folder, 'open'), ...change });

  test('is not spoken to in the clear, unless that was asked for', async () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.10', 'hub.local'])
      await expect(start(host)).rejects.toMatchObject({ code: 'TLS_REQUIRED' });
    const open = await start('localhost', { insecureHttp: true });
    await open.stop();
  });
});
