import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DingtalkRobot } from '../../../../hub/announce/channels/dingtalk-robot.ts';
import { FeishuRobot } from '../../../../hub/announce/channels/feishu-robot.ts';
import { Webhook } from '../../../../hub/announce/channels/webhook.ts';
import { WecomRobot } from '../../../../hub/announce/channels/wecom-robot.ts';
import { buildDelivery, noon } from '../../../builders/delivery.ts';
import { type Provider, startProvider } from '../../../builders/provider.ts';

const clock = { now: () => noon };
const secret = 'this is secret';
let provider: Provider;

beforeAll(async () => {
  provider = await startProvider(() => ({}));
});
afterAll(() => provider.close());
beforeEach(() => {
  provider.taken.length = 0;
});

const patience = () => AbortSignal.timeout(5000);

/** As the provider's document says it, and not as our code does. */
function base64OfHmac(key: string, message: string): string {
  return createHmac('sha256', Buffer.from(key, 'utf8')).update(Buffer.from(message, 'utf8')).digest('base64');
}

describe('a robot of WeCom', () => {
  const robot = new WecomRobot();
  const send = (change = {}) =>
    robot.send(
      buildDelivery('wecom', { url: `${provider.origin}/cgi-bin/webhook/send?key=k-1` }, change),
      patience(),
    );

  test('gets Markdown at the address that holds its key', async () => {
    provider.answer = ({ url }) => ({
      body: url.searchParams.get('key') === 'k-1' ? { errcode: 0, errmsg: 'ok' } : { errcode: 93000 },
    });
    expect(await send()).toEqual({ kind: 'delivered' });
    expect(provider.taken[0].headers['content-type']).toMatch(/^application\/json/);
    expect(provider.taken[0].json()).toEqual({
      msgtype: 'markdown',
      markdown: {
        content:
          '**门岗 东门：未戴口罩**\n> 时间：03-01 16:00:00\n> 人员，进入\n[打开告警](https://gate.example.cn/alerts?alert=1)',
      },
    });
  });

  test('never gets more than 4096 bytes, and keeps the link', async () => {
    provider.answer = () => ({ body: { errcode: 0 } });
    const { message } = buildDelivery('wecom', {});
    const lines = Array.from({ length: 200 }, (_, at) => `第 ${at} 条：东门未戴口罩`);
    await send({ message: { ...message, lines } });
    const { content } = provider.taken[0].json().markdown;
    expect(Buffer.byteLength(content)).toBeLessThanOrEqual(4096);
    expect(Buffer.byteLength(content)).toBeGreaterThan(3900);
    expect(content).toMatch(/打开告警/);
  });

  test('is not made to call everyone by what a lens read', async () => {
    provider.answer = () => ({ body: { errcode: 0 } });
    const { message } = buildDelivery('wecom', {});
    await send({ message: { ...message, lines: ['车牌：<@all> [x](http://evil)'] } });
    expect(provider.taken[0].json().markdown.content).not.toMatch(/<@|\]\(http:/);
  });

  test.each([
    [{ errcode: 45009, errmsg: 'api freq out of limit' }, 'retry', 'rate_limited'],
    [{ errcode: -1, errmsg: 'system busy' }, 'retry', 'server_failed'],
    [{ errcode: 93000, errmsg: 'invalid webhook url, hint: [1]' }, 'refused', 'key_refused'],
    [{ errcode: 93000, errmsg: 'Invalid input : content exceed max length' }, 'refused', 'content_refused'],
    [{ errcode: 40058, errmsg: 'invalid Request Parameter' }, 'refused', 'content_refused'],
    [{ errcode: 77, errmsg: 'new one' }, 'refused', 'refused'],
  ])('answers HTTP 200 with %j: %s, %s', async (body, kind, reason) => {
    provider.answer = () => ({ body });
    expect(await send()).toMatchObject({ kind, reason, detail: `errcode ${body.errcode}` });
  });

  test('that is over its limit holds the whole channel for a minute', async () => {
    provider.answer = () => ({ body: { errcode: 45009 } });
    expect(await send()).toMatchObject({ afterMs: 60_000, holdsChannel: true });
  });

  test('whose server answers something else is tried again', async () => {
    provider.answer = () => ({ status: 200, body: '<html>maintenance</html>' });
    expect(await send()).toEqual({ kind: 'retry', reason: 'not_understood' });
    provider.answer = () => ({ status: 502, body: 'Bad Gateway' });
    expect(await send()).toMatchObject({ kind: 'retry', reason: 'server_failed', detail: 'HTTP 502' });
  });
});

