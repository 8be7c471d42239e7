import { createPublicKey, verify } from 'node:crypto';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { subjectOf } from '../../../hub/alerts/alert.ts';
import { SnoozeDesk } from '../../../hub/alerts/snooze-desk.ts';
import type { ErasureCertificate } from '../../../hub/contract/api.ts';
import { ErasureDesk } from '../../../hub/erasure/erasure-desk.ts';
import { tombstonesOf } from '../../../hub/erasure/tombstones.ts';
import type { LoggedEvent } from '../../../hub/event-log.ts';
import { HoldDesk } from '../../../hub/keeping/hold-desk.ts';
import { openKeyRing } from '../../../hub/keys/key-file.ts';
import { openStore, type Store } from '../../../hub/store/open-store.ts';
import { filesBelow, filesWith, keep, vehicle } from '../../builders/kept.ts';
import { buildSighting, describeEvidence } from '../../builders/sighting.ts';
import { temporaryFolder } from '../../integration/hub/run-hub.ts';

const plate = '苏A12345';
const somebody = '0195500c-0000-4000-8000-00000000000a';
const another = '0195500c-0000-4000-8000-00000000000b';
const manager = { id: '0195500c-0000-7000-8000-000000000001', displayName: 'a manager' };
const start = Date.parse('2026-03-01T08:00:00.000Z');
const minute = (count: number) => new Date(start + count * 60_000).toISOString();

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;
let desk: ErasureDesk;
let now: number;
let told: { topic: string; entry: string }[];
let announced: LoggedEvent[];
const clock = { now: () => now };

beforeEach(async () => {
  folder = await temporaryFolder();
  now = start + 3_600_000;
  told = [];
  announced = [];
  await open();
});
afterEach(async () => {
  await store.close();
  await folder.remove();
});

async function open(): Promise<void> {
  const keys = openKeyRing(join(folder.path, 'hub.key'));
  store = await openStore({
    database: join(folder.path, 'hub.sqlite'),
    evidence: join(folder.path, 'evidence'),
    keys,
  });
  desk = new ErasureDesk({
    store: store.erasures,
    erasers: store.erasers,
    tombstones: tombstonesOf(folder.path, keys),
    keys,
    publish: async (topic, entry) => void told.push({ topic, entry: String(entry) }),
    announcer: { announce: (events) => void announced.push(...events) },
    clock,
  });
}

const forget = (subject: string) => desk.ask('demo', subject, 'asked for it', manager);
const removed = (certificate: ErasureCertificate) =>
  Object.fromEntries(certificate.removed.map(({ kind, count }) => [kind, count]));
const countsOf = async () => ({
  sightings: (await store.log.search({ limit: 200 }, 'all')).items.length,
  alerts: (await store.alerts.list({ limit: 200 }, 'all')).items.length,
});

