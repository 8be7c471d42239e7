import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { boxTopic } from '../../../hub/contract/topics.ts';
import { buildJpeg, buildSighting, describeEvidence } from '../../builders/sighting.ts';
import { type BoxClient, connectBox } from './box-client.ts';
import { type Mosquitto, mosquittoPath, portOf, startMosquitto } from './mosquitto.ts';
import { eastBox, type RunningHub, runHub, temporaryFolder } from './run-hub.ts';

if (!mosquittoPath) console.warn('SKIPPED: mosquitto is not installed (apt install mosquitto)');

describe.skipIf(!mosquittoPath)('over a Mosquitto of its own', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let mosquitto: Mosquitto;
  let hub: RunningHub;
  let box: BoxClient;

  beforeEach(async () => {
    folder = await temporaryFolder();
    mosquitto = await startMosquitto(folder.path);
    hub = await runHub(folder.path, mosquitto.url);
    box = await connectBox(mosquitto.url, eastBox);
  });

  afterEach(async () => {
    await box.close();
    await hub.stop();
    await mosquitto.kill();
    await folder.remove();
  });

  const isCommitted = (id: string) =>
    vi.waitFor(async () => expect(await hub.store.log.get(id, 'all')).toBeDefined(), {
      timeout: 15_000,
      interval: 50,
    });

  test('evidence and sighting are committed and receipted', async () => {
    const jpeg = buildJpeg();
    const evidence = describeEvidence(jpeg);
    const sighting = buildSighting({ evidence: [evidence] });
    await box.sendEvidence(evidence.id, jpeg);
    await box.sendSighting(sighting);
    await vi.waitFor(() => {
      expect(box.receipts.flatMap((receipt) => receipt.evidence)).toEqual([evidence.id]);
      expect(box.receipts.flatMap((receipt) => receipt.sightings)).toEqual([
        { id: sighting.id, revision: 1 },
      ]);
    });
  });

  test('a box finds its policy retained', async () => {
    const policies = () => box.messages.filter(({ topic }) => topic === boxTopic(eastBox, 'policy'));
    await vi.waitFor(() => expect(policies()).not.toEqual([]));
  });

  test('a body from below another prefix than it names is a dead letter', async () => {
    await box.publish(
      boxTopic({ site: 'demo', box: 'forged' }, 'sightings'),
      JSON.stringify(buildSighting()),
    );
    await vi.waitFor(() => expect(hub.counters.read()['refused.SENDER_MISMATCH']).toBe(1));
  });

  test('what comes while the hub is away waits in the broker and is committed once', async () => {
    const sightings = Array.from({ length: 30 }, (_, at) => buildSighting({ gate: `gate-${at}` }));
    await hub.stop();
    for (const sighting of sightings) await box.sendSighting(sighting);
    hub = await runHub(folder.path, mosquitto.url);
    for (const { id } of sightings) await isCommitted(id);
    expect((await hub.store.alerts.list({ limit: 200 }, 'all')).items).toHaveLength(30);
  });

  test('what could not be committed is not acknowledged, and comes again by itself', async () => {
    hub.store.limitDatabaseBytes(1);
    const sightings = Array.from({ length: 40 }, () => buildSighting({ id: randomUUID() }));
    for (const sighting of sightings) await box.sendSighting(sighting);
    await vi.waitFor(() => expect(hub.counters.read()['ingest.STORAGE_FULL']).toBeGreaterThan(0));
    hub.store.limitDatabaseBytes(2 ** 40);
    for (const { id } of sightings) await isCommitted(id);
  });

  test('a hub that starts without its broker finds it when it comes', async () => {
    const port = portOf(mosquitto.url);
    await box.close();
    await hub.stop();
    await mosquitto.kill();
    hub = await runHub(folder.path, mosquitto.url);
    expect(hub.broker.connected).toBe(false);
    mosquitto = await startMosquitto(folder.path, port);
    box = await connectBox(mosquitto.url, eastBox);
    const sighting = buildSighting();
    await vi.waitFor(() => expect(hub.broker.connected).toBe(true), { timeout: 15_000 });
    await box.sendSighting(sighting);
    await isCommitted(sighting.id);
  });

  test('the hub comes back by itself when the broker was killed', async () => {
    const port = portOf(mosquitto.url);
    await mosquitto.kill();
    await vi.waitFor(() => expect(hub.broker.connected).toBe(false));
    mosquitto = await startMosquitto(folder.path, port);
    await vi.waitFor(() => expect(hub.broker.connected).toBe(true), { timeout: 15_000 });
    await box.close();
    box = await connectBox(mosquitto.url, eastBox);
    const sighting = buildSighting();
    await box.sendSighting(sighting);
    await isCommitted(sighting.id);
    await vi.waitFor(() => expect(box.receipts).not.toEqual([]));
  });
});
