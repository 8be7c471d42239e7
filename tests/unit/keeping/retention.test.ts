import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RetentionSettings } from '../../../hub/contract/keeping.ts';
import { Counters } from '../../../hub/counters.ts';
import { HoldDesk } from '../../../hub/keeping/hold-desk.ts';
import { RetentionDesk } from '../../../hub/keeping/retention-desk.ts';
import {
  checkRetention,
  cutoff,
  defaultRetention,
  retentionFor,
} from '../../../hub/keeping/retention-rules.ts';
import { openStore, type Store } from '../../../hub/store/open-store.ts';
import { SqlAuditTrail } from '../../../hub/store/sql-audit-trail.ts';
import { filesBelow, keep, vehicle } from '../../builders/kept.ts';
import { buildJpeg, describeEvidence } from '../../builders/sighting.ts';
import { temporaryFolder } from '../../integration/hub/run-hub.ts';

const today = Date.parse('2026-06-30T12:00:00.000Z');
const daysAgo = (days: number) => new Date(today - days * 86_400_000).toISOString();
const manager = { id: '0195500c-0000-7000-8000-000000000001', displayName: 'a manager' };
const person = { subject: '0195500c-0000-4000-8000-00000000000a' };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;
let counters: Counters;
let now: number;
let holds: HoldDesk;
let desk: RetentionDesk;

beforeEach(async () => {
  folder = await temporaryFolder();
  store = await openStore({
    database: join(folder.path, 'hub.sqlite'),
    evidence: join(folder.path, 'evidence'),
  });
  counters = new Counters();
  now = today;
  const clock = { now: () => now };
  holds = new HoldDesk(store.holds, clock);
  desk = new RetentionDesk({ store: store.retention, evidence: store.evidence, holds, counters, clock });
});
afterEach(async () => {
  await store.close();
  await folder.remove();
});

const pictures = () => filesBelow(join(folder.path, 'evidence')).length;
const set = (change: Partial<RetentionSettings>) =>
  desk.change('demo', { ...defaultRetention, ...change }, manager.id);
const logged = async () => (await store.log.search({ limit: 200 }, 'all')).items.map(({ id }) => id);

describe('the settings', () => {
  test('never let a picture or a person’s id outlive its sighting', () => {
    expect(checkRetention(defaultRetention)).toBe(defaultRetention);
    for (const field of ['evidenceDays', 'personDays'] as const)
      expect(() => checkRetention({ ...defaultRetention, [field]: 91 })).toThrow(
        expect.objectContaining({ code: 'RETENTION_INVALID', details: { field, atMost: 90 } }),
      );
  });

  test('leave a fifth of the free disk at the first start, and stay afterwards', async () => {
    expect(retentionFor(10e9).evidenceMaxBytes).toBe(8e9);
    expect(retentionFor(900e9).evidenceMaxBytes).toBe(20e9);
    await desk.begin('demo', 10e9);
    await desk.begin('demo', 900e9);
    expect(await desk.settings('demo')).toMatchObject({ version: 1, settings: { evidenceMaxBytes: 8e9 } });
  });

  test('count in whole days before now', () => {
    expect(cutoff('pictures', defaultRetention, today)).toBe(daysAgo(30));
    expect(cutoff('unnamed_pictures', defaultRetention, today)).toBe(daysAgo(7));
    expect(cutoff('unnamed_pictures', { ...defaultRetention, evidenceDays: 3 }, today)).toBe(daysAgo(3));
  });

  test('are not overwritten by somebody who has not seen the newest', async () => {
    await set({});
    await expect(desk.change('demo', defaultRetention, manager.id, 0)).rejects.toMatchObject({
      code: 'RETENTION_CONFLICT',
    });
    expect(await desk.change('demo', defaultRetention, manager.id, 1)).toBe(2);
  });
});