describe('forgetting a person', () => {
  test('takes id, verdicts, flags and pictures from every sighting and alert, and leaves the passings', async () => {
    const [one, two] = [
      await keep(store, minute(0), { subject: somebody, direction: 'entry' }),
      await keep(store, minute(30), { subject: somebody, direction: 'exit' }),
    ];
    const other = await keep(store, minute(1), { subject: another });
    await store.alerts.change(one.alert ?? '', (alert) => ({
      ...alert,
      state: 'resolved',
      resolved: { ...manager, at: minute(2), disposition: 'other', note: 'wears a red coat' },
    }));
    const before = await countsOf();
    const certificate = await forget(somebody);

    expect(removed(certificate)).toEqual({ sightings: 2, pictures: 2, alerts: 2 });
    expect(certificate.pictures).toEqual([one, two].map(({ picture }) => picture.sha256).toSorted());
    expect(await countsOf()).toEqual(before);
    const passing = await store.log.get(one.sighting.id, 'all');
    expect(passing).toMatchObject({ direction: 'entry', occurredAt: minute(0), kind: 'person' });
    expect(passing).toMatchObject({ verdicts: {}, flags: [], evidence: [] });
    expect(await store.alerts.get(one.alert ?? '')).toMatchObject({
      state: 'resolved',
      resolved: { ...manager, at: minute(2), disposition: 'other' },
      evidence: [],
    });
    expect(
      await store.log.trajectory({ site: 'demo', subject: somebody }, { limit: 9 }, 'all'),
    ).toBeUndefined();
    expect(await store.evidence.read(other.picture.id, 'all')).toBeDefined();
    expect((await store.log.get(other.sighting.id, 'all'))?.subject).toBe(another);
  });

  test('leaves the id and the note in no byte of the database, and the pictures in no file', async () => {
    const { picture, alert } = await keep(store, minute(0), { subject: somebody });
    await store.alerts.change(alert ?? '', (found) => ({
      ...found,
      state: 'resolved',
      resolved: { ...manager, at: minute(2), disposition: 'other', note: 'wears a red coat' },
    }));
    await forget(somebody);
    expect(filesBelow(join(folder.path, 'evidence'))).toEqual([]);
    expect(await store.evidence.read(picture.id, 'all')).toBeUndefined();
    expect(filesWith(folder.path, Buffer.from('red coat'))).toEqual([]);
    expect(filesWith(folder.path, Buffer.from(picture.id))).toEqual([]);
  });

  test('takes every name of theirs, also one that a box tells later', async () => {
    await keep(store, minute(0), { subject: somebody });
    await keep(store, minute(20), { subject: another });
    const third = '0195500c-0000-4000-8000-00000000000c';
    await keep(store, minute(40), { subject: third });
    await store.erasures.merge('demo', another, somebody, minute(1));
    const certificate = await forget(another);
    expect(certificate.subjects.toSorted()).toEqual([somebody, another]);
    expect(removed(certificate)).toMatchObject({ sightings: 2 });
    expect(told.map(({ topic }) => topic.split('/').at(-1)).toSorted()).toEqual([somebody, another]);

    const { id } = certificate;
    await desk.takeReply(
      { site: 'demo', box: 'east-box' },
      { schema: 1, reply: 'forgotten', erasure: id, subject: third, at: minute(61), templates: 1 },
    );
    const later = await desk.certificate(id);
    expect(later.subjects).toContain(third);
    expect(removed(later)).toMatchObject({ sightings: 3 });
    expect(await store.log.trajectory({ site: 'demo', subject: third }, { limit: 9 }, 'all')).toBeUndefined();
  });

  test('tells open pages what is left, and a tablet that was away nothing else', async () => {
    const { alert, sighting } = await keep(store, minute(0), { subject: somebody });
    await forget(somebody);
    expect(announced.map(({ event }) => event)).toMatchObject([
      { type: 'sighting', sighting: { id: sighting.id, evidence: [] } },
      { type: 'alert', alert: { id: alert, evidence: [] } },
    ]);
    expect(JSON.stringify(await store.events.after(0, 100))).not.toContain(somebody);
  });

  test('empties the dead letters that name them', async () => {
    const letter = {
      receivedAt: minute(0),
      topic: 't',
      code: 'PAYLOAD_INVALID' as const,
      reason: 'r',
      bytes: 9,
    };
    for (const text of [`{"subject":"${somebody}"}`, '{"subject":"x"}'])
      await store.deadLetters.add({ ...letter, excerpt: Buffer.from(text) });
    expect(removed(await forget(somebody))).toEqual({ dead_letters: 1 });
    expect(filesWith(folder.path, Buffer.from(`"${somebody}"}`))).toEqual([]);
    const rows = await store.database.selectFrom('dead_letter').select('excerpt').execute();
    expect(rows.map(({ excerpt }) => excerpt.length)).toEqual([0, 15]);
  });
});

describe('forgetting a plate', () => {
  test('takes the snoozes of it, also those that are over, and of nobody else', async () => {
    const snoozes = new SnoozeDesk('demo', store.snoozes, clock);
    const until = minute(120);
    for (const subject of [plate, '苏B00001'])
      await snoozes.add({ subject, until, reason: 'delivery' }, manager, 24);
    await snoozes.end(snoozes.current()[1].id, manager);
    expect(removed(await forget(plate))).toEqual({ snoozes: 1 });
    expect(filesWith(folder.path, Buffer.from(plate))).toEqual([]);
    await snoozes.load();
    expect(snoozes.current()).toMatchObject([{ subject: '苏B00001' }]);
  });

  test('takes it from sightings, alerts and events, and keeps it nowhere, not even in the certificate', async () => {
    for (const at of [0, 30]) await keep(store, minute(at), vehicle(plate));
    const other = await keep(store, minute(1), vehicle('苏B00001'));
    const certificate = await forget(plate);
    expect(removed(certificate)).toEqual({ sightings: 2, pictures: 2, alerts: 2 });
    expect(certificate.subject).toMatch(/^plate:[0-9a-f]{32}$/);
    expect(certificate.covers).not.toContain('face_templates');
    expect(certificate.stays).toContain('sent_outside');
    expect([certificate.boxes, told]).toEqual([[], []]);
    expect(filesWith(folder.path, Buffer.from(plate))).toEqual([]);
    expect(filesWith(folder.path, Buffer.from('苏B00001'))).not.toEqual([]);
    expect((await store.log.get(other.sighting.id, 'all'))?.plate?.text).toBe('苏B00001');
    expect((await desk.ofSubject('demo', plate))?.id).toBe(certificate.id);
  });

  test('takes what is here already, also of a box whose clock is ahead', async () => {
    await keep(store, minute(0), { ...vehicle(plate), occurredAt: minute(600) });
    expect(removed(await forget(plate))).toMatchObject({ sightings: 1, pictures: 1 });
    expect(filesWith(folder.path, Buffer.from(plate))).toEqual([]);
  });

  test('lets it come again afterwards, and forgets that too when asked again: one erasure, reaching further', async () => {
    await keep(store, minute(0), vehicle(plate));
    const first = await forget(plate);
    const back = await keep(store, minute(70), vehicle(plate));
    await desk.carryOutAll();
    expect((await store.log.get(back.sighting.id, 'all'))?.plate?.text).toBe(plate);
    now += 3_600_000;
    const again = await forget(plate);
    expect(again.id).toBe(first.id);
    expect(again.until > first.until).toBe(true);
    expect(removed(again)).toMatchObject({ sightings: 2 });
    expect((await store.log.get(back.sighting.id, 'all'))?.plate).toBeUndefined();
  });
});

