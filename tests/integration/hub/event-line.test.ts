import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../../hub/contract/ids.ts';
import type { Sighting } from '../../../hub/contract/sighting.ts';
import { boxTopic } from '../../../hub/contract/topics.ts';
import { buildJpeg, buildSighting, describeEvidence } from '../../builders/sighting.ts';
import { eastBox, type RunningHub, runHub, temporaryFolder } from './run-hub.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let hub: RunningHub;

beforeEach(async () => {
  folder = await temporaryFolder();
  hub = await runHub(folder.path);
});

afterEach(async () => {
  await hub.stop();
  await folder.remove();
});

const send = (sighting: Sighting) =>
  hub.line.receive({
    topic: boxTopic(eastBox, 'sightings'),
    payload: Buffer.from(JSON.stringify(sighting)),
    sender: eastBox,
  });
const sendEvidence = (id: string, jpeg: Buffer) =>
  hub.line.receive({ topic: boxTopic(eastBox, 'evidence', id), payload: jpeg, sender: eastBox });
const allAlerts = async () => (await hub.store.alerts.list({ limit: 200 }, 'all')).items;
const guard = { id: randomUUID(), displayName: '王师傅' };

/** A car without an alert yet: flagged by its plate. */
function buildCar(text: string, change: Partial<Sighting> = {}): Sighting {
  return buildSighting({
    id: newId(Date.parse('2026-03-01T08:00:00.000Z')),
    kind: 'vehicle',
    plate: { text, class: 'small_car', confidence: 0.9, characters: [], votes: 5 },
    verdicts: { province: { verdict: 'out_of_province', code: '浙', confidence: 0.9, votes: 5 } },
    flags: ['out_of_province'],
    ...change,
  });
}

describe('once and only once', () => {
  test('any order and any number of copies of messages leave the newest revision, one row and one alert', async () => {
    const scenario = fc
      .record({ sightings: fc.integer({ min: 1, max: 4 }), revisions: fc.integer({ min: 1, max: 4 }) })
      .map(({ sightings, revisions }) =>
        Array.from({ length: sightings }, () => {
          const id = newId(Date.parse('2026-03-01T08:00:00.000Z'));
          // Gates of their own: many alike at one gate would be a storm, which is one alert.
          const gate = `gate-${id.slice(-12)}`;
          return Array.from({ length: revisions }, (_, at) => buildSighting({ id, gate, revision: at + 1 }));
        }).flat(),
      )
      .chain((messages) =>
        fc.tuple(
          fc.constant(messages),
          fc.shuffledSubarray([...messages, ...messages, ...messages], { minLength: messages.length * 3 }),
        ),
      );
    await fc.assert(
      fc.asyncProperty(scenario, async ([messages, delivered]) => {
        const before = (await allAlerts()).length;
        await Promise.all(delivered.map(send));
        const announced = hub.announced.map((event) => event.id);
        expect(announced).toEqual([...announced].sort((a, b) => a - b));
        const ids = new Set(messages.map(({ id }) => id));
        for (const id of ids) {
          const newest = Math.max(
            ...messages.filter((message) => message.id === id).map(({ revision }) => revision),
          );
          expect((await hub.store.log.get(id, 'all'))?.revision).toBe(newest);
        }
        expect((await allAlerts()).length - before).toBe(ids.size);
      }),
      { numRuns: 15 },
    );
  });

  test('a copy changes nothing and announces nothing', async () => {
    const sighting = buildSighting();
    await send(sighting);
    const announced = hub.announced.length;
    await send(sighting);
    expect(hub.announced).toHaveLength(announced);
    expect(hub.counters.read()['ingest.sightings.duplicate']).toBe(1);
  });

  test('revision 1 after revision 2 is acknowledged and leaves revision 2', async () => {
    const first = buildSighting();
    await send({ ...first, revision: 2, direction: 'exit' });
    await send(first);
    expect(await hub.store.log.get(first.id, 'all')).toMatchObject({ revision: 2, direction: 'exit' });
    expect(hub.counters.read()['ingest.sightings.stale']).toBe(1);
  });

  test('the same id from another camera is a conflict, kept as a dead letter', async () => {
    const sighting = buildSighting();
    await send(sighting);
    await send({ ...sighting, revision: 2, camera: 'other-lane' });
    expect((await hub.store.deadLetters.list(undefined, 1)).items[0].code).toBe('REVISION_CONFLICT');
    expect(await hub.store.log.get(sighting.id, 'all')).toMatchObject({ revision: 1, camera: 'east-lane' });
  });

  test('evidence may come before or after the sighting that names it', async () => {
    const [early, late] = [buildJpeg(), buildJpeg()];
    const evidence = [describeEvidence(early), describeEvidence(late)];
    await sendEvidence(evidence[0].id, early);
    await send(buildSighting({ evidence }));
    await sendEvidence(evidence[1].id, late);
    for (const { id } of evidence) expect(await hub.store.evidence.read(id, 'all')).toMatchObject({ id });
  });

  test('event ids rise with every commit and are replayed as they were announced', async () => {
    await send(buildSighting());
    await send(buildSighting());
    const ids = hub.announced.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(await hub.store.events.after(ids[0], 100)).toEqual({
      kind: 'events',
      events: hub.announced.slice(1),
      more: false,
    });
  });

  test('a client whose id this database never gave must load afresh', async () => {
    expect(await hub.store.events.after(99, 10)).toEqual({ kind: 'reset', lastId: 0 });
  });
});

