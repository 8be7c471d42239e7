import { createHmac } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { ChannelSender, Delivery, Message, SendResult } from './channel.ts';
import { type Answer, codeOf, jsonBody, post, resultOfStatus } from './post.ts';

/**
 * A custom robot of Feishu (飞书, Lark): rich text, signed where a secret is set. The signature stands in the body: the
 * Base64 of HMAC-SHA-256 over nothing at all, with `timestamp\nsecret` as its key; timestamp in seconds. Answers carry
 * `code` (`StatusCode` in older ones).
 */
export class FeishuRobot implements ChannelSender {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async send({ message, channel }: Delivery, signal: AbortSignal): Promise<SendResult> {
    if (!channel.secrets.url) return { kind: 'refused', reason: 'not_set_up' };
    const signature = channel.secrets.secret ? sign(channel.secrets.secret, this.#clock.now()) : {};
    const { body, headers } = jsonBody({ ...signature, ...contentOf(message) });
    const posted = await post({ url: new URL(channel.secrets.url), headers, body, signal });
    return 'failed' in posted ? posted.failed : resultOf(posted.answer);
  }
}

function sign(secret: string, now: number) {
  const timestamp = String(Math.floor(now / 1000));
  return { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64') };
}

function resultOf(answer: Answer): SendResult {
  const code = codeOf(answer, 'code', 'StatusCode');
  if (code === undefined) {
    const byStatus = resultOfStatus(answer);
    return byStatus.kind === 'delivered' ? { kind: 'retry', reason: 'not_understood' } : byStatus;
  }
  const detail = `code ${code}`;
  switch (code) {
    case 0:
      return { kind: 'delivered' };
    case 11232:
    case 99991400:
      return rateLimited(detail);
    case 9499:
      // A body that Feishu cannot read, and in some answers too many requests.
      return /too many|frequency|limit/i.test(answer.text)
        ? rateLimited(detail)
        : { kind: 'refused', reason: 'content_refused', detail };
    case 19021:
      return { kind: 'refused', reason: 'signature_refused', detail };
    case 19022:
      return { kind: 'refused', reason: 'address_refused', detail };
    case 19002:
    case 19024:
      return { kind: 'refused', reason: 'content_refused', detail };
    case 19001:
      return { kind: 'refused', reason: 'key_refused', detail };
    default:
      return answer.status >= 500
        ? { kind: 'retry', reason: 'server_failed', detail }
        : { kind: 'refused', reason: 'refused', detail };
  }
}

function rateLimited(detail: string): SendResult {
  return { kind: 'retry', reason: 'rate_limited', detail, afterMs: 60_000, holdsChannel: true };
}

/** A post of lines: its elements are typed, so text in them is never markup. */
function contentOf({ title, lines, link, picture, language }: Message) {
  const links = [link, picture].flatMap((each) => each ?? []);
  const content = [
    ...lines.map((text) => [{ tag: 'text', text }]),
    ...links.map(({ text, url }) => [{ tag: 'a', text, href: url }]),
  ];
  const tongue = language === 'en' ? 'en_us' : 'zh_cn';
  return { msg_type: 'post', content: { post: { [tongue]: { title, content } } } };
}
