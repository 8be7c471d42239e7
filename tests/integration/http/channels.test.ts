import { createECDH, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { NoticeRequest } from '../../../hub/announce/notice-request.ts';
import type { Alert } from '../../../hub/contract/api.ts';
import type { Channel, Notice } from '../../../hub/contract/channels.ts';
import type { Evidence } from '../../../hub/contract/sighting.ts';
import { trustLoopback } from '../../builders/loopback-certificate.ts';
import { type Provider, startProvider, type Taken } from '../../builders/provider.ts';
import { buildJpeg, describeEvidence } from '../../builders/sighting.ts';
import { type HubBench, startHubBench } from './hub-bench.ts';

const minuteMs = 60_000;
let bench: HubBench;
let admin: string;
let manager: string;
let guard: string;
let provider: Provider;

beforeAll(async () => {
  trustLoopback();
  bench = await startHubBench();
  [admin, manager, guard] = await Promise.all(['admin', 'manager', 'guard'].map((who) => bench.logIn(who)));
  provider = await startProvider(() => ({ body: { errcode: 0 } }));
  await send('PUT', '/notice-settings', manager, {
    publicUrl: 'https://gate.example.cn',
    timeZone: 'Asia/Shanghai',
  });
  bench.channels.notices.start();
});
afterAll(async () => {
  await bench.stop();
  await provider.close();
});
afterEach(async () => {
  for (const { id, kind } of await listChannels())
    if (kind !== 'web_push') await send('DELETE', `/channels/${id}`, manager);
  provider.answer = () => ({ body: { errcode: 0 } });
  provider.taken.length = 0;
  bench.clock.advance(2 * minuteMs);
});

/** What happens by itself soon; on a busy machine later. */
function eventually<T>(read: () => T) {
  return expect.poll(read, { timeout: 15_000 });
}

type Method = 'POST' | 'PUT' | 'DELETE' | 'GET';

/** Each request from an address of its own: limits are another test's. */
let asked = 0;
function send(method: Method, url: string, cookie: string | undefined, payload?: object) {
  return bench.app.inject({
    method,
    url: `/api/v1${url}`,
    remoteAddress: `10.9.${++asked >> 8}.${asked & 255}`,
    headers: { 'sec-fetch-site': 'same-origin', ...(cookie && { cookie }) },
    ...(payload && { payload }),
  });
}
const get = (url: string, cookie: string | undefined) => send('GET', url, cookie);

const settings = {
  name: '物业群',
  enabled: true,
  language: 'zh-CN',
  stages: ['on_duty', 'manager'],
  gaps: true,
  pictures: false,
};
const robotUrl = (key: string, of = provider) => `${of.origin}/cgi-bin/webhook/send?key=${key}`;

/** The key of each robot that a test has added, by the channel's id. */
const keys = new Map<string, string>();

async function addRobot(change: object = {}, of = provider): Promise<Channel> {
  const key = `key-${randomUUID()}`;
  const secrets = { url: robotUrl(key, of) };
  const body = { kind: 'wecom', ...settings, baseUrl: of.origin, secrets, ...change };
  const reply = await send('POST', '/channels', admin, body);
  expect([reply.statusCode, reply.body]).toEqual([201, expect.any(String)]);
  keys.set(reply.json().id, key);
  return reply.json();
}

/** What the provider got for this channel; for others something may still be on its way. */
function takenFor({ id }: Channel): Taken[] {
  return provider.taken.filter(({ url }) => url.searchParams.get('key') === keys.get(id));
}

/** The same, as the group reads it. */
function readIn(channel: Channel): string[] {
  return takenFor(channel).map((taken) => taken.json().markdown.content);
}

async function listChannels(): Promise<Channel[]> {
  return (await get('/channels', manager)).json().items;
}

/** An open alert, with a picture that the hub has when `jpeg` is given. */
async function raise(jpeg?: Buffer): Promise<Alert> {
  const evidence: Evidence[] = jpeg ? [describeEvidence(jpeg)] : [];
  const sighting = await bench.commit({ evidence });
  for (const { id } of evidence) {
    const from = { site: 'demo', box: 'east-box' };
    const receivedAt = new Date(bench.clock.now()).toISOString();
    await bench.store.evidence.keep({ id, from, jpeg: jpeg as Buffer, receivedAt });
  }
  const { items } = (await get('/alerts?limit=200', manager)).json();
  return items.find((alert: Alert) => alert.sighting === sighting.id);
}

/** What the escalation writes in its transaction. */
async function requestNotice(alert: Alert, change: Partial<NoticeRequest> = {}): Promise<void> {
  const at = new Date(bench.clock.now()).toISOString();
  const request: NoticeRequest = {
    at,
    about: { kind: 'alert', alert: alert.id },
    site: 'demo',
    gate: alert.gate,
    stage: 'on_duty',
    people: [bench.people.guard.id],
    ...change,
  };
  await bench.store.database
    .insertInto('notice_request')
    .values({ at, body: JSON.stringify(request) })
    .execute();
}

/** The notices of an alert on one channel, by person. */
async function noticesOf(alert: Alert, channel: { id: string }): Promise<Notice[]> {
  const { items } = (await get(`/alerts/${alert.id}/notices`, guard)).json();
  const ofChannel = items.filter((notice: Notice) => notice.channel === channel.id);
  return ofChannel.toSorted((a: Notice, b: Notice) => `${a.person}`.localeCompare(`${b.person}`));
}

describe('a channel', () => {
  test('is shown without its secrets, and nothing that is kept or logged holds them', async () => {
    const key = `key-${randomUUID()}`;
    const channel = await addRobot({ secrets: { url: robotUrl(key), secret: 'a-signing-secret' } });
    expect(channel).toMatchObject({
      name: '物业群',
      secretsSet: ['url', 'secret'],
      host: new URL(provider.origin).host,
      waiting: 0,
      failed: 0,
    });
    await send('POST', `/channels/${channel.id}/test`, manager);

    const said = [
      (await get('/channels', manager)).body,
      (await get('/audit?limit=50', manager)).body,
      bench.logged.join(''),
      JSON.stringify(await bench.store.database.selectFrom('channel').selectAll().execute()),
      ...['hub.sqlite', 'hub.sqlite-wal'].map((file) =>
        readFileSync(`${bench.dataFolder}/${file}`).toString('latin1'),
      ),
    ].join('');
    expect(said).toContain(channel.id);
    expect(said).not.toContain(key);
    expect(said).not.toContain('a-signing-secret');
  });

  test('keeps the secrets that a change leaves out, and loses those set to null', async () => {
    const { id } = await addRobot({ secrets: { url: robotUrl('k'), secret: 's' } });
    const body = { ...settings, baseUrl: provider.origin };
    const renamed = await send('PUT', `/channels/${id}`, admin, { ...body, name: '班长群' });
    expect(renamed.json()).toMatchObject({ name: '班长群', secretsSet: ['url', 'secret'] });
    const bare = await send('PUT', `/channels/${id}`, admin, { ...body, secrets: { secret: null } });
    expect(bare.json()).toMatchObject({ secretsSet: ['url'] });
    expect((await send('POST', `/channels/${id}/test`, manager)).json()).toMatchObject({
      outcome: 'delivered',
    });
  });

  test('is led to another server than its provider’s by admins alone', async () => {
    const secrets = { url: robotUrl('k') };
    const body = { kind: 'wecom', ...settings, secrets };
    const byManager = await send('POST', '/channels', manager, { ...body, baseUrl: provider.origin });
    expect(byManager.json()).toMatchObject({ code: 'ROLE_NOT_ALLOWED', details: { roles: ['admin'] } });
    const elsewhere = await send('POST', '/channels', manager, body);
    expect(elsewhere.json()).toMatchObject({
      code: 'CHANNEL_INVALID',
      details: { field: 'url', problem: 'host', hosts: ['qyapi.weixin.qq.com'] },
    });
    const { id } = await addRobot();
    const taken = await send('PUT', `/channels/${id}`, manager, settings);
    expect(taken.json().code).toBe('ROLE_NOT_ALLOWED');
  });

  test('is audited when it is added, changed, tested and removed', async () => {
    const { id } = await addRobot();
    const change = { ...settings, baseUrl: provider.origin, enabled: false, secrets: { secret: 'x' } };
    await send('PUT', `/channels/${id}`, manager, change);
    await send('POST', `/channels/${id}/test`, manager);
    await send('DELETE', `/channels/${id}`, manager);
    const { items } = (await get(`/audit?target=${id}`, manager)).json();
    expect(items.map(({ action }: { action: string }) => action)).toEqual([
      'channel_removed',
      'channel_tested',
      'channel_changed',
      'channel_added',
    ]);
    expect(items[2].details).toMatchObject({ enabled: false, newSecrets: ['secret'] });
  });

  test('that is Web Push is always there and never removed', async () => {
    const push = (await listChannels()).find(({ kind }) => kind === 'web_push');
    const reply = await send('DELETE', `/channels/${push?.id}`, admin);
    expect(reply.json().code).toBe('CHANNEL_STAYS');
  });

  test('tested says what the provider answered', async () => {
    const { id } = await addRobot();
    provider.answer = () => ({ body: { errcode: 93000, errmsg: 'invalid webhook url' } });
    const reply = await send('POST', `/channels/${id}/test`, manager);
    expect(reply.json()).toEqual({
      outcome: 'refused',
      reason: 'key_refused',
      detail: 'errcode 93000',
      durationMs: expect.any(Number),
    });
    expect(provider.taken[0].json().markdown.content).toContain('通知渠道“物业群”可以收到消息。');
  });
});

describe('a notice', () => {
  test('reaches the group once, and the alert says so', async () => {
    const channel = await addRobot();
    const alert = await raise();
    await requestNotice(alert);
    await eventually(() => noticesOf(alert, channel)).toMatchObject([{ state: 'delivered' }]);
    expect(readIn(channel)).toEqual([expect.stringContaining(`/alerts?alert=${alert.id}`)]);
    const [notice] = await noticesOf(alert, channel);
    expect(notice).toMatchObject({
      channelName: '物业群',
      channelKind: 'wecom',
      stage: 'on_duty',
      attempts: [{ outcome: 'delivered', together: 1, durationMs: expect.any(Number) }],
    });
    expect((await listChannels()).find(({ id }) => id === channel.id)?.last).toMatchObject({
      outcome: 'delivered',
    });
  });

  test('that does not get through waits, longer each time, and is delivered in the end', async () => {
    const channel = await addRobot();
    const alert = await raise();
    provider.answer = () => ({ status: 502 });
    await requestNotice(alert);
    await eventually(async () => (await noticesOf(alert, channel))[0]?.attempts.length).toBe(1);
    const [first] = await noticesOf(alert, channel);
    expect(first).toMatchObject({ state: 'waiting', reason: 'server_failed', detail: 'HTTP 502' });
    const waits = Date.parse(first.nextAttemptAt ?? '') - bench.clock.now();
    expect(waits).toBeGreaterThanOrEqual(4000);
    expect(waits).toBeLessThanOrEqual(6000);

    bench.clock.advance(6001);
    await eventually(async () => (await noticesOf(alert, channel))[0].attempts.length).toBe(2);
    const [second] = await noticesOf(alert, channel);
    expect(Date.parse(second.nextAttemptAt ?? '') - bench.clock.now()).toBeGreaterThanOrEqual(8000);

    provider.answer = () => ({ body: { errcode: 0 } });
    bench.clock.advance(12_001);
    await eventually(() => noticesOf(alert, channel)).toMatchObject([{ state: 'delivered' }]);
  });

  test('that is refused for good is a dead letter, which a manager sends again', async () => {
    const channel = await addRobot();
    const alert = await raise();
    provider.answer = () => ({ body: { errcode: 93000, errmsg: 'invalid webhook url' } });
    await requestNotice(alert);
    await eventually(() => noticesOf(alert, channel)).toMatchObject([
      { state: 'failed', reason: 'key_refused' },
    ]);
    const { items } = (await get(`/notices?state=failed&channel=${channel.id}`, manager)).json();
    expect(items).toHaveLength(1);
    expect((await listChannels()).find(({ id }) => id === channel.id)?.failed).toBe(1);

    provider.answer = () => ({ body: { errcode: 0 } });
    const retried = await send('POST', `/notices/${items[0].id}/retry`, manager);
    expect(retried.statusCode).toBe(204);
    await eventually(() => noticesOf(alert, channel)).toMatchObject([{ state: 'delivered' }]);
    expect((await noticesOf(alert, channel))[0].attempts).toHaveLength(2);
    const again = await send('POST', `/notices/${items[0].id}/retry`, manager);
    expect(again.json().code).toBe('NOTICE_NOT_FAILED');
    const unknown = await send('POST', `/notices/${randomUUID()}/retry`, manager);
    expect(unknown.json().code).toBe('NOTICE_UNKNOWN');
  });

  test('is not tried beyond the alert’s life', async () => {
    const channel = await addRobot();
    const alert = await raise();
    provider.answer = () => ({ status: 500 });
    await requestNotice(alert);
    await eventually(async () => (await noticesOf(alert, channel))[0]?.attempts.length).toBe(1);
    bench.clock.advance(31 * minuteMs);
    await eventually(() => noticesOf(alert, channel)).toMatchObject([
      { state: 'failed', reason: 'life_ended', attempts: [{}] },
    ]);
  });

  test('is a dead letter at once when its next attempt would come after the alert’s life', async () => {
    const channel = await addRobot();
    const alert = await raise();
    provider.answer = () => ({ status: 500 });
    await requestNotice(alert);
    await eventually(async () => (await noticesOf(alert, channel))[0]?.attempts.length).toBe(1);
    bench.clock.advance(30 * minuteMs - 2000);
    await eventually(() => noticesOf(alert, channel)).toMatchObject([
      { state: 'failed', reason: 'life_ended', attempts: [{}, {}] },
    ]);
  });

  test('is a dead letter after eight attempts', async () => {
    const channel = await addRobot();
    const alert = await raise();
    provider.answer = () => ({ status: 500 });
    await requestNotice(alert);
    for (let tried = 1; tried <= 8; tried++) {
      await eventually(async () => (await noticesOf(alert, channel))[0]?.attempts.length).toBe(tried);
      const [{ nextAttemptAt }] = await noticesOf(alert, channel);
      if (nextAttemptAt) bench.clock.advance(Date.parse(nextAttemptAt) - bench.clock.now());
    }
    expect(await noticesOf(alert, channel)).toMatchObject([{ state: 'failed', reason: 'attempts_used_up' }]);
  });

  test('is skipped when somebody has taken the alert meanwhile', async () => {
    const channel = await addRobot();
    const alert = await raise();
    await send('POST', `/alerts/${alert.id}/acknowledge`, manager);
    await requestNotice(alert);
    await eventually(() => noticesOf(alert, channel)).toMatchObject([
      { state: 'skipped', reason: 'acknowledged', attempts: [] },
    ]);
    expect(takenFor(channel)).toEqual([]);
  });

  test('that waits is skipped when somebody takes the alert, or its channel is removed', async () => {
    const channel = await addRobot();
    const [first, second] = [await raise(), await raise()];
    provider.answer = () => ({ status: 500 });
    await requestNotice(first);
    await requestNotice(second);
    await eventually(async () => (await noticesOf(second, channel))[0]?.attempts.length).toBe(1);
    await send('POST', `/alerts/${first.id}/acknowledge`, manager);
    bench.clock.advance(7000);
    await eventually(async () => (await noticesOf(first, channel))[0].reason).toBe('acknowledged');
    await send('DELETE', `/channels/${channel.id}`, manager);
    expect(await noticesOf(second, channel)).toMatchObject([{ state: 'skipped', reason: 'channel_removed' }]);
  });

  test('about a gate without anyone on duty is told while that lasts', async () => {
    const channel = await addRobot();
    const gap = randomUUID();
    const from = new Date(bench.clock.now()).toISOString();
    await bench.store.database
      .insertInto('duty_gap')
      .values({ id: gap, site: 'demo', gate: 'west-gate', from_at: from, until_at: null, body: '{}' })
      .execute();
    const alert = await raise();
    await requestNotice(alert, { about: { kind: 'gap', gap }, gate: 'west-gate', stage: 'manager' });
    await eventually(() => readIn(channel)).toEqual([expect.stringContaining('西门：无人值守')]);
  });
});

describe('a provider', () => {
  /** Long enough for the desk to have looked several times: what it must not do, it would have done. */
  const someLooks = () => new Promise((resolve) => setTimeout(resolve, 120));

  test('is never asked more than 20 times a minute: what waits is folded, and nothing is lost', async () => {
    const times: number[] = [];
    const own = await startProvider(() => {
      times.push(bench.clock.now());
      return { body: { errcode: 0 } };
    });
    const channel = await addRobot({}, own);
    const alert = await raise();
    for (let round = 0; round < 4; round++) {
      for (let count = 0; count < 15; count++) await requestNotice(alert);
      await eventually(
        async () => (await noticesOf(alert, channel)).filter(({ state }) => state === 'delivered').length,
      ).toBe((round + 1) * 15);
      bench.clock.advance(5000);
    }
    for (const end of times)
      expect(times.filter((time) => time > end - minuteMs && time <= end).length).toBeLessThanOrEqual(20);
    const notices = await noticesOf(alert, channel);
    expect(notices).toHaveLength(60);
    expect(notices.every(({ attempts }) => attempts.length === 1)).toBe(true);
    expect(times.length).toBeLessThan(30);
    const folded = own.taken
      .map((taken) => taken.json().markdown.content)
      .filter((text) => /条通知/.test(text));
    expect(folded.length).toBeGreaterThan(0);
    await own.close();
  });

  test('is asked again when the minute is over, and what waited gets through', async () => {
    const own = await startProvider(() => ({ body: { errcode: 0 } }));
    const channel = await addRobot({}, own);
    const alert = await raise();
    const delivered = async () =>
      (await noticesOf(alert, channel)).filter(({ state }) => state === 'delivered').length;
    for (let count = 1; count <= 20; count++) {
      await requestNotice(alert);
      await eventually(delivered).toBe(count);
    }
    for (let count = 0; count < 3; count++) await requestNotice(alert);
    await someLooks();
    expect([own.taken.length, await delivered()]).toEqual([20, 20]);

    bench.clock.advance(minuteMs);
    await eventually(delivered).toBe(23);
    expect(own.taken.length).toBeLessThanOrEqual(23);
    await own.close();
  });

  test('that says it is over its limit is left alone, and gets everything afterwards', async () => {
    const channel = await addRobot();
    const alert = await raise();
    provider.answer = () => ({ body: { errcode: 45009 } });
    await requestNotice(alert);
    await eventually(async () => (await noticesOf(alert, channel))[0]?.attempts.length).toBe(1);
    await requestNotice(alert, { stage: 'manager' });
    await eventually(async () => (await noticesOf(alert, channel)).length).toBe(2);
    bench.clock.advance(30_000);
    await someLooks();
    expect(takenFor(channel)).toHaveLength(1);

    provider.answer = () => ({ body: { errcode: 0 } });
    bench.clock.advance(45_000);
    await eventually(() => noticesOf(alert, channel)).toMatchObject([
      { state: 'delivered' },
      { state: 'delivered' },
    ]);
  });

  test('that never answers holds up nobody else', async () => {
    const dead = await startProvider(() => undefined);
    const slow = await addRobot({}, dead);
    const quick = await addRobot();
    const alert = await raise();
    await requestNotice(alert);
    await eventually(() => dead.taken.length).toBe(1);
    await eventually(() => noticesOf(alert, quick)).toMatchObject([{ state: 'delivered' }]);
    expect(await noticesOf(alert, slow)).toMatchObject([{ state: 'waiting' }]);
    await dead.close();
  });
});

describe('a picture', () => {
  const linkIn = (text: string) => /evidence-links\/([^)]+)/.exec(text)?.[1];

  test('is in no message unless the channel’s setting says so', async () => {
    const channel = await addRobot();
    await requestNotice(await raise(buildJpeg()));
    await eventually(() => readIn(channel)).toEqual([expect.not.stringMatching(/evidence/)]);
  });

  test('is opened by its link without a session, and each opening is recorded', async () => {
    const channel = await addRobot({ pictures: true });
    const jpeg = buildJpeg();
    const alert = await raise(jpeg);
    await requestNotice(alert);
    await eventually(() => readIn(channel).length).toBe(1);
    const token = linkIn(readIn(channel)[0]);

    const opened = await get(`/evidence-links/${token}`, undefined);
    expect(opened.statusCode).toBe(200);
    expect(opened.rawPayload.equals(jpeg)).toBe(true);
    expect(opened.headers).toMatchObject({ 'content-type': 'image/jpeg', 'cache-control': 'no-store' });
    const { items } = (await get(`/audit?action=evidence_link_opened`, manager)).json();
    expect(items[0]).toMatchObject({ target: alert.evidence[0].id, details: { channel: channel.id } });
    expect(items[0].actor).toBeUndefined();

    const other = describeEvidence(buildJpeg());
    const forged = await get(`/evidence-links/${token?.replace(alert.evidence[0].id, other.id)}`, undefined);
    expect(forged.json()).toMatchObject({ code: 'LINK_INVALID' });
  });

  test('is closed when the link expires, and at once when the channel may show pictures no more', async () => {
    const channel = await addRobot({ pictures: true });
    await requestNotice(await raise(buildJpeg()));
    await eventually(() => readIn(channel).length).toBe(1);
    const token = linkIn(readIn(channel)[0]);
    const body = { ...settings, baseUrl: provider.origin };
    await send('PUT', `/channels/${channel.id}`, admin, { ...body, pictures: false });
    expect((await get(`/evidence-links/${token}`, undefined)).json().code).toBe('LINK_EXPIRED');
    await send('PUT', `/channels/${channel.id}`, admin, { ...body, pictures: true });
    expect((await get(`/evidence-links/${token}`, undefined)).statusCode).toBe(200);
    bench.clock.advance(24 * 60 * minuteMs);
    [admin, manager, guard] = await Promise.all(['admin', 'manager', 'guard'].map((who) => bench.logIn(who)));
    const late = await get(`/evidence-links/${token}`, undefined);
    expect([late.statusCode, late.json().code]).toEqual([410, 'LINK_EXPIRED']);
  });
});

