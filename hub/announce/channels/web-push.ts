import type { Clock } from '../../clock.ts';
import type { ChannelSender, Delivery, Message, SendResult } from './channel.ts';
import { type Answer, post, resultOfStatus } from './post.ts';
import { encryptPush, parsePushKeys, pushPayloadBytes } from './push-encryption.ts';
import type { VapidKey } from './vapid.ts';

/**
 * Messages to browsers (RFC 8030), encrypted so that the push service reads nothing (RFC 8291). They live as long as
 * the alert (TTL), wake a sleeping device (Urgency), and a later stage of an alert takes the place of an earlier one
 * that has not been fetched yet (Topic).
 */
export class WebPush implements ChannelSender {
  readonly #key: VapidKey;
  readonly #clock: Clock;
  readonly #contact: () => Promise<string | undefined>;

  /** `contact`: where the operator of a push service finds this hub; absent while nobody has set it. */
  constructor(key: VapidKey, clock: Clock, contact: () => Promise<string | undefined>) {
    this.#key = key;
    this.#clock = clock;
    this.#contact = contact;
  }

  async send(delivery: Delivery, signal: AbortSignal): Promise<SendResult> {
    const { target, message, topic, urgent, expiresAt, channel } = delivery;
    const keys = target && parsePushKeys(target);
    if (!target || !keys) return { kind: 'refused', reason: 'not_set_up' };
    const now = this.#clock.now();
    const url = new URL(target.endpoint);
    const body = encryptPush(payloadOf(message, topic), keys);
    const posted = await post({
      url,
      headers: {
        authorization: this.#key.authorize(url, now, await this.#contact()),
        'content-encoding': 'aes128gcm',
        'content-type': 'application/octet-stream',
        ttl: String(Math.max(0, Math.floor((expiresAt - now) / 1000))),
        urgency: urgent ? 'high' : 'normal',
        topic: topicOf(topic),
      },
      body,
      signal,
      // People name the endpoint; only an admin may say that it lies in a network of one's own.
      publicOnly:
        channel.settings.baseUrl === undefined || new URL(channel.settings.baseUrl).origin !== url.origin,
    });
    return 'failed' in posted ? posted.failed : resultOf(posted.answer);
  }
}

function resultOf(answer: Answer): SendResult {
  const detail = `HTTP ${answer.status}`;
  if (answer.status === 404 || answer.status === 410)
    return { kind: 'refused', reason: 'subscription_gone', detail, targetIsGone: true };
  if (answer.status === 403) return { kind: 'refused', reason: 'key_refused', detail };
  if (answer.status === 413) return { kind: 'refused', reason: 'content_refused', detail };
  const result = resultOfStatus(answer);
  // Each push service keeps its own count: one device's limit does not hold the others.
  return result.kind === 'retry' ? { ...result, holdsChannel: false } : result;
}

/** What the service worker of the dashboard shows. */
function payloadOf({ title, lines, link, language }: Message, tag: string): Buffer {
  const kept = [...lines];
  const make = () =>
    Buffer.from(
      JSON.stringify({ title, body: kept.join('\n'), tag, lang: language, ...(link && { url: link.url }) }),
    );
  let payload = make();
  for (; payload.byteLength > pushPayloadBytes && kept.length > 0; payload = make()) kept.pop();
  return payload;
}

/** At most 32 characters of base64url (RFC 8030 §5.4): a UUID without its hyphens. */
function topicOf(topic: string): string {
  return topic.replace(/[^A-Za-z0-9]/g, '').slice(0, 32);
}
