import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { hashBoxToken } from '../../../hub/broker/box-token.ts';
import { EmbeddedBroker, embeddedBrokerDefaults } from '../../../hub/broker/embedded-broker.ts';
import { boxTopic, everyGalleryTopic, galleryTopic } from '../../../hub/contract/topics.ts';
import { buildJpeg, buildSighting, describeEvidence } from '../../builders/sighting.ts';
import { type BoxClient, connectBox } from './box-client.ts';
import { boxToken, eastBox, type RunningHub, runHub, temporaryFolder, westBox } from './run-hub.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let hub: RunningHub;
let box: BoxClient;

beforeEach(async () => {
  folder = await temporaryFolder();
  hub = await runHub(folder.path);
  box = await connectBox(hub.url, eastBox, { password: boxToken });
});

afterEach(async () => {
  await box.close();
  await hub.stop();
  await folder.remove();
});

describe('who may speak', () => {
  test('a box with a wrong token is refused and counted', async () => {
    await expect(connectBox(hub.url, westBox, { password: 'wrong' })).rejects.toThrow(/not authorized|user/i);
    expect(hub.counters.read()['refused.BOX_NOT_AUTHORIZED']).toBe(1);
  });

  test('a box that was never admitted is refused', async () => {
    const stranger = { site: 'demo', box: 'stranger' };
    await expect(connectBox(hub.url, stranger, { password: boxToken })).rejects.toThrow();
  });

  test('a box cannot take the session of another by its client id', async () => {
    const thief = connectBox(hub.url, westBox, { password: boxToken, clientId: 'demo/east-box' });
    await expect(thief).rejects.toThrow();
    expect(box.mqtt.connected).toBe(true);
  });

  test('publishing below the prefix of another box closes the connection and changes nothing', async () => {
    const theirs = buildSighting({ box: 'west-box' });
    const sent = box.publish(boxTopic(westBox, 'sightings'), JSON.stringify(theirs));
    await expect(sent).rejects.toThrow(/closed/);
    expect(await hub.store.log.get(theirs.id, 'all')).toBeUndefined();
    expect(hub.counters.read()['refused.TOPIC_NOT_AUTHORIZED']).toBe(1);
  });

  test('subscribing to what boxes send is refused', async () => {
    await expect(box.mqtt.subscribeAsync('gatehouse/v1/#')).rejects.toThrow();
    await expect(box.mqtt.subscribeAsync(boxTopic(westBox, 'receipts'))).rejects.toThrow();
  });
});

describe('what is committed', () => {
  describe('only when the hub has taken it', () => {
    let broker: EmbeddedBroker;
    let slow: BoxClient;
    let acknowledged: boolean;
    let sent: Promise<void>;
    let commit: PromiseWithResolvers<void>;

    beforeEach(async () => {
      commit = Promise.withResolvers();
      broker = new EmbeddedBroker({
        ...embeddedBrokerDefaults,
        port: 0,
        tokenHash: async () => hashBoxToken(boxToken),
        retained: hub.store.retained,
        counters: hub.counters,
      });
      await broker.start(() => commit.promise);
      slow = await connectBox(`mqtt://127.0.0.1:${broker.port}`, eastBox, { password: boxToken });
      acknowledged = false;
      sent = slow.sendSighting(buildSighting()).then(() => {
        acknowledged = true;
      });
      sent.catch(() => {});
      await sleep(150);
    });

    afterEach(async () => {
      commit.resolve();
      await slow.close();
      await broker.stop();
    });

    test('PUBACK waits for as long as that takes', async () => {
      expect(acknowledged).toBe(false);
      commit.resolve();
      await sent;
    });

    test('what the hub rejects is never acknowledged', async () => {
      commit.reject(new Error('disk full'));
      await expect(sent).rejects.toThrow(/closed/);
    });

    test('a stop waits for what is in hand', async () => {
      let stopped = false;
      const stop = broker.stop().then(() => {
        stopped = true;
      });
      await sleep(100);
      expect(stopped).toBe(false);
      commit.resolve();
      await stop;
    });
  });

  test('a sighting is in the database before its PUBACK, and a receipt names it', async () => {
    const sighting = buildSighting();
    await box.sendSighting(sighting);
    expect(await hub.store.log.get(sighting.id, 'all')).toMatchObject({
      id: sighting.id,
      receivedAt: expect.any(String),
    });
    await vi.waitFor(() =>
      expect(box.receipts.at(-1)?.sightings).toEqual([{ id: sighting.id, revision: 1 }]),
    );
    expect(hub.announced.map(({ event }) => event.type)).toEqual(['alert', 'sighting']);
    expect(hub.lensToCommit.summary()).toEqual({ p50: 29_000, p95: 29_000, count: 1 });
  });

  test('evidence is on the disk before its PUBACK and is read back byte for byte', async () => {
    const jpeg = buildJpeg(50_000);
    const evidence = describeEvidence(jpeg);
    await box.sendEvidence(evidence.id, jpeg);
    await box.sendSighting(buildSighting({ evidence: [evidence] }));
    const kept = await hub.store.evidence.read(evidence.id, 'all');
    expect(Buffer.from(kept?.jpeg ?? []).equals(jpeg)).toBe(true);
    await vi.waitFor(() =>
      expect(box.receipts.some((receipt) => receipt.evidence.includes(evidence.id))).toBe(true),
    );
  });

  test('evidence that no sighting has named is not handed out', async () => {
    const jpeg = buildJpeg();
    const { id } = describeEvidence(jpeg);
    await box.sendEvidence(id, jpeg);
    expect(await hub.store.evidence.read(id, 'all')).toBeUndefined();
  });

  test('a restart keeps sightings, alerts, evidence and event ids', async () => {
    const jpeg = buildJpeg();
    const evidence = describeEvidence(jpeg);
    const sighting = buildSighting({ evidence: [evidence] });
    await box.sendEvidence(evidence.id, jpeg);
    await box.sendSighting(sighting);
    const lastId = await hub.store.events.lastId();
    await box.close();
    await hub.stop();

    hub = await runHub(folder.path);
    expect(await hub.store.log.get(sighting.id, 'all')).toMatchObject({ id: sighting.id });
    expect((await hub.store.alerts.list({ limit: 10 }, 'all')).items).toHaveLength(1);
    expect(await hub.store.evidence.read(evidence.id, 'all')).toBeDefined();
    expect(await hub.store.events.lastId()).toBeGreaterThanOrEqual(lastId);
  });
});