describe('a run', () => {
  test('removes each kind when its days are over, files included, and not a day before', async () => {
    const young = await keep(store, daysAgo(29), person);
    const month = await keep(store, daysAgo(31), person);
    const car = await keep(store, daysAgo(31), vehicle('苏A12345'));
    const old = await keep(store, daysAgo(91), vehicle('苏A12345'));
    await desk.enforce('demo');

    expect(await store.evidence.read(young.picture.id, 'all')).toBeDefined();
    for (const { picture } of [month, car, old])
      expect(await store.evidence.read(picture.id, 'all')).toBeUndefined();
    expect(pictures()).toBe(1);
    expect((await logged()).toSorted()).toEqual(
      [young, month, car].map(({ sighting }) => sighting.id).toSorted(),
    );
    expect(
      (await store.log.trajectory({ site: 'demo', subject: person.subject }, { limit: 9 }, 'all'))?.items,
    ).toHaveLength(1);
    expect((await store.log.get(month.sighting.id, 'all'))?.subject).toBeUndefined();
    expect((await store.alerts.get(month.alert ?? ''))?.subject).toBeUndefined();
    expect((await store.log.get(month.sighting.id, 'all'))?.verdicts.mask).toBeDefined();
    expect((await store.log.get(car.sighting.id, 'all'))?.plate?.text).toBe('苏A12345');
    expect(await store.alerts.get(old.alert ?? '')).toBeUndefined();
    expect(await store.alerts.get(car.alert ?? '')).toBeDefined();
  });

  test('leaves nothing of it for a tablet that was away', async () => {
    await keep(store, daysAgo(91), vehicle('苏A12345'));
    await keep(store, daysAgo(31), person);
    await desk.enforce('demo');
    const replay = JSON.stringify(await store.events.after(0, 1000));
    expect(replay).not.toContain('苏A12345');
    expect(replay).not.toContain(person.subject);
  });

  test('goes on over many batches, and says what went: how many, from when to when', async () => {
    for (let index = 0; index < 130; index++) await keep(store, daysAgo(200 - index / 1000), { flags: [] });
    await desk.enforce('demo');
    expect(await logged()).toEqual([]);
    const { runs } = await desk.report('demo');
    expect(runs).toEqual([
      {
        id: 1,
        at: daysAgo(0),
        tookMs: 0,
        removed: [
          { kind: 'pictures', count: 130, oldest: daysAgo(200), newest: daysAgo(199.871), held: 0 },
          { kind: 'sightings', count: 130, oldest: daysAgo(200), newest: daysAgo(199.871), held: 0 },
        ],
      },
    ]);
    expect(counters.read()).toMatchObject({ 'retention.pictures': 130, 'retention.sightings': 130 });
  });

  test('goes by the clock of the hub: what a box with a wrong one sends today is kept', async () => {
    const { sighting } = await keep(store, daysAgo(1), { occurredAt: '2000-01-01T00:00:00.000Z', ...person });
    await desk.enforce('demo');
    expect((await store.log.get(sighting.id, 'all'))?.subject).toBe(person.subject);
  });

  test('that finds nothing writes nothing', async () => {
    await keep(store, daysAgo(1));
    await desk.enforce('demo');
    expect((await desk.report('demo')).runs).toEqual([]);
  });

  test('removes a picture that no sighting ever named, after a week', async () => {
    for (const days of [6, 8]) {
      const jpeg = buildJpeg();
      const from = { site: 'demo', box: 'east-box' };
      await store.evidence.keep({
        id: describeEvidence(jpeg).id,
        from,
        jpeg,
        receivedAt: daysAgo(days),
      });
    }
    await desk.enforce('demo');
    expect(pictures()).toBe(1);
  });

  describe('of the audit trail', () => {
    const trail = () => new SqlAuditTrail(store.database);
    const look = (days: number) =>
      trail().record({
        at: daysAgo(days),
        action: 'trajectory_viewed',
        target: '苏A12345',
        address: '::1',
      });
    const kept = async () => (await trail().page({ limit: 200 })).items.map(({ id }) => id);

    test('takes what is older than three years, and the rest is still proven', async () => {
      for (let entry = 0; entry < 110; entry++) await look(1200 - entry);
      const noted = await trail().head();
      for (let entry = 110; entry < 120; entry++) await look(1200 - entry);
      await look(3);
      expect((await desk.report('demo')).due).toContainEqual({
        kind: 'audit',
        count: 104,
        held: 0,
        oldest: daysAgo(1200),
        newest: daysAgo(1097),
      });
      await desk.enforce('demo');
      expect((await kept()).toReversed()[0]).toBe(105);
      expect(await trail().prove(noted)).toMatchObject({ intact: true, entries: 17 });
      expect((await desk.report('demo')).runs[0].removed).toMatchObject([{ kind: 'audit', count: 104 }]);

      await look(2);
      now += 400 * 86_400_000;
      await desk.enforce('demo');
      expect(await trail().prove()).toMatchObject({ intact: true, entries: 2 });
      await expect(trail().prove(noted)).rejects.toThrow(
        expect.objectContaining({ code: 'AUDIT_PLACE_RETIRED' }),
      );
    });

    test('goes on with the numbers when nothing is left', async () => {
      await look(1200);
      await desk.enforce('demo');
      expect(await kept()).toEqual([]);
      await look(0);
      expect(await kept()).toEqual([2]);
      expect(await trail().prove()).toMatchObject({ intact: true, entries: 1 });
    });

    test('takes nothing of a trail that somebody has changed, but the rest goes', async () => {
      await keep(store, daysAgo(91), vehicle('苏A12345'));
      for (const days of [1200, 1199]) await look(days);
      const file = new Database(join(folder.path, 'hub.sqlite'));
      file.exec('drop trigger audit_never_changes');
      file.exec(`update audit set target = '苏B00000' where id = 2`);
      file.close();
      await desk.enforce('demo');
      expect(await kept()).toEqual([2, 1]);
      expect(await trail().prove()).toMatchObject({ intact: false, brokenAt: 2 });
      expect(counters.read()).toMatchObject({ 'retention.audit_broken': 1, 'retention.sightings': 1 });
    });
  });

  test('what it would remove is told before, and is what it then removes', async () => {
    await keep(store, daysAgo(31), person);
    await keep(store, daysAgo(91), vehicle('苏A12345'));
    const { due } = await desk.report('demo');
    await desk.enforce('demo');
    const [run] = (await desk.report('demo')).runs;
    expect(run.removed).toEqual(due.filter(({ count }) => count > 0));
    expect(run.removed.map(({ kind, count }) => [kind, count])).toEqual([
      ['pictures', 2],
      ['persons', 1],
      ['alerts', 1],
      ['sightings', 1],
    ]);
  });
});

