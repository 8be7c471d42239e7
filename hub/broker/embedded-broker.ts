import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:tls';
import { Aedes, type AuthenticateError, type Client, type PublishPacket, type Subscription } from 'aedes';
import { type BoxAddress, boxMayPublish, boxMaySubscribe, parseTopic } from '../contract/topics.ts';
import type { Counters } from '../counters.ts';
import { HubError } from '../errors.ts';
import type { TlsContext } from '../tls/server-identity.ts';
import { boxTokenMatches } from './box-token.ts';
import type { Broker, Deliver, Publish } from './broker.ts';
import { LimitedConnection } from './limited-connection.ts';
import type { RetainedStore } from './retained-store.ts';

/** How the embedded broker listens and whom it lets in. */
export interface EmbeddedBrokerOptions {
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** Bytes of the largest packet a box may send. */
  maxPacketBytes: number;
  /** MQTT over TLS with this; in the clear without. */
  secure?: TlsContext;
  /** Hash of a box's token, undefined for a box that was not admitted. */
  tokenHash(box: BoxAddress): Promise<string | undefined>;
  retained: RetainedStore;
  counters: Counters;
}

/** Loopback, the port of MQTT, 8 MiB: twice what the event line takes, so that what is a little too large is refused with a receipt. */
export const embeddedBrokerDefaults = { host: '127.0.0.1', port: 1883, maxPacketBytes: 8 * 1024 * 1024 };

/** Connections at once; a site has at most some dozens of boxes. */
const maxConnections = 500;
/** Milliseconds for a client to say who it is, and for TLS before that. */
const introductionMs = 10_000;
/** Bytes of the packet in which a client says who it is: names, token and last will. */
const introductionBytes = 16 * 1024;
/** Seconds between two signs of life that a client may ask for; one without any would stay after its plug was pulled. */
const longestKeepAliveSeconds = 600;

/** Without acknowledgement there is nothing to hold back; the event line has counted the failure. */
const countedByTheHub = () => {};

const badUserNameOrPassword = 4;
const identifierRejected = 2;

/**
 * aedes without looking for those who want what a box tells the hub: the hub has taken it before aedes would hand it
 * round, and no box may subscribe to it. That search costs a tenth of all that a sighting costs.
 */
class HubOnlyAedes extends Aedes {
  /** Aedes itself calls with the client that published in second place; the hub calls without. */
  override publish(packet: PublishPacket, ...rest: [done: Done] | [client: Client | null, done: Done]): void {
    const [client, done] = rest.length === 2 ? rest : [null, rest[0]];
    if (client && parseTopic(packet.topic)?.channel !== 'gallery') done();
    else super.publish(packet, ...(rest as [Done]));
  }
}

type Done = (error?: Error) => void;

/**
 * aedes inside the hub. A box logs in as `site/box` with its token, with a client id of the same beginning, and is held
 * to its own topics. What it publishes is acknowledged after the hub has taken it: aedes sends PUBACK only after
 * `authorizePublish` calls back, and that waits for the commit.
 */
export class EmbeddedBroker implements Broker {
  readonly kind = 'embedded';
  readonly #options: EmbeddedBrokerOptions;
  readonly #boxes = new WeakMap<Client, BoxAddress>();
  readonly #inHand = new Set<Promise<void>>();
  readonly #connections = new Set<LimitedConnection>();
  #aedes: Aedes | undefined;
  #server: Server | undefined;

  constructor(options: EmbeddedBrokerOptions) {
    this.#options = options;
  }

  get connected(): boolean {
    return this.#server?.listening === true;
  }