describe('a robot of DingTalk', () => {
  const robot = new DingtalkRobot(clock);
  const send = (secrets = {}) =>
    robot.send(
      buildDelivery('dingtalk', {
        url: `${provider.origin}/robot/send?access_token=t-1`,
        secret,
        ...secrets,
      }),
      patience(),
    );

  test('is signed as its document says: HMAC-SHA-256 over timestamp, line feed, secret', async () => {
    provider.answer = ({ url }) => {
      const timestamp = url.searchParams.get('timestamp') ?? '';
      const isRight = url.searchParams.get('sign') === base64OfHmac(secret, `${timestamp}\n${secret}`);
      return { body: isRight ? { errcode: 0 } : { errcode: 310000, errmsg: 'sign not match' } };
    };
    expect(await send()).toEqual({ kind: 'delivered' });
    expect(await send({ secret: 'another' })).toMatchObject({ kind: 'refused', reason: 'signature_refused' });
  });

  test('has the signature, computed elsewhere for this time and secret, in its query', async () => {
    provider.answer = () => ({ body: { errcode: 0 } });
    await send();
    const { url } = provider.taken[0];
    expect(url.search).toContain('access_token=t-1');
    expect(url.search).toContain('timestamp=1772352000000');
    expect(url.search).toContain('sign=U9S8qB8%2FSOMmrSaaV8Z1hZUIxQ%2FZsWGGkEqSDi%2FHnC0%3D');
  });

  test('gets Markdown whose lines stay apart', async () => {
    provider.answer = () => ({ body: { errcode: 0 } });
    await send();
    expect(provider.taken[0].json()).toEqual({
      msgtype: 'markdown',
      markdown: {
        title: '门岗 东门：未戴口罩',
        text: '### 门岗 东门：未戴口罩\n\n- 时间：03-01 16:00:00\n- 人员，进入\n\n[打开告警](https://gate.example.cn/alerts?alert=1)',
      },
    });
  });

  test.each([
    [{ errcode: 310000, errmsg: 'sign not match' }, 'refused', 'signature_refused'],
    [{ errcode: 310000, errmsg: 'keywords not in content' }, 'refused', 'content_refused'],
    [{ errcode: 310000, errmsg: 'ip 1.2.3.4 not in whitelist' }, 'refused', 'address_refused'],
    [{ errcode: 130101, errmsg: 'send too fast, exceed 20 times per minute' }, 'retry', 'rate_limited'],
    [{ errcode: 410100, errmsg: '发送速度太快而限流' }, 'retry', 'rate_limited'],
    [{ errcode: 300001, errmsg: 'token is not exist' }, 'refused', 'key_refused'],
    [{ errcode: 400102, errmsg: '机器人已停用' }, 'refused', 'key_refused'],
    [{ errcode: 430104, errmsg: '含有不合适的内容' }, 'refused', 'content_refused'],
    [{ errcode: -1, errmsg: '系统繁忙' }, 'retry', 'server_failed'],
  ])('answers HTTP 200 with %j: %s, %s', async (body, kind, reason) => {
    provider.answer = () => ({ body });
    expect(await send()).toMatchObject({ kind, reason, detail: `errcode ${body.errcode}` });
  });

  test('that is over its limit is left alone for the ten minutes of its silence', async () => {
    provider.answer = () => ({ body: { errcode: 130101 } });
    expect(await send()).toMatchObject({ afterMs: 600_000, holdsChannel: true });
  });
});

