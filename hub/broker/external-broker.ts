import { connect, type IPublishPacket, type MqttClient } from 'mqtt';
import { everyBoxTopic, everyGallery } from '../contract/topics.ts';
import type { Counters } from '../counters.ts';
import { HubError } from '../errors.ts';
import type { Broker, Deliver, Publish } from './broker.ts';

/** Where the broker is, and who the hub is to it. */
export interface ExternalBrokerOptions {
  /** `mqtt://` or `mqtts://`. */
  url: string;
  username?: string;
  password?: string;
  /** One hub, one client id: the broker keeps for it what comes while it is away. */
  clientId: string;
  counters: Counters;
}

const reconnectMs = 2_000;
const fromBoxes = ['status', 'sightings', 'evidence', 'telemetry', 'replies'] as const;

/**
 * A client of a broker that is not ours. That broker holds boxes to their topics; the hub can only compare topic and
 * body. mqtt.js sends PUBACK when `handleMessage` calls back, and that waits for the commit.
 */
export class ExternalBroker implements Broker {
  readonly kind = 'external';
  readonly #options: ExternalBrokerOptions;
  #client: MqttClient | undefined;
  #inHand: Promise<void> = Promise.resolve();

  constructor(options: ExternalBrokerOptions) {
    this.#options = options;
  }

  get connected(): boolean {
    return this.#client?.connected === true;
  }

  /** Resolves at the first connection, or after the first failure, from which it goes on trying. */
  async start(deliver: Deliver): Promise<void> {
    const { url, username, password, clientId, counters } = this.#options;
    const client = connect(url, {
      protocolVersion: 4,
      clientId,
      username,
      password,
      clean: false,
      resubscribe: false,
      reconnectPeriod: reconnectMs,
      queueQoSZero: false,
      manualConnect: true,
    });
    this.#client = client;
    client.handleMessage = (packet, done) => {
      this.#inHand = this.#take(client, packet, deliver).then(
        () => done(),
        (error) => done(error),
      );
    };
    client.on('connect', () => subscribe(client).catch(() => counters.add('broker.subscribe_failed')));
    client.on('error', () => counters.add('broker.connection_errors'));
    client.on('close', () => counters.add('broker.disconnected'));
    const firstAnswer = new Promise<void>((resolve) => {
      client.once('connect', () => resolve());
      client.once('close', () => resolve());
    });
    client.connect();
    await firstAnswer;
  }

  publish: Publish = async (topic, payload, options) => {
    const client = this.#client;
    if (!client?.connected) throw new HubError('BROKER_UNREACHABLE');
    await client.publishAsync(topic, Buffer.from(payload), options);
  };

  async stop(): Promise<void> {
    await this.#client?.endAsync(true);
    await this.#inHand;
    this.#client = undefined;
  }

  /**
   * What was not taken stays unacknowledged, and brokers send it again only on a new connection: so the connection is
   * dropped, and comes back by itself a little later.
   */
  async #take(client: MqttClient, { topic, payload, qos }: IPublishPacket, deliver: Deliver): Promise<void> {
    try {
      await deliver({ topic, payload: Buffer.from(payload) });
    } catch (error) {
      if (qos === 0) return;
      client.stream.destroy();
      throw error;
    }
  }
}

async function subscribe(client: MqttClient): Promise<void> {
  await client.subscribeAsync([...fromBoxes.map(everyBoxTopic), everyGallery], { qos: 1 });
}
