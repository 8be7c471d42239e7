import { randomUUID } from 'node:crypto';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EdgeError } from '../../../edge/errors.ts';
import type { SqliteGallery } from '../../../edge/gallery/sqlite-gallery.ts';
import { SqliteOutbox } from '../../../edge/outbox/sqlite-outbox.ts';
import { openSqlite } from '../../../edge/sqlite.ts';
import { MqttUplink } from '../../../edge/uplink/mqtt-uplink.ts';
import type { Policy } from '../../../hub/contract/policy.ts';
import { boxTopic, galleryTopic } from '../../../hub/contract/topics.ts';
import { buildGallery, dimension } from '../../builders/gallery.ts';
import { buildJpeg, buildSighting } from '../../builders/sighting.ts';

const address = { site: 'demo', box: 'east-box' };
const token = 'right';

/** A real broker that acts as the hub: it remembers what arrived and, when told so, answers with receipts. */
class HubSide {
  readonly received: { topic: string; payload: Buffer }[] = [];
  receipts = true;
  broker!: Aedes;
  #server!: Server;
  readonly #sockets = new Set<Socket>();

  async start(port = 0): Promise<number> {
    this.broker = await Aedes.createBroker({
      authenticate: (_client, _name, password, done) => {
        const right = password?.toString() === token;
        done(right ? null : Object.assign(new Error('wrong token'), { returnCode: 4 }), right);
      },
    });
    this.broker.on('publish', (packet, client) => {
      if (client) this.#take(packet.topic, Buffer.from(packet.payload));
    });
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      this.broker.handle(socket);
    });
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  say(channel: 'receipts' | 'policy', body: unknown): void {
    const payload = Buffer.from(JSON.stringify(body));
    this.broker.publish(
      {
        cmd: 'publish',
        topic: boxTopic(address, channel),
        payload,
        qos: 1,
        dup: false,
        retain: channel === 'policy',
      },
      () => {},
    );
  }

  topics(): string[] {
    return this.received.map(({ topic }) => topic.split('/')[4]).filter((channel) => channel !== 'status');
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.broker.close(() => resolve()));
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(topic: string, payload: Buffer): void {
    this.received.push({ topic, payload });
    if (!this.receipts) return;
    if (topic.endsWith('/sightings')) {
      const { id, revision } = JSON.parse(payload.toString());
      this.say('receipts', { schema: 1, sightings: [{ id, revision }] });
    } else if (topic.includes('/evidence/'))
      this.say('receipts', { schema: 1, evidence: [topic.split('/')[5]] });
  }
}

let hub: HubSide;
let port: number;
let outbox: SqliteOutbox;
let gallery: SqliteGallery;
let uplink: MqttUplink;
const policies: Policy[] = [];

beforeEach(async () => {
  hub = new HubSide();
  port = await hub.start();
  outbox = new SqliteOutbox(openSqlite(':memory:'), () => uplink.wake());
  gallery = buildGallery(() => uplink.wake());
  uplink = buildUplink();
  policies.length = 0;
});

afterEach(async () => {
  await uplink.stop();
  await hub.stop();
});

function buildUplink(password = token): MqttUplink {
  return new MqttUplink(
    { address, url: `mqtt://127.0.0.1:${port}`, token: password, version: '0', bootId: randomUUID() },
    {
      outbox,
      gallery,
      listener: { policyChanged: (policy) => policies.push(policy) },
      log: pino({ level: 'silent' }),
      now: Date.now,
    },
  );
}

const waiting = () => outbox.depth().sightings + outbox.depth().evidence;
const soon = (check: () => void) => vi.waitFor(check, { timeout: 8_000, interval: 20 });

test('pictures go before the sighting that names them, and the outbox empties on the receipts', async () => {
  outbox.put(buildSighting(), [{ id: randomUUID(), jpeg: buildJpeg() }], Date.now());
  uplink.start();
  await soon(() => expect(waiting()).toBe(0));
  expect(hub.topics()).toEqual(['evidence', 'sightings']);
});

test('without a receipt nothing is deleted, although the broker acknowledged', async () => {
  hub.receipts = false;
  uplink.start();
  outbox.put(buildSighting(), [], Date.now());
  await soon(() => expect(hub.topics()).toEqual(['sightings']));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(waiting()).toBe(1);
});

test('what the broker’s death left open is sent again to the next one', async () => {
  hub.receipts = false;
  uplink.start();
  outbox.put(buildSighting(), [], Date.now());
  await soon(() => expect(hub.topics()).toHaveLength(1));
  await hub.stop();
  await soon(() => expect(uplink.connected).toBe(false));

  hub = new HubSide();
  await hub.start(port);
  await soon(() => expect(waiting()).toBe(0));
  expect(hub.topics()).toEqual(['sightings']);
});

