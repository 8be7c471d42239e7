import { createHmac } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { ChannelSender, Delivery, SendResult } from './channel.ts';
import { jsonBody, post, resultOfStatus } from './post.ts';

/**
 * JSON to any address of the site's own. `X-Gatehouse-Signature: v1=` is the hex HMAC-SHA-256 with the secret over
 * `timestamp.body`, `X-Gatehouse-Timestamp` in seconds (refuse what is older than five minutes), `X-Gatehouse-Id` the
 * same at every attempt (drop what you have). Any 2xx is taken as delivered.
 */
export class Webhook implements ChannelSender {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async send({ id, message, channel }: Delivery, signal: AbortSignal): Promise<SendResult> {
    const { url, secret } = channel.secrets;
    if (!url || !secret) return { kind: 'refused', reason: 'not_set_up' };
    const { title, lines, link, picture, facts } = message;
    const { body, headers } = jsonBody({
      schema: 1,
      id,
      title,
      lines,
      ...(link && { link: link.url }),
      ...(picture && { picture: picture.url }),
      ...facts,
    });
    const timestamp = String(Math.floor(this.#clock.now() / 1000));
    const signature = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');
    const posted = await post({
      url: new URL(url),
      headers: {
        ...headers,
        'x-gatehouse-id': id,
        'x-gatehouse-timestamp': timestamp,
        'x-gatehouse-signature': `v1=${signature}`,
      },
      body,
      signal,
    });
    return 'failed' in posted ? posted.failed : resultOfStatus(posted.answer);
  }
}
