import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { newId } from '../../../hub/contract/ids.ts';
import { boxTopic, everyBoxTopic } from '../../../hub/contract/topics.ts';
import { buildSighting } from '../../builders/sighting.ts';
import { type BoxClient, connectBox } from '../hub/box-client.ts';
import { boxToken, eastBox, type RunningHub, runHub, temporaryFolder, westBox } from '../hub/run-hub.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let hub: RunningHub;
let honest: BoxClient;
let port: number;
const sockets: Socket[] = [];

beforeAll(async () => {
  folder = await temporaryFolder();
  hub = await runHub(folder.path);
  port = Number(new URL(hub.url).port);
  honest = await connectBox(hub.url, westBox, { password: boxToken });
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await honest.close();
  await hub.stop();
  await folder.remove();
});

async function open(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

const closed = (socket: Socket) =>
  socket.destroyed ? Promise.resolve() : once(socket, 'close').then(() => {});

/** A box that behaves gets through, whatever the others do. */
async function honestGetsThrough(): Promise<void> {
  const sighting = buildSighting({
    id: newId(hub.clock.now()),
    box: 'west-box',
    gate: 'west-gate',
    camera: 'west-lane',
  });
  await honest.sendSighting(sighting);
  expect(await hub.store.log.get(sighting.id, 'all')).toBeDefined();
}

describe('before a client has said who it is', () => {
  test('bytes that are no MQTT end that connection alone', async () => {
    for (let count = 0; count < 20; count++) {
      const socket = await open();
      socket.write(randomBytes(2_000));
      socket.resume();
      socket.end();
      await closed(socket);
    }
    await honestGetsThrough();
  });

  test('a packet larger than a log-in needs is cut off at its header', async () => {
    const refusals = () => hub.counters.read()['refused.PAYLOAD_TOO_LARGE'] ?? 0;
    const before = refusals();
    const socket = await open();
    // CONNECT that announces 4 MiB: a box may send that much, a stranger may not.
    socket.write(Buffer.from([0x10, 0x80, 0x80, 0x80, 0x02]));
    socket.resume();
    await closed(socket);
    expect(refusals()).toBe(before + 1);
    await honestGetsThrough();
  });

  test('a crowd of silent connections hinders nobody', async () => {
    await Promise.all(Array.from({ length: 200 }, open));
    await honestGetsThrough();
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  test('guessing tokens gets nowhere, and is counted', async () => {
    const before = hub.counters.read()['refused.BOX_NOT_AUTHORIZED'] ?? 0;
    const guesses = Array.from({ length: 50 }, (_, at) =>
      connectBox(hub.url, eastBox, { password: `guess-${at}`, clientId: `demo/east-box/${at}` }).then(
        () => 'in',
        () => 'refused',
      ),
    );
    expect(new Set(await Promise.all(guesses))).toEqual(new Set(['refused']));
    expect(hub.counters.read()['refused.BOX_NOT_AUTHORIZED']).toBe(before + 50);
    await honestGetsThrough();
  });
});

describe('a box that was taken over', () => {
  test('hears nothing that is not its own, however it asks', async () => {
    const box = await connectBox(hub.url, eastBox, { password: boxToken });
    for (const filter of [
      '#',
      '+/+/+/+/+',
      'gatehouse/#',
      '$SYS/#',
      everyBoxTopic('sightings'),
      boxTopic(westBox, 'receipts'),
    ])
      await expect(box.mqtt.subscribeAsync(filter)).rejects.toThrow();
    await honestGetsThrough();
    expect(box.messages.filter(({ topic }) => topic.includes('west-box'))).toEqual([]);
    await box.close();
  });

  test('cannot speak for another by its last will', async () => {
    const theirs = buildSighting({ id: newId(hub.clock.now()), box: 'west-box' });
    const will = {
      topic: boxTopic(westBox, 'sightings'),
      payload: Buffer.from(JSON.stringify(theirs)),
      qos: 1 as const,
      retain: false,
    };
    const username = 'demo/east-box';
    const refusals = () => hub.counters.read()['refused.TOPIC_NOT_AUTHORIZED'] ?? 0;
    const before = refusals();
    const client = await connectAsync(hub.url, {
      protocolVersion: 4,
      username,
      clientId: username,
      password: boxToken,
      will,
      reconnectPeriod: 0,
    });
    client.on('error', () => {});
    client.stream.destroy();
    await vi.waitFor(() => expect(refusals()).toBe(before + 1));
    expect(await hub.store.log.get(theirs.id, 'all')).toBeUndefined();
  });

  test('cannot stay connected without signs of life', async () => {
    const options = { password: boxToken, clientId: 'demo/east-box/quiet', keepalive: 0 };
    await expect(connectBox(hub.url, eastBox, options as object)).rejects.toThrow();
  });

  test('is held to what a message may be; what is refused is kept with its reason, and the rest goes on', async () => {
    const box = await connectBox(hub.url, eastBox, { password: boxToken });
    const topic = boxTopic(eastBox, 'sightings');
    const nonsense = [
      '',
      'null',
      '[]',
      '{"schema":1}',
      '{"__proto__":{}}',
      '['.repeat(50_000),
      '\u0000',
      JSON.stringify(buildSighting({ box: 'west-box' })),
    ];
    const before = await hub.store.deadLetters.count();
    for (const payload of nonsense) await box.publish(topic, payload);
    expect(await hub.store.deadLetters.count()).toBe(before + nonsense.length);
    await honestGetsThrough();
    await box.close();
  });
});

test('a storm of flagged sightings loses no sighting and no alert: each is in the log and belongs to an alert', async () => {
  const box = await connectBox(hub.url, eastBox, { password: boxToken });
  const gate = 'storm-gate';
  const sightings = Array.from({ length: 120 }, (_, at) =>
    buildSighting({ id: newId(hub.clock.now() + at), gate, camera: `lens-${at % 3}` }),
  );
  await Promise.all(sightings.map((sighting) => box.sendSighting(sighting)));

  const entries = await Promise.all(sightings.map(({ id }) => hub.store.log.get(id, 'all')));
  expect(entries.filter((entry) => entry?.alert === undefined)).toEqual([]);
  const { items } = await hub.store.alerts.list({ gate, limit: 200 }, 'all');
  const stoodFor = items.map(({ storm, cameras }) => (storm?.count ?? 1) + cameras.length);
  expect(stoodFor.reduce((sum, count) => sum + count, 0)).toBe(120);
  expect(items.length).toBeLessThan(20);
  await vi.waitFor(() => expect(box.receipts.flatMap((receipt) => receipt.sightings)).toHaveLength(120));
  await box.close();
});