describe('alerts follow sightings', () => {
  test('a flag raised by a later revision opens the alert', async () => {
    const sighting = buildSighting({ flags: [] });
    await send(sighting);
    expect(await allAlerts()).toEqual([]);
    await send({ ...sighting, revision: 2, flags: ['mask_not_worn'] });
    expect(await allAlerts()).toMatchObject([{ state: 'open', sighting: sighting.id }]);
  });

  test('a correction without flags withdraws an open alert', async () => {
    const sighting = buildSighting();
    await send(sighting);
    await send({ ...sighting, revision: 2, flags: [] });
    expect(await allAlerts()).toMatchObject([{ state: 'withdrawn', withdrawnReason: 'corrected_by_box' }]);
  });

  test('the same plate at the same gate within the cooldown is folded in and counted once', async () => {
    await send(buildCar('浙A12345'));
    const again = buildCar('浙A12345', { decidedAt: '2026-03-01T08:05:00.000Z' });
    await send(again);
    await send({ ...again, revision: 2, phase: 'closed' });
    expect(await allAlerts()).toMatchObject([{ repeats: 1 }]);
    expect((await hub.store.log.get(again.id, 'all'))?.alert).toBe((await allAlerts())[0].id);
  });

  test('after the cooldown, at another gate, or with another flag it rings again', async () => {
    await send(buildCar('浙A12345'));
    await send(buildCar('浙A12345', { decidedAt: '2026-03-01T08:20:00.000Z' }));
    await send(buildCar('浙A12345', { gate: 'west-gate' }));
    await send(buildCar('浙A12345', { flags: ['watched_province'] }));
    expect(await allAlerts()).toHaveLength(4);
  });

  test('a folded sighting whose plate is read better rings for itself', async () => {
    await send(buildCar('浙A12345'));
    const misread = buildCar('浙A12345');
    await send(misread);
    await send({ ...buildCar('浙A12346'), id: misread.id, revision: 2 });
    const alerts = await allAlerts();
    expect(alerts.map(({ subject, repeats }) => [subject, repeats]).sort()).toEqual([
      ['浙A12345', 0],
      ['浙A12346', 0],
    ]);
  });

  test('what arrives long after it happened is logged as expired and never rings', async () => {
    hub.clock.at = Date.parse('2026-03-02T08:00:00.000Z');
    await send(buildSighting());
    expect(await allAlerts()).toMatchObject([{ state: 'expired' }]);
  });

  test('an alert goes to the managers, and to those on duty once someone is at that gate', async () => {
    await send(buildSighting());
    await hub.duty.clockIn(guard, 'west-gate');
    await send(buildSighting());
    await hub.duty.clockIn(guard, 'east-gate');
    await send(buildSighting());
    expect((await allAlerts()).map(({ audience }) => audience).sort()).toEqual([
      'managers',
      'managers',
      'on_duty',
    ]);
  });
});

