import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  type ECDH,
  hkdfSync,
  randomBytes,
  verify,
} from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  encryptPush,
  parsePushKeys,
  pushPayloadBytes,
} from '../../../../hub/announce/channels/push-encryption.ts';
import { VapidKey } from '../../../../hub/announce/channels/vapid.ts';
import { WebPush } from '../../../../hub/announce/channels/web-push.ts';
import { buildDelivery, noon } from '../../../builders/delivery.ts';
import { trustLoopback } from '../../../builders/loopback-certificate.ts';
import { type Provider, startProvider, type Taken } from '../../../builders/provider.ts';

/** The example of RFC 8291 §5. */
const example = {
  plain: 'When I grow up, I want to be a watermelon',
  senderPrivate: 'yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw',
  salt: 'DGv6ra1nlYgDCS1FRnbzlw',
  p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  body:
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A' +
    '_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
};

/** What a browser does with a message (RFC 8188 §2, RFC 8291 §3.4), written from the standards. */
function decryptAsBrowser(body: Buffer, browser: ECDH, auth: Buffer): string {
  const salt = body.subarray(0, 16);
  const recordSize = body.readUInt32BE(16);
  const senderKey = body.subarray(21, 21 + body[20]);
  const sealed = body.subarray(21 + body[20]);
  expect(sealed.byteLength).toBeLessThanOrEqual(recordSize);
  const shared = browser.computeSecret(senderKey);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), browser.getPublicKey(), senderKey]);
  const input = Buffer.from(hkdfSync('sha256', shared, auth, info, 32));
  const key = Buffer.from(hkdfSync('sha256', input, salt, 'Content-Encoding: aes128gcm\0', 16));
  const nonce = Buffer.from(hkdfSync('sha256', input, salt, 'Content-Encoding: nonce\0', 12));
  const decipher = createDecipheriv('aes-128-gcm', key, nonce);
  decipher.setAuthTag(sealed.subarray(-16));
  const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  const end = plain.findLastIndex((byte) => byte !== 0);
  expect(plain[end]).toBe(2);
  return plain.subarray(0, end).toString('utf8');
}

/** What a push service checks (RFC 8292 §2, §3). */
function claimsOf(header: string | undefined, publicKey: string) {
  const [, token, k] = /^vapid t=([^,]+), k=(.+)$/.exec(header ?? '') ?? [];
  expect(k).toBe(publicKey);
  const [head, claims, signature] = token.split('.');
  const point = Buffer.from(k, 'base64url');
  const [x, y] = [point.subarray(1, 33), point.subarray(33, 65)].map((part) => part.toString('base64url'));
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  const isRight = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  expect(isRight).toBe(true);
  expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toEqual({ typ: 'JWT', alg: 'ES256' });
  return JSON.parse(Buffer.from(claims, 'base64url').toString());
}

test('the example of RFC 8291 comes out byte for byte', () => {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(Buffer.from(example.senderPrivate, 'base64url'));
  const keys = parsePushKeys(example);
  const body = encryptPush(Buffer.from(example.plain), keys!, {
    ecdh,
    salt: Buffer.from(example.salt, 'base64url'),
  });
  expect(body.toString('base64url')).toBe(example.body);
});

test('the key towards push services follows from the hub’s own, and another hub has another', () => {
  const seed = Buffer.alloc(32, 7);
  expect(new VapidKey(seed).publicKey).toBe(new VapidKey(seed).publicKey);
  expect(new VapidKey(seed).publicKey).not.toBe(new VapidKey(Buffer.alloc(32, 8)).publicKey);
  expect(new VapidKey(Buffer.alloc(32, 255)).publicKey).toHaveLength(87);
});

test.each([
  [
    'a point that is not on the curve',
    { p256dh: Buffer.alloc(65, 4).toString('base64url'), auth: example.auth },
  ],
  ['a key that is too short', { p256dh: 'BCVx', auth: example.auth }],
  ['a secret that is not 16 bytes', { p256dh: example.p256dh, auth: 'BTBZ' }],
])('%s is no browser’s', (_, keys) => {
  expect(parsePushKeys(keys)).toBeUndefined();
});

