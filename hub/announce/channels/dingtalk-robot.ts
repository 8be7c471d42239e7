import { createHmac } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { ChannelSender, Delivery, Message, SendResult } from './channel.ts';
import { plain } from './plain-text.ts';
import { type Answer, codeOf, jsonBody, post, resultOfStatus } from './post.ts';

/** A robot that sent more than 20 messages in a minute is silenced for ten. */
const silencedMs = 10 * 60_000;

/**
 * A group robot of DingTalk (钉钉): Markdown, signed (加签) where a secret is set. The signature is the Base64 of
 * HMAC-SHA-256 with the secret over `timestamp\nsecret`; timestamp in milliseconds, both in the query. Answers are HTTP
 * 200 with `errcode`; 310000 is every refusal of the robot's security settings.
 */
export class DingtalkRobot implements ChannelSender {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async send({ message, channel }: Delivery, signal: AbortSignal): Promise<SendResult> {
    if (!channel.secrets.url) return { kind: 'refused', reason: 'not_set_up' };
    const url = new URL(channel.secrets.url);
    if (channel.secrets.secret) sign(url, channel.secrets.secret, this.#clock.now());
    const title = plain(message.title);
    const { body, headers } = jsonBody({
      msgtype: 'markdown',
      markdown: { title, text: markdownOf(title, message) },
    });
    const posted = await post({ url, headers, body, signal });
    return 'failed' in posted ? posted.failed : resultOf(posted.answer);
  }
}

function sign(url: URL, secret: string, timestamp: number): void {
  const signature = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
  url.searchParams.set('timestamp', String(timestamp));
  url.searchParams.set('sign', signature);
}

function resultOf(answer: Answer): SendResult {
  const errcode = codeOf(answer, 'errcode');
  if (errcode === undefined) {
    const byStatus = resultOfStatus(answer);
    return byStatus.kind === 'delivered' ? { kind: 'retry', reason: 'not_understood' } : byStatus;
  }
  const detail = `errcode ${errcode}`;
  switch (errcode) {
    case 0:
      return { kind: 'delivered' };
    case -1:
      return { kind: 'retry', reason: 'server_failed', detail };
    case 130101:
    case 410100:
    case 90030:
      return { kind: 'retry', reason: 'rate_limited', detail, afterMs: silencedMs, holdsChannel: true };
    case 310000:
      return securityRefusal(answer, detail);
    case 300001:
    case 300005:
    case 400013:
    case 400101:
    case 400102:
    case 400106:
      return { kind: 'refused', reason: 'key_refused', detail };
    case 430101:
    case 430102:
    case 430103:
    case 430104:
      return { kind: 'refused', reason: 'content_refused', detail };
    default:
      return { kind: 'refused', reason: 'refused', detail };
  }
}

/** One code for a wrong signature, a missing keyword and an address that is not listed: only the words tell them apart. */
function securityRefusal({ text }: Answer, detail: string): SendResult {
  if (/keyword|关键词/i.test(text)) return { kind: 'refused', reason: 'content_refused', detail };
  if (/whitelist|白名单/i.test(text)) return { kind: 'refused', reason: 'address_refused', detail };
  return { kind: 'refused', reason: 'signature_refused', detail };
}

/** Lines of a list, because DingTalk joins lines that follow each other. */
function markdownOf(title: string, { lines, link, picture }: Message): string {
  const links = [link, picture]
    .flatMap((each) => each ?? [])
    .map(({ text, url }) => `[${plain(text)}](${url})`);
  return [`### ${title}`, lines.map((line) => `- ${plain(line)}`).join('\n'), links.join(' ')]
    .filter((part) => part !== '')
    .join('\n\n');
}