  /** The port it listens on, undefined before the start. */
  get port(): number | undefined {
    return (this.#server?.address() as AddressInfo | null | undefined)?.port;
  }

  /** Throws BROKER_PORT_TAKEN. */
  async start(deliver: Deliver): Promise<void> {
    const aedes = new HubOnlyAedes({
      connectTimeout: introductionMs,
      keepaliveLimit: longestKeepAliveSeconds,
      authenticate: (client, username, password, done) => {
        this.#authenticate(client, username, password).then(
          () => done(null, true),
          (error) => done(error, false),
        );
      },
      authorizePublish: (client, packet, done) => {
        this.#track(this.#takeFromBox(client, packet, deliver)).then(() => done(null), done);
      },
      authorizeSubscribe: (client, subscription, done) => done(null, this.#allow(client, subscription)),
    });
    await aedes.listen();
    this.#aedes = aedes;
    aedes.on('clientError', () => this.#options.counters.add('broker.client_errors'));
    aedes.on('connectionError', () => this.#options.counters.add('broker.connection_errors'));
    for (const { topic, payload } of await this.#options.retained.all()) {
      await this.#send(topic, payload, { qos: 1, retain: true });
    }
    try {
      this.#server = await this.#listen(aedes);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** What is said of a gallery's subject takes the place of what a box said. */
  publish: Publish = async (topic, payload, options) => {
    if (options.retain && parseTopic(topic)?.channel === 'gallery')
      await this.#options.retained.put(topic, Buffer.from(payload));
    await this.#send(topic, payload, options);
  };

  #send: Publish = (topic, payload, { qos, retain }) => {
    const aedes = this.#aedes;
    if (!aedes) return Promise.reject(new HubError('BROKER_UNREACHABLE'));
    const packet = { cmd: 'publish' as const, topic, payload: Buffer.from(payload), qos, retain, dup: false };
    return new Promise((resolve, reject) => {
      aedes.publish(packet, (error) => (error ? reject(error) : resolve()));
    });
  };

  /** New connections see this certificate; those that are open stay. */
  presentCertificate(secure: TlsContext): void {
    (this.#server as SecureServer | undefined)?.setSecureContext(secure);
  }

  async stop(): Promise<void> {
    const [aedes, server] = [this.#aedes, this.#server];
    server?.close();
    if (aedes) await new Promise<void>((resolve) => aedes.close(resolve));
    for (const connection of this.#connections) connection.destroy();
    await Promise.allSettled(this.#inHand);
    this.#aedes = undefined;
    this.#server = undefined;
  }

  async #listen(aedes: Aedes): Promise<Server> {
    const { host, port, maxPacketBytes, secure, counters } = this.#options;
    const take = (socket: Socket) => {
      const connection = new LimitedConnection(socket, maxPacketBytes, introductionBytes);
      this.#connections.add(connection);
      connection.on('close', () => this.#connections.delete(connection));
      connection.on('tooLarge', () => counters.add('refused.PAYLOAD_TOO_LARGE'));
      aedes.handle(connection.open());
    };
    const options = { keepAlive: true, keepAliveInitialDelay: introductionMs, noDelay: true };
    const server = secure
      ? createSecureServer({ ...options, ...secure, handshakeTimeout: introductionMs }, take)
      : createServer(options, take);
    server.maxConnections = maxConnections;
    server.on('drop', () => counters.add('broker.connections_refused'));
    server.on('tlsClientError', () => counters.add('broker.tls_errors'));
    try {
      server.listen(port, host);
      await once(server, 'listening');
      return server;
    } catch (cause) {
      throw new HubError('BROKER_PORT_TAKEN', `${host}:${port}`, { cause });
    }
  }

  /** Username `site/box`, password the token; the client id begins with the username, so that no box can take over another's session. */
  async #authenticate(client: Client, username = '', password: Buffer = Buffer.alloc(0)): Promise<void> {
    const [site, box, ...rest] = username.split('/');
    const hash = site && box && rest.length === 0 ? await this.#options.tokenHash({ site, box }) : undefined;
    if (!hash || !boxTokenMatches(password, hash)) throw this.#refuse(badUserNameOrPassword);
    if (client.id !== username && !client.id.startsWith(`${username}/`))
      throw this.#refuse(identifierRejected);
    this.#boxes.set(client, { site, box });
  }

  #refuse(returnCode: number): AuthenticateError {
    this.#options.counters.add('refused.BOX_NOT_AUTHORIZED');
    return Object.assign(new HubError('BOX_NOT_AUTHORIZED'), { returnCode });
  }

  /** Rejecting closes the connection without PUBACK. */
  async #takeFromBox(client: Client | null, packet: PublishPacket, deliver: Deliver): Promise<void> {
    const sender = client ? this.#boxes.get(client) : undefined;
    if (!sender || !boxMayPublish(sender, packet.topic)) {
      this.#options.counters.add('refused.TOPIC_NOT_AUTHORIZED');
      throw new HubError('TOPIC_NOT_AUTHORIZED');
    }
    // Not copied: pictures are large, and aedes does not touch it any more.
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    if (parseTopic(packet.topic)?.channel === 'gallery') {
      packet.retain = true;
      await this.#options.retained.put(packet.topic, payload);
      return deliver({ topic: packet.topic, payload, sender });
    }
    packet.retain = false;
    const delivered = deliver({ topic: packet.topic, payload, sender });
    await (packet.qos === 0 ? delivered.catch(countedByTheHub) : delivered);
  }

  /** Null refuses the subscription with return code 128 and leaves the connection open. */
  #allow(client: Client, subscription: Subscription): Subscription | null {
    const box = this.#boxes.get(client);
    if (box && boxMaySubscribe(box, subscription.topic)) return subscription;
    this.#options.counters.add('refused.TOPIC_NOT_AUTHORIZED');
    return null;
  }

  #track(work: Promise<void>): Promise<void> {
    this.#inHand.add(work);
    const done = () => this.#inHand.delete(work);
    work.then(done, done);
    return work;
  }
}