describe('a picture that another sighting names too', () => {
  test('stays for that one, and goes with it', async () => {
    const { picture } = await keep(store, minute(0), { subject: somebody });
    const shared = describeEvidence(Buffer.alloc(0), picture);
    const group = buildSighting({
      id: '0195500c-0000-7000-8000-0000000000ff',
      subject: another,
      evidence: [shared],
    });
    await store.sightings.commit(group, another, minute(1), () => ({ changed: [], notices: [] }));
    const certificate = await forget(somebody);
    expect(removed(certificate).pictures).toBeUndefined();
    expect(await store.evidence.read(picture.id, 'all')).toBeDefined();
    expect(removed(await forget(another)).pictures).toBe(1);
    expect(filesBelow(join(folder.path, 'evidence'))).toEqual([]);
  });
});

describe('what comes late', () => {
  const arrive = async (sighting: ReturnType<typeof buildSighting>) => {
    const admitted = await desk.admit(sighting);
    await store.sightings.commit(admitted.sighting, subjectOf(admitted.sighting), minute(90), () => ({
      changed: [],
      notices: [],
    }));
    return admitted;
  };

  test('of before the erasure is nobody’s from the beginning, its pictures are named for removal', async () => {
    await keep(store, minute(0), { subject: somebody });
    await forget(somebody);
    await forget(plate);
    const evidence = [describeEvidence(Buffer.from('x'))];
    for (const change of [{ subject: somebody }, vehicle(plate)]) {
      const late = buildSighting({ occurredAt: minute(59), evidence, ...change });
      const { sighting, forgottenPictures } = await arrive(late);
      expect([subjectOf(sighting), sighting.verdicts, sighting.evidence]).toEqual([undefined, {}, []]);
      expect(forgottenPictures).toEqual([evidence[0].id]);
    }
  });

  test('of a person whose box has not heard yet loses the id alone; of a plate that came again nothing', async () => {
    await keep(store, minute(0), { subject: somebody });
    await forget(somebody);
    await forget(plate);
    const evidence = [describeEvidence(Buffer.from('x'))];
    const familiarity = { verdict: 'seen_before' as const, confidence: 0.9, votes: 3 };
    const seen = buildSighting({ occurredAt: minute(61), subject: somebody, evidence });
    const person = await desk.admit({ ...seen, verdicts: { ...seen.verdicts, familiarity } });
    expect(person).toEqual({ sighting: { ...seen, subject: undefined }, forgottenPictures: [] });
    const car = buildSighting({ occurredAt: minute(61), ...vehicle(plate) });
    expect((await desk.admit(car)).sighting).toBe(car);
  });

  test('and slipped through is found by the next round', async () => {
    const certificate = await forget(plate);
    await keep(store, minute(59), vehicle(plate));
    await desk.carryOutAll();
    expect(removed(await desk.certificate(certificate.id))).toMatchObject({ sightings: 1, pictures: 1 });
    expect(filesWith(folder.path, Buffer.from(plate))).toEqual([]);
  });
});