describe('what is refused for good', () => {
  const refusedCode = async (send: () => Promise<void>) => {
    await send();
    const { items } = await hub.store.deadLetters.list(undefined, 1);
    return items[0]?.code;
  };

  test('invalid JSON becomes a dead letter and is acknowledged', async () => {
    expect(await refusedCode(() => box.publish(boxTopic(eastBox, 'sightings'), '{"id":'))).toBe(
      'PAYLOAD_NOT_JSON',
    );
  });

  test('a sighting that misses a field is a dead letter whose receipt names it', async () => {
    const { gate: _, ...incomplete } = buildSighting();
    const send = () => box.publish(boxTopic(eastBox, 'sightings'), JSON.stringify(incomplete));
    expect(await refusedCode(send)).toBe('PAYLOAD_INVALID');
    const refused = { kind: 'sighting', id: incomplete.id, revision: 1, code: 'PAYLOAD_INVALID' };
    await vi.waitFor(() => expect(box.receipts.at(-1)?.refused).toEqual([refused]));
    expect((await hub.store.deadLetters.list(undefined, 1)).items[0].reason).toContain('gate');
  });

  test('another schema version is told apart', async () => {
    const newer = JSON.stringify({ ...buildSighting(), schema: 2 });
    expect(await refusedCode(() => box.publish(boxTopic(eastBox, 'sightings'), newer))).toBe(
      'SCHEMA_VERSION_UNKNOWN',
    );
  });

  test('a body that names another box is refused', async () => {
    const theirs = JSON.stringify(buildSighting({ box: 'west-box' }));
    expect(await refusedCode(() => box.publish(boxTopic(eastBox, 'sightings'), theirs))).toBe(
      'SENDER_MISMATCH',
    );
  });

  test('evidence that is no JPEG is refused by id', async () => {
    const id = randomUUID();
    expect(await refusedCode(() => box.sendEvidence(id, Buffer.from('<svg/>')))).toBe('EVIDENCE_NOT_JPEG');
    await vi.waitFor(() =>
      expect(box.receipts.at(-1)?.refused).toEqual([{ kind: 'evidence', id, code: 'EVIDENCE_NOT_JPEG' }]),
    );
  });

  test('evidence with other bytes than the sighting named is refused, whichever came first', async () => {
    const [first, second] = [describeEvidence(buildJpeg()), describeEvidence(buildJpeg())];
    await box.sendSighting(buildSighting({ evidence: [first] }));
    expect(await refusedCode(() => box.sendEvidence(first.id, buildJpeg()))).toBe('EVIDENCE_HASH_MISMATCH');
    expect(await hub.store.evidence.read(first.id, 'all')).toBeUndefined();

    await box.sendEvidence(second.id, buildJpeg());
    await box.sendSighting(buildSighting({ evidence: [second] }));
    expect(hub.counters.read()['refused.EVIDENCE_HASH_MISMATCH']).toBe(2);
    expect(await hub.store.evidence.read(second.id, 'all')).toBeUndefined();
  });

  test('a payload of 10 MB is cut off and counted, and the hub lives on', async () => {
    const sent = box.sendEvidence(randomUUID(), buildJpeg(10 * 1024 * 1024));
    await expect(sent).rejects.toThrow(/closed/);
    expect(hub.counters.read()['refused.PAYLOAD_TOO_LARGE']).toBe(1);
    await box.close();
    box = await connectBox(hub.url, eastBox, { password: boxToken });
    await box.sendSighting(buildSighting());
  });

  test('a payload of 5 MB is refused with a receipt, so that the box goes on', async () => {
    const id = randomUUID();
    expect(await refusedCode(() => box.sendEvidence(id, buildJpeg(5 * 1024 * 1024)))).toBe(
      'PAYLOAD_TOO_LARGE',
    );
    expect(box.mqtt.connected).toBe(true);
  });

  test('random bytes on every channel are acknowledged, kept as dead letters, and never end the hub', async () => {
    const channels = ['sightings', 'status', 'telemetry'] as const;
    const payload = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
    );
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...channels), payload, async (channel, bytes) => {
        await box.publish(boxTopic(eastBox, channel), bytes);
        sent += 1;
      }),
      { numRuns: 60 },
    );
    expect(await hub.store.deadLetters.count()).toBe(sent);
    await box.sendSighting(buildSighting());
  });

  test('bytes that are not MQTT end only their own connection', async () => {
    const socket = connect(Number(new URL(hub.url).port), '127.0.0.1');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => {});
    socket.write(randomBytes(4096));
    socket.end();
    await closed;
    await box.sendSighting(buildSighting());
  });
});

