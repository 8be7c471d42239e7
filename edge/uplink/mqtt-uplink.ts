import { setTimeout as sleep } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import type { Logger } from 'pino';
import { policy } from '../../hub/contract/policy.ts';
import { receipt } from '../../hub/contract/sighting.ts';
import type { BoxStatus, Telemetry } from '../../hub/contract/status.ts';
import {
  type BoxAddress,
  boxTopic,
  everyGalleryTopic,
  galleryTopic,
  parseTopic,
} from '../../hub/contract/topics.ts';
import { EdgeError } from '../errors.ts';
import type { GalleryExchange } from '../gallery/gallery.ts';
import type { Outbox, OutboxItem } from '../outbox/outbox.ts';
import { isDistrust } from './authority.ts';
import { backOffMs } from './back-off.ts';
import { SendingWindow } from './sending-window.ts';
import type { Uplink, UplinkListener } from './uplink.ts';

/** Where the hub is and who this box is to it. */
export interface MqttUplinkOptions {
  address: BoxAddress;
  url: string;
  /** PEM of the authority that vouches for the hub over `mqtts:`; undefined for those that Node knows. */
  ca?: string;
  token: string;
  version: string;
  bootId: string;
}

const itemsInFlight = 50;
const changesAtOnce = 100;
const connectMs = 5_000;
/** A full window on slow flash memory takes seconds to commit; only a dead line takes longer than this. */
const publishMs = 15_000;
const receiptMs = 30_000;
const idlePollMs = 1_000;

/**
 * Drains the outbox over MQTT 3.1.1. A fresh client per connection, with nothing queued in it: the outbox is the only
 * queue, so a killed box resends from the disk what had no receipt.
 */
export class MqttUplink implements Uplink {
  connected = false;
  lastError: Error | undefined;
  readonly counters: Record<string, number> = {};

  readonly #options: MqttUplinkOptions;
  readonly #outbox: Outbox;
  readonly #gallery: GalleryExchange;
  readonly #listener: UplinkListener;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #stopping = new AbortController();
  readonly #window = new SendingWindow(itemsInFlight, receiptMs);
  #client: MqttClient | undefined;
  #running: Promise<void> | undefined;
  #wakeUp: () => void = () => {};
  #awake = false;
  #isTelling = false;

  constructor(
    options: MqttUplinkOptions,
    parts: {
      outbox: Outbox;
      gallery: GalleryExchange;
      listener: UplinkListener;
      log: Logger;
      now: () => number;
    },
  ) {
    this.#options = options;
    this.#outbox = parts.outbox;
    this.#gallery = parts.gallery;
    this.#listener = parts.listener;
    this.#log = parts.log;
    this.#now = parts.now;
  }

  start(): void {
    this.#running = this.#run();
  }

  wake(): void {
    this.#awake = true;
    this.#wakeUp();
  }

  report(report: Telemetry): void {
    if (this.connected) this.#client?.publish(this.#topic('telemetry'), JSON.stringify(report), { qos: 0 });
  }