describe('Web Push', () => {
  let service: Provider;
  const browser = createECDH('prime256v1');
  let push: Channel;
  const subscription = () => ({
    endpoint: `${service.origin}/push/device-1`,
    keys: { p256dh: browser.getPublicKey('base64url'), auth: randomBytes(16).toString('base64url') },
    language: 'en',
  });

  beforeAll(async () => {
    browser.generateKeys();
    service = await startProvider(() => ({ status: 201 }), { tls: true });
    push = (await listChannels()).find(({ kind }) => kind === 'web_push') as Channel;
    const { id, kind: _, secretsSet: __, waiting: ___, failed: ____, last: _____, ...rest } = push;
    await send('PUT', `/channels/${id}`, admin, { ...rest, baseUrl: service.origin });
  });
  afterAll(() => service.close());

  test('gives browsers the key that signs, and takes only https with keys of a browser', async () => {
    expect((await get('/push/key', guard)).json().key).toMatch(/^B[A-Za-z0-9_-]{86}$/);
    const bad = { ...subscription(), keys: { p256dh: 'AAAA', auth: 'AAAA' } };
    expect((await send('PUT', '/push/subscription', guard, bad)).json().code).toBe(
      'PUSH_SUBSCRIPTION_INVALID',
    );
    const clear = { ...subscription(), endpoint: 'http://push.example.cn/x' };
    expect((await send('PUT', '/push/subscription', guard, clear)).json().code).toBe('REQUEST_INVALID');
  });

  test('reaches the device of the person concerned, and nobody else’s', async () => {
    await send('PUT', '/push/subscription', guard, subscription());
    const alert = await raise();
    await requestNotice(alert, { people: [bench.people.guard.id, bench.people.manager.id] });
    await eventually(() => noticesOf(alert, push)).toMatchObject([
      { person: 'the guard', state: 'delivered' },
      { person: 'the manager', state: 'skipped', reason: 'nobody_subscribed' },
    ]);
    expect(service.taken).toHaveLength(1);
    expect(service.taken[0].headers).toMatchObject({ ttl: '1800', urgency: 'high' });
    const test = await send('POST', `/channels/${push.id}/test`, manager);
    expect(test.json()).toMatchObject({ outcome: 'refused', reason: 'nobody_subscribed' });
    expect(
      JSON.stringify(await bench.store.database.selectFrom('push_subscription').selectAll().execute()),
    ).not.toContain('device-1');
  });

  test('forgets a browser that is gone', async () => {
    await send('PUT', '/push/subscription', guard, subscription());
    service.answer = () => ({ status: 410 });
    const alert = await raise();
    await requestNotice(alert);
    await eventually(() => noticesOf(alert, push)).toMatchObject([
      { state: 'failed', reason: 'subscription_gone' },
    ]);
    expect(await bench.store.channels.devicesOf(bench.people.guard.id)).toEqual([]);
  });

  test('ends when the person says so, and moves with the browser to who logs in next', async () => {
    const mine = subscription();
    await send('PUT', '/push/subscription', guard, mine);
    await send('PUT', '/push/subscription', manager, mine);
    expect(await bench.store.channels.devicesOf(bench.people.guard.id)).toEqual([]);
    await send('DELETE', '/push/subscription', guard, { endpoint: mine.endpoint });
    expect(await bench.store.channels.devicesOf(bench.people.manager.id)).toHaveLength(1);
    await send('DELETE', '/push/subscription', manager, { endpoint: mine.endpoint });
    expect(await bench.store.channels.devicesOf(bench.people.manager.id)).toEqual([]);
  });
});