describe('the broker’s port', () => {
  const port = () => Number(new URL(hub.url).port);

  test('that is taken stops the start and names the port', async () => {
    const second = new EmbeddedBroker({
      ...embeddedBrokerDefaults,
      port: port(),
      tokenHash: async () => undefined,
      retained: hub.store.retained,
      counters: hub.counters,
    });
    await expect(second.start(async () => {})).rejects.toMatchObject({
      code: 'BROKER_PORT_TAKEN',
      message: expect.stringContaining(String(port())),
    });
    expect(second.connected).toBe(false);
  });

  test('is free again after a stop, though someone connected and never spoke', async () => {
    const silent = connect(port(), '127.0.0.1');
    await once(silent, 'connect');
    const closed = once(silent, 'close');
    silent.on('error', () => {});
    await hub.broker.stop();
    await closed;
  });
});

describe('what the hub tells boxes', () => {
  test('a box finds its policy waiting, and every later version', async () => {
    const policyTopic = boxTopic(eastBox, 'policy');
    const versions = () =>
      box.messages
        .filter(({ topic }) => topic === policyTopic)
        .map(({ payload }) => JSON.parse(`${payload}`).version);
    await vi.waitFor(() => expect(versions()).toEqual([0]));
    await hub.policies.change('demo', { homeProvince: '浙', strangerRetentionDays: 7 }, 'a manager');
    await vi.waitFor(() => expect(versions()).toEqual([0, 1]));
  });

  test('sealed templates reach the other boxes of the site, also after a restart of the hub', async () => {
    const topic = galleryTopic('demo', randomUUID());
    const sealed = randomBytes(600);
    await box.publish(topic, sealed, { retain: true });
    await box.close();
    await hub.stop();
    hub = await runHub(folder.path);

    box = await connectBox(hub.url, westBox, { password: boxToken });
    await box.mqtt.subscribeAsync(everyGalleryTopic('demo'), { qos: 1 });
    await vi.waitFor(() =>
      expect(box.messages.find((message) => message.topic === topic)?.payload.equals(sealed)).toBe(true),
    );
  });

  test('a forgotten template is gone after a restart', async () => {
    const topic = galleryTopic('demo', randomUUID());
    await box.publish(topic, randomBytes(10), { retain: true });
    await box.publish(topic, '', { retain: true });
    expect(await hub.store.retained.all()).toEqual([]);
  });
});

describe('when the disk is full', () => {
  test('nothing is acknowledged or receipted, it is counted, and the same message is taken when there is room', async () => {
    await box.sendSighting(buildSighting());
    hub.store.limitDatabaseBytes(hub.store.databaseBytes());
    const big = buildSighting({ plate: undefined, verdicts: {} });
    let refused: unknown;
    for (let sent = 0; sent < 200 && !refused; sent++) {
      refused = await box.sendSighting({ ...big, id: randomUUID() }).then(
        () => undefined,
        (error) => error,
      );
    }
    expect(refused).toBeInstanceOf(Error);
    expect(hub.counters.read()['ingest.STORAGE_FULL']).toBe(1);

    hub.store.limitDatabaseBytes(2 ** 40);
    await box.close();
    box = await connectBox(hub.url, eastBox, { password: boxToken });
    await box.sendSighting(big);
    expect(await hub.store.log.get(big.id, 'all')).toBeDefined();
  });
});