describe('a robot of Feishu', () => {
  const robot = new FeishuRobot(clock);
  const send = (secrets = {}) =>
    robot.send(
      buildDelivery('feishu', { url: `${provider.origin}/open-apis/bot/v2/hook/h-1`, secret, ...secrets }),
      patience(),
    );

  test('is signed as its document says: timestamp, line feed and secret are the key, and nothing is the message', async () => {
    provider.answer = (taken) => {
      const { timestamp, sign } = taken.json();
      const isRight = sign === base64OfHmac(`${timestamp}\n${secret}`, '');
      const isNow = Math.abs(Number(timestamp) - noon / 1000) < 3600;
      return {
        body: isRight && isNow ? { code: 0, msg: 'success' } : { code: 19021, msg: 'sign match fail' },
      };
    };
    expect(await send()).toEqual({ kind: 'delivered' });
    expect(await send({ secret: 'another' })).toMatchObject({ kind: 'refused', reason: 'signature_refused' });
  });

  test('has the signature, computed elsewhere for this time and secret, in its body', async () => {
    provider.answer = () => ({ body: { code: 0 } });
    await send();
    expect(provider.taken[0].json()).toMatchObject({
      timestamp: '1772352000',
      sign: 'XFqT/Y4cyIHiPCkfGkSwKdUerEhMqX0MNqQlYrRIljo=',
    });
  });

  test('without a secret is not signed, and gets a post of typed elements', async () => {
    provider.answer = () => ({ body: { StatusCode: 0, StatusMessage: 'success' } });
    expect(await send({ secret: undefined })).toEqual({ kind: 'delivered' });
    expect(provider.taken[0].json()).toEqual({
      msg_type: 'post',
      content: {
        post: {
          zh_cn: {
            title: '门岗 东门：未戴口罩',
            content: [
              [{ tag: 'text', text: '时间：03-01 16:00:00' }],
              [{ tag: 'text', text: '人员，进入' }],
              [{ tag: 'a', text: '打开告警', href: 'https://gate.example.cn/alerts?alert=1' }],
            ],
          },
        },
      },
    });
  });

  test.each([
    [{ code: 19021, msg: 'sign match fail' }, 'refused', 'signature_refused'],
    [{ code: 19022, msg: 'Ip Not Allowed' }, 'refused', 'address_refused'],
    [{ code: 19024, msg: 'Key Words Not Found' }, 'refused', 'content_refused'],
    [{ code: 19001, msg: 'incoming webhook access token invalid' }, 'refused', 'key_refused'],
    [{ code: 9499, msg: 'Bad Request' }, 'refused', 'content_refused'],
    [{ code: 9499, msg: 'too many request' }, 'retry', 'rate_limited'],
    [{ code: 11232, msg: 'frequency limited' }, 'retry', 'rate_limited'],
  ])('answers HTTP 200 with %j: %s, %s', async (body, kind, reason) => {
    provider.answer = () => ({ body });
    expect(await send()).toMatchObject({ kind, reason, detail: `code ${body.code}` });
  });
});

describe('a webhook', () => {
  const hook = new Webhook(clock);
  const key = 'sixteen characters';
  const send = (signal = patience()) =>
    hook.send(buildDelivery('webhook', { url: `${provider.origin}/in?token=s3cret`, secret: key }), signal);

  test('is signed over time and body, and has an id that stays', async () => {
    provider.answer = ({ headers, body }) => {
      const given = /^v1=([0-9a-f]{64})$/.exec(String(headers['x-gatehouse-signature']))?.[1] ?? '';
      const mac = createHmac('sha256', key);
      mac.update(Buffer.concat([Buffer.from(`${headers['x-gatehouse-timestamp']}.`), body]));
      return { status: given === mac.digest('hex') ? 204 : 403 };
    };
    expect(await send()).toEqual({ kind: 'delivered' });
    expect(await send()).toEqual({ kind: 'delivered' });
    const ids = provider.taken.map(({ headers }) => headers['x-gatehouse-id']);
    expect(ids).toEqual(Array(2).fill('0195500c-0000-7000-8000-0000000000c1'));
    expect(provider.taken[0].headers['x-gatehouse-timestamp']).toBe('1772352000');
    expect(provider.taken[0].json()).toMatchObject({
      schema: 1,
      kind: 'alert',
      title: '门岗 东门：未戴口罩',
    });
  });

  test.each([
    [{ status: 307, headers: { location: '/elsewhere' } }, 'refused', 'redirected'],
    [{ status: 404 }, 'refused', 'refused'],
    [{ status: 401 }, 'refused', 'key_refused'],
    [{ status: 500 }, 'retry', 'server_failed'],
    [{ status: 429, headers: { 'retry-after': '7' } }, 'retry', 'rate_limited'],
  ])('that answers %j: %s, %s, without a second request', async (reply, kind, reason) => {
    provider.answer = () => reply;
    expect(await send()).toMatchObject({ kind, reason, detail: `HTTP ${reply.status}` });
    expect(provider.taken).toHaveLength(1);
  });

  test('that asks to wait is given the time', async () => {
    provider.answer = () => ({ status: 429, headers: { 'retry-after': '7' } });
    expect(await send()).toMatchObject({ afterMs: 7000, holdsChannel: true });
    provider.answer = () => ({ status: 429, headers: { 'retry-after': '999999' } });
    expect(await send()).toMatchObject({ afterMs: 15 * 60_000 });
  });

  test('that never answers ends with the signal', async () => {
    provider.answer = () => undefined;
    expect(await send(AbortSignal.timeout(50))).toEqual({ kind: 'retry', reason: 'timed_out' });
  });

  test('whose answer has no end is not read to one', async () => {
    provider.answer = () => ({ status: 200, body: 'x'.repeat(5_000_000) });
    expect(await send()).toEqual({ kind: 'delivered' });
  });

  test('that cannot be reached says why in a code, without the address', async () => {
    const gone = await startProvider(() => ({}));
    await gone.close();
    const url = `${gone.origin}/in?token=s3cret`;
    const result = await hook.send(buildDelivery('webhook', { url, secret: key }), patience());
    expect(result).toEqual({ kind: 'retry', reason: 'unreachable', detail: 'ECONNREFUSED' });
  });
});