describe('guards deal with alerts', () => {
  const openOne = async () => {
    await send(buildSighting());
    return (await allAlerts())[0].id;
  };

  test('of two guards at once, one acknowledges and the other is told who', async () => {
    const id = await openOne();
    const other = { id: randomUUID(), displayName: '李师傅' };
    const outcomes = await Promise.allSettled([
      hub.alerts.acknowledge(id, guard),
      hub.alerts.acknowledge(id, other),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const { acknowledged } = await hub.alerts.get(id, 'all');
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(refused?.reason).toMatchObject({ code: 'ALERT_ALREADY_ACKNOWLEDGED', details: { acknowledged } });
  });

  test('acknowledge and resolve are saved, logged and announced', async () => {
    const id = await openOne();
    await hub.alerts.acknowledge(id, guard);
    await hub.alerts.resolve(id, guard, { disposition: 'mask_handed_out' });
    expect(await hub.alerts.get(id, 'all')).toMatchObject({
      state: 'resolved',
      resolved: { displayName: '王师傅', disposition: 'mask_handed_out' },
    });
    expect(hub.announced.at(-1)?.event).toMatchObject({ type: 'alert', alert: { id, state: 'resolved' } });
  });

  test('an alert nobody touched expires, one that was acknowledged does not', async () => {
    const [touched] = [await openOne()];
    await hub.alerts.acknowledge(touched, guard);
    await send(buildSighting());
    hub.clock.at += 31 * 60_000;
    expect(await hub.alerts.expireUntouched()).toBe(1);
    expect((await allAlerts()).map(({ state }) => state).sort()).toEqual(['acknowledged', 'expired']);
  });

  test('an unknown alert is refused', async () => {
    await expect(hub.alerts.acknowledge(randomUUID(), guard)).rejects.toMatchObject({
      code: 'ALERT_UNKNOWN',
    });
  });

  test('alerts page by cursor, newest first, without a gap when new ones open in between', async () => {
    for (let at = 0; at < 5; at++) {
      hub.clock.at += 1000;
      await send(buildSighting());
    }
    const first = await hub.store.alerts.list({ limit: 2 }, 'all');
    await send(buildSighting());
    const rest = await hub.store.alerts.list({ limit: 10, cursor: first.nextCursor }, 'all');
    const opened = [...first.items, ...rest.items].map(({ openedAt }) => openedAt);
    expect(opened).toEqual([...opened].sort().reverse());
    expect(new Set([...first.items, ...rest.items].map(({ id }) => id)).size).toBe(5);
  });
});

test('a sighting of before an erasure that a box sends late raises nothing, and its picture leaves the disk', async () => {
  const plate = '苏A12345';
  await hub.erasures.ask('demo', plate, 'asked for it', guard);
  const jpeg = buildJpeg();
  const picture = describeEvidence(jpeg);
  await sendEvidence(picture.id, jpeg);
  expect((await hub.store.evidence.use()).pictures).toBe(1);
  const late = buildCar(plate, { evidence: [picture] });
  await send(late);
  expect(await hub.store.log.get(late.id, 'all')).toMatchObject({
    direction: late.direction,
    flags: [],
    evidence: [],
  });
  expect(await allAlerts()).toEqual([]);
  expect((await hub.store.evidence.use()).pictures).toBe(0);
  expect(JSON.stringify(hub.announced)).not.toContain(plate);
  expect(hub.counters.read()).toMatchObject({ 'ingest.sightings.forgotten': 1 });
});

describe('boxes', () => {
  const telemetry = {
    schema: 1,
    at: '2026-03-01T08:00:20.000Z',
    bootId: randomUUID(),
    uptimeSeconds: 10,
    cameras: [
      {
        camera: 'east-lane',
        gate: 'east-gate',
        state: 'running',
        framesPerSecond: 5,
        width: 1920,
        height: 1080,
        perceiveMs: { p50: 80, p95: 120, count: 50 },
      },
    ],
    outbox: { sightings: 0, evidence: 0, bytes: 0, refused: 0 },
    drops: {},
    processor: { percent: 20, cores: 2 },
    memoryBytes: 1e8,
    diskFreeBytes: 1e9,
  };
  const say = (channel: 'status' | 'telemetry', message: unknown) =>
    hub.line.receive({
      topic: boxTopic(eastBox, channel),
      payload: Buffer.from(JSON.stringify(message)),
      sender: eastBox,
    });

  test('telemetry shows the box, its gate and how far its clock is off', async () => {
    await say('telemetry', telemetry);
    const health = (await hub.store.boxes.list()).find(({ box }) => box === 'east-box');
    expect(health).toMatchObject({ clockSkewSeconds: -10, telemetry: { uptimeSeconds: 10 } });
    expect(await hub.store.boxes.gates('demo')).toEqual(['east-gate']);
    expect(hub.announced.at(-1)?.event.type).toBe('box');
  });

  test('the log keeps one event for a box, however often it reports', async () => {
    for (let at = 0; at < 5; at++) await say('telemetry', telemetry);
    expect(await hub.store.events.after(0, 100)).toMatchObject({ events: [{ id: 5 }], more: false });
  });

  test('an embedded broker starts with every box offline', async () => {
    await say('status', { schema: 1, online: true, version: '1', bootId: randomUUID(), since: telemetry.at });
    await hub.store.boxes.markAllOffline();
    const health = (await hub.store.boxes.list()).find(({ box }) => box === 'east-box');
    expect(health?.status?.online).toBe(false);
  });
});