describe('the bound', () => {
  test('takes the oldest pictures first, no more than needed, and says so', async () => {
    const kept = [];
    for (const days of [5, 4, 3, 2]) kept.push(await keep(store, daysAgo(days), {}, 400_000));
    await desk.enforceBound('demo');
    expect(pictures()).toBe(4);
    await set({ evidenceMaxBytes: 1e6 });
    await desk.enforceBound('demo');
    const read = await Promise.all(kept.map(({ picture }) => store.evidence.read(picture.id, 'all')));
    expect(read.map((picture) => picture !== undefined)).toEqual([false, false, true, true]);
    expect((await desk.report('demo')).runs[0].removed).toMatchObject([
      { kind: 'pictures_over_bound', count: 2, oldest: daysAgo(5), newest: daysAgo(4) },
    ]);
  });

  test('never takes what a hold keeps', async () => {
    const oldest = await keep(store, daysAgo(5), {}, 800_000);
    const next = await keep(store, daysAgo(4), { flags: [] }, 800_000);
    const about = { kind: 'alert' as const, id: oldest.alert ?? '' };
    await holds.place('demo', { about, reason: 'a claim' }, manager);
    await set({ evidenceMaxBytes: 1e6 });
    await desk.enforceBound('demo');
    expect(await store.evidence.read(oldest.picture.id, 'all')).toBeDefined();
    expect(await store.evidence.read(next.picture.id, 'all')).toBeUndefined();
  });
});