describe('a push service', () => {
  let service: Provider;
  const browser = createECDH('prime256v1');
  const auth = randomBytes(16);
  const key = new VapidKey(randomBytes(32));
  const push = new WebPush(key, { now: () => noon }, async () => 'https://gate.example.cn');

  beforeAll(async () => {
    trustLoopback();
    browser.generateKeys();
    service = await startProvider(() => ({ status: 201 }), { tls: true });
  });
  afterAll(() => service.close());
  beforeEach(() => {
    service.taken.length = 0;
    service.answer = () => ({ status: 201 });
  });

  function send({
    baseUrl = service.origin as string | undefined,
    endpoint = `${service.origin}/p/abc`,
    message = {},
  } = {}) {
    const target = { endpoint, p256dh: browser.getPublicKey('base64url'), auth: auth.toString('base64url') };
    const delivery = buildDelivery('web_push', {}, { target, settings: { baseUrl } });
    return push.send(
      { ...delivery, message: { ...delivery.message, ...message } },
      AbortSignal.timeout(5000),
    );
  }
  const shown = ({ body }: Taken) => JSON.parse(decryptAsBrowser(body, browser, auth));

  test('takes what only the browser reads, signed for this service, until the alert ends', async () => {
    expect(await send()).toEqual({ kind: 'delivered' });
    const [taken] = service.taken;
    expect(taken.headers).toMatchObject({
      'content-encoding': 'aes128gcm',
      ttl: '1800',
      urgency: 'high',
      topic: '0195500c0000700080000000000000a1',
    });
    expect(claimsOf(taken.headers.authorization, key.publicKey)).toEqual({
      aud: service.origin,
      exp: noon / 1000 + 12 * 3600,
      sub: 'https://gate.example.cn',
    });
    expect(taken.body.includes('口罩')).toBe(false);
    expect(shown(taken)).toEqual({
      title: '门岗 东门：未戴口罩',
      body: '时间：03-01 16:00:00\n人员，进入',
      tag: '0195500c-0000-7000-8000-0000000000a1',
      lang: 'zh-CN',
      url: 'https://gate.example.cn/alerts?alert=1',
    });
  });

  test('never gets more than one record of 4096 bytes', async () => {
    await send({ message: { lines: Array(400).fill('东门未戴口罩') } });
    const [taken] = service.taken;
    expect(taken.body.byteLength).toBeLessThanOrEqual(4096);
    expect(Buffer.byteLength(JSON.stringify(shown(taken)))).toBeGreaterThan(pushPayloadBytes - 100);
  });

  test.each([404, 410])('that knows the browser no more (%i) ends the subscription', async (status) => {
    service.answer = () => ({ status });
    expect(await send()).toEqual({
      kind: 'refused',
      reason: 'subscription_gone',
      detail: `HTTP ${status}`,
      targetIsGone: true,
    });
  });

  test.each([
    [403, 'refused', 'key_refused'],
    [413, 'refused', 'content_refused'],
    [429, 'retry', 'rate_limited'],
    [503, 'retry', 'server_failed'],
  ])('that answers %i: %s, %s, for this browser alone', async (status, kind, reason) => {
    service.answer = () => ({ status });
    const result = await send();
    expect(result).toMatchObject({ kind, reason });
    expect(result).not.toMatchObject({ holdsChannel: true });
  });

  test.each([
    'https://127.0.0.1:1/x',
    'https://[::1]:1/x',
    'https://[::ffff:10.0.0.1]/x',
    'https://localhost:1/x',
  ])('in a network of one’s own (%s) is spoken to only where an admin has named it', async (endpoint) => {
    expect(await send({ endpoint, baseUrl: undefined })).toEqual({
      kind: 'refused',
      reason: 'address_refused',
    });
  });

  test('named by an admin opens that one and no other', async () => {
    expect(await send({ baseUrl: 'https://push.example.cn' })).toEqual({
      kind: 'refused',
      reason: 'address_refused',
    });
    expect(service.taken).toEqual([]);
  });
});