test('two hundred sightings arrive in the order of the outbox', async () => {
  const ids = Array.from({ length: 200 }, () => {
    const sighting = buildSighting();
    outbox.put(sighting, [], Date.now());
    return sighting.id;
  });
  uplink.start();
  await soon(() => expect(waiting()).toBe(0));
  const sightings = hub.received.filter(({ topic }) => topic.endsWith('/sightings'));
  expect(sightings.map(({ payload }) => JSON.parse(payload.toString()).id)).toEqual(ids);
});

describe('presence', () => {
  const lastStatus = () => {
    const said = hub.received.filter(({ topic }) => topic.endsWith('/status'));
    return said.length > 0 ? JSON.parse(said[said.length - 1].payload.toString()).online : undefined;
  };

  test('a box says when it comes and when it goes', async () => {
    uplink.start();
    await soon(() => expect(lastStatus()).toBe(true));
    await uplink.stop();
    await soon(() => expect(lastStatus()).toBe(false));
  });

  test('a wrong token is a coded refusal and the box goes on trying', async () => {
    uplink = buildUplink('wrong');
    uplink.start();
    await soon(() => expect((uplink.lastError as EdgeError)?.code).toBe('UPLINK_REFUSED'));
    expect(uplink.connected).toBe(false);
  });
});

describe('what the hub says', () => {
  const policy = { schema: 1, site: 'demo', version: 3, homeProvince: '苏', strangerRetentionDays: 14 };

  test('a policy takes effect', async () => {
    uplink.start();
    await soon(() => expect(uplink.connected).toBe(true));
    hub.say('policy', policy);
    await soon(() => expect(policies).toMatchObject([{ version: 3 }]));
  });

  test('a policy of another schema version is counted and ignored, and the box goes on', async () => {
    uplink.start();
    await soon(() => expect(uplink.connected).toBe(true));
    hub.say('policy', { ...policy, schema: 2 });
    await soon(() => expect(uplink.counters.message_not_understood).toBe(1));
    expect(policies).toEqual([]);
    outbox.put(buildSighting(), [], Date.now());
    await soon(() => expect(waiting()).toBe(0));
  });
});

describe('the gallery', () => {
  const subject = '11111111-1111-4111-8111-111111111111';
  const erasure = '99999999-9999-4999-8999-999999999999';
  const topic = galleryTopic('demo', subject);
  const later = Date.now() + 3_600_000;
  const embedding = Float32Array.from({ length: dimension }, (_, at) => (at === 0 ? 1 : 0));
  const enrol = () =>
    gallery.enrol({ subject, category: 'stranger', kind: 'whole', embedding, expiresAt: later });
  const onGallery = () => hub.received.filter((message) => message.topic === topic);
  const sayRetained = (body: unknown) =>
    hub.broker.publish(
      { cmd: 'publish', topic, payload: Buffer.from(JSON.stringify(body)), qos: 1, dup: false, retain: true },
      () => {},
    );
  const forgotten = { schema: 1, state: 'forgotten', subject, erasure, at: new Date().toISOString() };

  test('what was enrolled without a hub is told when it is there, sealed', async () => {
    enrol();
    uplink.start();
    await soon(() => expect(onGallery()).toHaveLength(1));
    expect(JSON.parse(onGallery()[0].payload.toString())).toMatchObject({ state: 'kept', subject });
    await soon(() => expect(gallery.pending(1)).toEqual([]));
    enrol();
    await soon(() => expect(onGallery()).toHaveLength(2));
  });

  test('an erasure from before the box came reaches it and is answered, and nothing is brought back', async () => {
    enrol();
    sayRetained(forgotten);
    uplink.start();
    await soon(() => expect(gallery.size).toBe(0));
    const replies = () => hub.received.filter((message) => message.topic === boxTopic(address, 'replies'));
    await soon(() => expect(replies()).toHaveLength(1));
    expect(JSON.parse(replies()[0].payload.toString())).toMatchObject({
      reply: 'forgotten',
      erasure,
      subject,
    });
    await soon(() =>
      expect(JSON.parse(onGallery().at(-1)?.payload.toString() ?? '{}').state).toBe('forgotten'),
    );
    await soon(() => expect(gallery.unconfirmed()).toEqual([]));
  });

  test('a message that is no entry is counted, and the box goes on', async () => {
    uplink.start();
    await soon(() => expect(uplink.connected).toBe(true));
    sayRetained({ schema: 2 });
    await soon(() => expect(uplink.counters.message_not_understood).toBe(1));
    outbox.put(buildSighting(), [], Date.now());
    await soon(() => expect(waiting()).toBe(0));
  });
});