  async stop(): Promise<void> {
    if (this.connected && this.#client)
      await publish(this.#client, this.#topic('status'), this.#status(false), true).catch(() =>
        this.#count('offline_not_said'),
      );
    this.#stopping.abort();
    this.wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let attempt = 0; !this.#stopping.signal.aborted; attempt++) {
      try {
        const client = await this.#connect();
        attempt = 0;
        await this.#serve(client);
      } catch (error) {
        this.#fail(error);
      } finally {
        this.#disconnect();
      }
      if (this.#stopping.signal.aborted) return;
      await sleep(backOffMs(attempt, Math.random()), undefined, { signal: this.#stopping.signal }).catch(
        () => {},
      );
    }
  }

  async #connect(): Promise<MqttClient> {
    const { address, url, ca, token } = this.#options;
    const client = mqtt.connect(url, {
      ca,
      rejectUnauthorized: true,
      protocolVersion: 4,
      clientId: `${address.site}/${address.box}`,
      username: `${address.site}/${address.box}`,
      password: token,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: connectMs,
      keepalive: 15,
      queueQoSZero: false,
      will: { topic: this.#topic('status'), payload: Buffer.from(this.#status(false)), qos: 1, retain: true },
    });
    this.#client = client;
    client.on('message', (topic, payload) => this.#receive(topic, payload));
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve());
      client.once('error', reject);
      client.once('close', () => reject(new EdgeError('UPLINK_UNREACHABLE')));
      this.#stopping.signal.addEventListener('abort', () => reject(new EdgeError('UPLINK_UNREACHABLE')), {
        once: true,
      });
    });
    client.on('error', (error) => this.#fail(error));
    client.once('close', () => {
      this.connected = false;
      this.wake();
    });
    await client.subscribeAsync({
      [this.#topic('receipts')]: { qos: 1 },
      [this.#topic('policy')]: { qos: 1 },
      [everyGalleryTopic(address.site)]: { qos: 1 },
    });
    await publish(client, this.#topic('status'), this.#status(true), true);
    this.connected = true;
    this.lastError = undefined;
    this.#log.info({ url: withoutPassword(url) }, 'connected to the hub');
    return client;
  }

  /** Sends until the connection ends; returns when it does. */
  async #serve(client: MqttClient): Promise<void> {
    this.#window.rewind();
    while (this.connected && !this.#stopping.signal.aborted) {
      void this.#tellGallery(client);
      if (this.#window.rewindIfOverdue(this.#now())) this.#count('receipt_overdue');
      const items = this.#window.room > 0 ? this.#outbox.next(this.#window.cursor, this.#window.room) : [];
      if (items.length === 0) {
        await this.#sleepUntilWoken();
        continue;
      }
      for (const item of items) this.#window.sent(item, this.#now());
      for (const item of items) void this.#send(client, item);
    }
  }

  /** A publish that fails ends the connection: the next one starts from the disk again. */
  async #send(client: MqttClient, item: OutboxItem): Promise<void> {
    try {
      await publish(client, this.#topicOf(item), item.payload, false);
    } catch (error) {
      if (client !== this.#client) return;
      this.#fail(error);
      client.end(true);
    }
  }

  /** What the other boxes and the hub do not know of the gallery yet, one after the other: a later change must not overtake. */
  async #tellGallery(client: MqttClient): Promise<void> {
    if (this.#isTelling) return;
    this.#isTelling = true;
    try {
      for (let changes = this.#gallery.pending(changesAtOnce); changes.length > 0; ) {
        for (const change of changes) {
          const topic = galleryTopic(this.#options.address.site, change.subject);
          await publish(client, topic, change.payload, true);
          this.#gallery.published(change);
        }
        changes = this.#gallery.pending(changesAtOnce);
      }
      for (const reply of this.#gallery.unconfirmed()) {
        await publish(client, this.#topic('replies'), JSON.stringify(reply), false);
        this.#gallery.confirmed(reply);
      }
    } catch (error) {
      if (client !== this.#client) return;
      this.#fail(error);
      client.end(true);
    } finally {
      this.#isTelling = false;
    }
  }

  async #sleepUntilWoken(): Promise<void> {
    if (!this.#awake) {
      const timer = new AbortController();
      await Promise.race([
        new Promise<void>((resolve) => {
          this.#wakeUp = resolve;
        }),
        sleep(idlePollMs, undefined, { signal: timer.signal }).catch(() => {}),
      ]);
      timer.abort();
    }
    this.#awake = false;
  }

  #receive(topic: string, payload: Buffer): void {
    try {
      if (topic === this.#topic('receipts')) this.#settle(payload);
      else if (topic === this.#topic('policy'))
        this.#listener.policyChanged(policy.parse(JSON.parse(payload.toString())));
      else this.#takeOfGallery(topic, payload);
    } catch (error) {
      this.#count('message_not_understood');
      this.#log.warn(
        { topic, err: new EdgeError('PAYLOAD_INVALID', topic, { cause: error }) },
        'message ignored',
      );
    }
  }

  /** What cannot be written now is retained, and comes again with the next connection. */
  #takeOfGallery(topic: string, payload: Buffer): void {
    const parsed = parseTopic(topic);
    if (parsed?.channel !== 'gallery') throw new RangeError('topic: not one that was subscribed to');
    this.#gallery.take(parsed.id, payload, this.#now());
  }

  /** Deletes only what the receipt names: a crash between the hub's commit and this sends twice, never zero times. */
  #settle(payload: Buffer): void {
    const settled = receipt.parse(JSON.parse(payload.toString()));
    this.#outbox.settle(settled, this.#now());
    this.#window.settled(settled);
    for (const { kind, code } of settled.refused) {
      this.#count(`refused_${kind}`);
      this.#log.warn({ kind, code }, 'the hub refused an item; it is kept apart');
    }
    this.wake();
  }

  #disconnect(): void {
    this.connected = false;
    this.#client?.removeAllListeners('message');
    this.#client?.on('error', () => {});
    this.#client?.end(true);
    this.#client = undefined;
  }

  #fail(error: unknown): void {
    this.lastError = asUplinkError(error);
    if (!this.#stopping.signal.aborted) this.#log.warn({ err: this.lastError }, 'not connected to the hub');
  }

  #topic(channel: 'status' | 'telemetry' | 'receipts' | 'policy' | 'replies'): string {
    return boxTopic(this.#options.address, channel);
  }

  #topicOf(item: OutboxItem): string {
    return item.kind === 'sighting'
      ? boxTopic(this.#options.address, 'sightings')
      : boxTopic(this.#options.address, 'evidence', item.id);
  }

  #status(online: boolean): string {
    const { version, bootId } = this.#options;
    const status: BoxStatus = {
      schema: 1,
      online,
      version,
      bootId,
      since: new Date(this.#now()).toISOString(),
    };
    return JSON.stringify(status);
  }

  #count(reason: string): void {
    this.counters[reason] = (this.counters[reason] ?? 0) + 1;
  }
}

/** Resolves on PUBACK, rejects after `publishMs`: a broker that is slow to commit must not stall the line for ever. */
async function publish(
  client: MqttClient,
  topic: string,
  payload: Buffer | string,
  retain: boolean,
): Promise<void> {
  const timer = new AbortController();
  await Promise.race([
    client.publishAsync(topic, payload, { qos: 1, retain }),
    sleep(publishMs, undefined, { signal: timer.signal }).then(() => {
      throw new EdgeError('UPLINK_UNREACHABLE', `no answer to a publish within ${publishMs / 1000} s`);
    }),
  ]).finally(() => timer.abort());
}

function asUplinkError(error: unknown): EdgeError {
  if (error instanceof EdgeError) return error;
  if (isDistrust(error)) return new EdgeError('UPLINK_NOT_TRUSTED', undefined, { cause: error });
  // CONNACK 4 and 5: bad credentials, not authorised (MQTT 3.1.1 §3.2.2.3).
  const refused = [4, 5].includes((error as { code?: number }).code ?? -1);
  return new EdgeError(refused ? 'UPLINK_REFUSED' : 'UPLINK_UNREACHABLE', undefined, { cause: error });
}

function withoutPassword(url: string): string {
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  return parsed.toString();
}