describe('a hold', () => {
  test('keeps its incident from erasure, the certificate says so, and the rest goes; lifted, it goes too', async () => {
    const held = await keep(store, minute(0), { subject: somebody });
    const free = await keep(store, minute(30), { subject: somebody });
    const holds = new HoldDesk(store.holds, clock);
    const about = { kind: 'alert' as const, id: held.alert ?? '' };
    const hold = await holds.place('demo', { about, reason: 'a claim' }, manager);
    const certificate = await forget(somebody);
    expect(certificate).toMatchObject({ held: { sightings: 1, alerts: 1, pictures: 1 }, isComplete: false });
    expect(removed(certificate)).toEqual({ sightings: 1, pictures: 1, alerts: 1 });
    expect(await store.evidence.read(held.picture.id, 'all')).toBeDefined();
    expect((await store.log.get(free.sighting.id, 'all'))?.subject).toBeUndefined();

    await holds.lift(hold.id, 'settled', manager);
    await desk.carryOutAll();
    const after = await desk.certificate(certificate.id);
    expect(after).toMatchObject({ isComplete: true });
    expect(after.held).toBeUndefined();
    expect(removed(after)).toEqual({ sightings: 2, pictures: 2, alerts: 2 });
  });
});

describe('the certificate', () => {
  test('is the same until something happens, signed, and not ours once a word of it was changed', async () => {
    await keep(store, minute(0), { subject: somebody });
    const certificate = await forget(somebody);
    now += 3_600_000;
    await desk.carryOutAll();
    expect(await desk.certificate(certificate.id)).toEqual(certificate);
    expect(desk.isOurs(certificate)).toBe(true);
    const reordered = Object.fromEntries(Object.entries(certificate).reverse()) as ErasureCertificate;
    expect(desk.isOurs(reordered)).toBe(true);
    for (const change of [
      { reason: 'another' },
      { pictures: [] },
      { isComplete: !certificate.isComplete },
      { sha256: '0'.repeat(64) },
      { signature: Buffer.alloc(64).toString('base64') },
    ])
      expect(desk.isOurs({ ...certificate, ...change })).toBe(false);
  });

  test('can be checked without the hub, with its public key', async () => {
    const { sha256: _, publicKey, signature, ...said } = await forget(plate);
    const sorted = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(sorted)
        : value !== null && typeof value === 'object'
          ? Object.fromEntries(
              Object.entries(value)
                .toSorted()
                .map(([key, field]) => [key, sorted(field)]),
            )
          : value;
    const key = createPublicKey({
      format: 'jwk',
      key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey, 'base64').toString('base64url') },
    });
    const text = Buffer.from(JSON.stringify(sorted(said)));
    expect(verify(null, text, key, Buffer.from(signature, 'base64'))).toBe(true);
  });
});

describe('a database from before an erasure', () => {
  test('forgets again before anything else happens, from the list beside it', async () => {
    const person = await keep(store, minute(0), { subject: somebody });
    await keep(store, minute(0), vehicle(plate));
    await store.close();
    onTestFinished(() => rmSync(`${folder.path}-before`, { recursive: true }));
    cpSync(folder.path, `${folder.path}-before`, { recursive: true });
    await open();
    const certificates = [await forget(somebody), await forget(plate)];
    await store.close();

    for (const name of ['hub.sqlite', 'evidence'])
      cpSync(join(`${folder.path}-before`, name), join(folder.path, name), { recursive: true });
    await open();
    expect(await store.evidence.read(person.picture.id, 'all')).toBeDefined();
    expect(await desk.reconcile()).toBe(2);
    await desk.carryOutAll();
    expect(filesBelow(join(folder.path, 'evidence'))).toEqual([]);
    expect(filesWith(folder.path, Buffer.from(plate))).toEqual([]);
    expect(
      await store.log.trajectory({ site: 'demo', subject: somebody }, { limit: 9 }, 'all'),
    ).toBeUndefined();
    for (const { id, pictures } of certificates)
      expect((await desk.certificate(id)).pictures).toEqual(pictures);
    expect(await desk.reconcile()).toBe(0);
  });

  test('an erasure of a hub without the list is put on it', async () => {
    await forget(somebody);
    const list = join(folder.path, 'erasures.tombstones');
    writeFileSync(list, '');
    expect(await desk.reconcile()).toBe(0);
    expect(readFileSync(list, 'utf8')).toContain(somebody);
  });

  test('a line that a crash cut short is passed over, one that was changed stops', async () => {
    await forget(somebody);
    const list = join(folder.path, 'erasures.tombstones');
    const text = readFileSync(list, 'utf8');
    writeFileSync(list, text + text.slice(1, 50));
    expect(await desk.reconcile()).toBe(0);
    await forget(another);
    expect(await tombstonesOf(folder.path, openKeyRing(join(folder.path, 'hub.key'))).read()).toHaveLength(2);
    writeFileSync(list, text.replace(somebody, another));
    await expect(desk.reconcile()).rejects.toMatchObject({ code: 'TOMBSTONES_UNREADABLE' });
  });
});