describe('a hold', () => {
  test('on an alert keeps it with every sighting it stands for and their pictures, until it is lifted', async () => {
    const car = vehicle('苏A12345');
    const first = await keep(store, daysAgo(100), car);
    const folded = await keep(store, daysAgo(100 - 1 / 1440), car);
    const other = await keep(store, daysAgo(100), vehicle('苏B00001'));
    expect(folded.alert).toBe(first.alert);
    const about = { kind: 'alert' as const, id: first.alert ?? '' };
    const hold = await holds.place('demo', { about, reason: 'a claim' }, manager);
    await desk.enforce('demo');

    expect((await logged()).toSorted()).toEqual([first.sighting.id, folded.sighting.id].toSorted());
    for (const { picture } of [first, folded])
      expect(await store.evidence.read(picture.id, 'all')).toBeDefined();
    expect(await store.evidence.read(other.picture.id, 'all')).toBeUndefined();
    expect(await store.alerts.get(first.alert ?? '')).toMatchObject({ subject: '苏A12345' });
    const [run] = (await desk.report('demo')).runs;
    expect(run.removed.map(({ kind, count, held }) => [kind, count, held])).toEqual([
      ['pictures', 1, 2],
      ['alerts', 1, 1],
      ['sightings', 1, 2],
    ]);

    await holds.lift(hold.id, 'settled', manager);
    await desk.enforce('demo');
    expect(await logged()).toEqual([]);
    expect(pictures()).toBe(0);
  });

  test('on a sighting keeps the whole incident that it belongs to', async () => {
    const first = await keep(store, daysAgo(40), person);
    const about = { kind: 'sighting' as const, id: first.sighting.id };
    await holds.place('demo', { about, reason: 'a claim' }, manager);
    await desk.enforce('demo');
    expect((await store.log.get(first.sighting.id, 'all'))?.subject).toBe(person.subject);
    expect((await store.alerts.get(first.alert ?? ''))?.subject).toBe(person.subject);
    expect(await store.evidence.read(first.picture.id, 'all')).toBeDefined();
  });

  test('ends by itself when its time is over', async () => {
    const first = await keep(store, daysAgo(100));
    const about = { kind: 'sighting' as const, id: first.sighting.id };
    const until = new Date(today + 3_600_000).toISOString();
    const hold = await holds.place('demo', { about, reason: 'a claim', until }, manager);
    await desk.enforce('demo');
    expect(await logged()).toHaveLength(1);
    now += 3_600_000;
    await desk.enforce('demo');
    expect(await logged()).toEqual([]);
    expect(await holds.list('demo', { ended: 'true' })).toEqual([{ ...hold, ended: { at: until } }]);
  });

  test('is refused for what is not there, and for an end in the past; lifting twice names the first', async () => {
    const nothing = { kind: 'alert' as const, id: '0195500c-0000-7000-8000-000000000009' };
    await expect(holds.place('demo', { about: nothing, reason: 'x' }, manager)).rejects.toMatchObject({
      code: 'HOLD_ABOUT_NOTHING',
    });
    const { sighting } = await keep(store, daysAgo(1));
    const about = { kind: 'sighting' as const, id: sighting.id };
    await expect(
      holds.place('demo', { about, reason: 'x', until: daysAgo(0) }, manager),
    ).rejects.toMatchObject({ code: 'HOLD_ENDS_BEFORE' });
    const { id } = await holds.place('demo', { about, reason: 'x' }, manager);
    await holds.lift(id, 'settled', manager);
    await expect(holds.lift(id, 'again', manager)).rejects.toMatchObject({
      code: 'HOLD_ENDED',
      details: { ended: { by: manager, reason: 'settled' } },
    });
  });
});
