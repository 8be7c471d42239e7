import type { ChannelSender, Delivery, Message, SendResult } from './channel.ts';
import { fitBytes, plain } from './plain-text.ts';
import { type Answer, codeOf, jsonBody, post, resultOfStatus } from './post.ts';

/** Bytes of UTF-8 that WeCom takes as Markdown. */
const contentBytes = 4096;

/**
 * A group robot of WeCom (企业微信): Markdown posted to the address that holds the robot's key. Answers are HTTP 200
 * with `errcode`; 45009 is more than 20 a minute, 93000 an address that WeCom does not know (any more).
 */
export class WecomRobot implements ChannelSender {
  async send({ message, channel }: Delivery, signal: AbortSignal): Promise<SendResult> {
    if (!channel.secrets.url) return { kind: 'refused', reason: 'not_set_up' };
    const content = fitBytes(markdownOf(message), contentBytes);
    const { body, headers } = jsonBody({ msgtype: 'markdown', markdown: { content } });
    const posted = await post({ url: new URL(channel.secrets.url), headers, body, signal });
    return 'failed' in posted ? posted.failed : resultOf(posted.answer);
  }
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
    case 45009:
    case 45033:
      return { kind: 'retry', reason: 'rate_limited', detail, afterMs: 60_000, holdsChannel: true };
    case 93000:
      // The same code for an unknown robot and for content that is too long.
      return {
        kind: 'refused',
        reason: /content|length/i.test(answer.text) ? 'content_refused' : 'key_refused',
        detail,
      };
    case 93008:
      return { kind: 'refused', reason: 'key_refused', detail };
    case 40058:
    case 45002:
      return { kind: 'refused', reason: 'content_refused', detail };
    default:
      return { kind: 'refused', reason: 'refused', detail };
  }
}

function markdownOf({ title, lines, link, picture }: Message): string[] {
  const links = [link, picture]
    .flatMap((each) => each ?? [])
    .map(({ text, url }) => `[${plain(text)}](${url})`);
  return [`**${plain(title)}**`, ...lines.map((line) => `> ${plain(line)}`), ...links];
}
