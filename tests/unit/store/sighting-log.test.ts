import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { subjectOf } from '../../../hub/alerts/alert.ts';
import type { SightingQuery } from '../../../hub/contract/api.ts';
import { newId } from '../../../hub/contract/ids.ts';
import type { Sighting } from '../../../hub/contract/sighting.ts';
import { openStore, type Store } from '../../../hub/store/open-store.ts';
import { fitsPlatePattern, parsePlatePattern } from '../../../hub/trajectory/plate-pattern.ts';
import { buildSighting } from '../../builders/sighting.ts';
import { temporaryFolder } from '../../integration/hub/run-hub.ts';

const day = Date.parse('2026-03-01T00:00:00.000Z');
const at = (minute: number) => new Date(day + minute * 60_000).toISOString();
const plates = [
  '苏A12345',
  '苏A12346',
  '苏AD12345',
  '浙B12345',
  '粤Z1234港',
  '京A12345',
  '京A1Z34S',
  '苏AO2345',
];
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;
let sightings: Sighting[];

const commit = (sighting: Sighting) =>
  store.sightings.commit(sighting, subjectOf(sighting), at(9999), () => ({ changed: [], notices: [] }));
const buildCar = (minute: number, text: string, change: Partial<Sighting> = {}) =>
  buildSighting({
    id: newId(day + minute * 60_000),
    kind: 'vehicle',
    occurredAt: at(minute),
    plate: { text, class: 'small_car', confidence: 0.9, characters: [], votes: 3 },
    verdicts: {},
    flags: [],
    ...change,
  });

beforeAll(async () => {
  folder = await temporaryFolder();
  store = await openStore({ database: ':memory:', evidence: folder.path });
  sightings = Array.from({ length: 60 }, (_, i) =>
    buildCar(Math.floor(i / 2) * 10, plates[i % plates.length], {
      gate: i % 3 ? 'east-gate' : 'west-gate',
      camera: i % 3 ? 'east-lane' : 'west-lane',
      direction: i % 2 ? 'exit' : 'entry',
      flags: i % 5 === 0 ? ['out_of_province'] : [],
    }),
  );
  for (const sighting of sightings) await commit(sighting);
});

afterAll(async () => {
  await store.close();
  await folder.remove();
});

const search = async (query: Partial<SightingQuery>) =>
  (await store.log.search({ limit: 200, ...query }, 'all')).items.map(({ id }) => id);
const idsWhere = (holds: (sighting: Sighting) => boolean) =>
  sightings
    .filter(holds)
    .sort((a, b) => b.occurredAt.localeCompare(a.occurredAt) || b.id.localeCompare(a.id))
    .map(({ id }) => id);

describe('search finds exactly what was asked for, newest first', () => {
  test.each<[string, Partial<SightingQuery>, (sighting: Sighting) => boolean]>([
    ['everything', {}, () => true],
    ['a gate', { gate: 'west-gate' }, ({ gate }) => gate === 'west-gate'],
    ['a camera', { camera: 'east-lane' }, ({ camera }) => camera === 'east-lane'],
    ['a flag', { flag: 'out_of_province' }, ({ flags }) => flags.includes('out_of_province')],
    ['persons', { kind: 'person' }, ({ kind }) => kind === 'person'],
    ['a subject', { subject: '浙B12345' }, ({ plate }) => plate?.text === '浙B12345'],
    [
      'from, not to',
      { from: at(20), to: at(50) },
      ({ occurredAt }) => occurredAt >= at(20) && occurredAt < at(50),
    ],
  ])('%s', async (_, query, holds) => expect(await search(query)).toEqual(idsWhere(holds)));

  test('any plate pattern finds what the rule says, in the log and among the plates', async () => {
    const pattern = fc
      .tuple(
        fc.constantFrom(...plates),
        fc.array(fc.nat(7), { maxLength: 3 }),
        fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
        fc.constantFrom('', '*'),
      )
      .map(([text, hidden, cut, before]) => {
        const masked = [...text]
          .map((character, place) => (hidden.includes(place) ? '?' : character))
          .join('');
        return before + (cut === undefined ? masked : `${masked.slice(0, cut)}*`);
      });
    await fc.assert(
      fc.asyncProperty(pattern, fc.boolean(), async (plate, similar) => {
        const parsed = parsePlatePattern(plate, similar);
        const fitting = (sighting: Sighting) => fitsPlatePattern(parsed, sighting.plate?.text ?? '');
        expect(await search({ plate, similar })).toEqual(idsWhere(fitting));
        expect(await search({ plate, similar, gate: 'west-gate', limit: 3 })).toEqual(
          idsWhere((sighting) => fitting(sighting) && sighting.gate === 'west-gate').slice(0, 3),
        );
        const found = await store.plates.find({ pattern: plate, similar, limit: 200 });
        expect(new Set(found.items.map((item) => item.plate))).toEqual(
          new Set(sightings.filter(fitting).map((sighting) => sighting.plate!.text)),
        );
      }),
      { numRuns: 200 },
    );
  });

  test('pages of a plate search neither skip nor repeat', async () => {
    const seen: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page = await store.log.search({ plate: '*12*', limit: 4, ...(cursor ? { cursor } : {}) }, 'all');
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(idsWhere(({ plate }) => /12/.test(plate!.text)));
  });

  test('a plate has its first and last time and its count, last seen first', async () => {
    const { items, more } = await store.plates.find({ pattern: '苏A*', similar: false, limit: 2 });
    const of = (text: string) => sightings.filter(({ plate }) => plate?.text === text);
    const lasts = items.map(({ lastSeenAt }) => lastSeenAt);
    expect(lasts).toEqual([...lasts].sort().reverse());
    expect(more).toBe(true);
    for (const { plate, firstSeenAt, lastSeenAt, sightings: count } of items) {
      const times = of(plate).map(({ occurredAt }) => occurredAt);
      expect([firstSeenAt, lastSeenAt, count]).toEqual([times[0], times.at(-1), times.length]);
    }
  });
});

test('pages neither skip nor repeat, whatever comes in between them', async () => {
  const seen: string[] = [];
  let cursor: string | undefined;
  const before = await search({});
  do {
    const page = await store.log.search({ limit: 7, ...(cursor ? { cursor } : {}) }, 'all');
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
    const newcomer = buildCar(5000 + seen.length, '皖A00001');
    sightings.push(newcomer);
    await commit(newcomer);
  } while (cursor);
  expect(seen).toEqual(before);
});

test('a trajectory has its span, its visits and its sightings by page', async () => {
  const text = '鲁C88888';
  for (const [minute, direction] of [
    [100, 'entry'],
    [160, 'exit'],
    [300, 'entry'],
  ] as const) {
    await commit(buildCar(minute, text, { direction }));
  }
  const trajectory = await store.log.trajectory({ site: 'demo', subject: text }, { limit: 2 }, 'all');
  expect(trajectory).toMatchObject({
    subject: text,
    kind: 'vehicle',
    firstSeenAt: at(100),
    lastSeenAt: at(300),
    visits: [{ entry: at(300) }, { entry: at(100), exit: at(160) }],
    items: [{ linkConfidence: 0.9 }, { linkConfidence: 0.9 }],
  });
  const rest = await store.log.trajectory(
    { site: 'demo', subject: text },
    { limit: 2, ...(trajectory?.nextCursor ? { cursor: trajectory.nextCursor } : {}) },
    'all',
  );
  expect([...(trajectory?.items ?? []), ...(rest?.items ?? [])].map(({ occurredAt }) => occurredAt)).toEqual([
    at(300),
    at(160),
    at(100),
  ]);
});

test('a subject nobody saw has no trajectory', async () => {
  expect(
    await store.log.trajectory({ site: 'demo', subject: randomUUID() }, { limit: 10 }, 'all'),
  ).toBeUndefined();
});

test('a subject in time is read from the index', async () => {
  const plan = async (statement: string) =>
    (await sql.raw<{ detail: string }>(`explain query plan ${statement}`).execute(store.database)).rows
      .map(({ detail }) => detail)
      .join('; ');
  const passings =
    "select occurred_at, gate, direction from sighting where subject = 'x' order by occurred_at desc, id desc";
  expect(await plan(passings)).toMatch(/COVERING INDEX/);
  expect(await plan(passings)).not.toMatch(/TEMP B-TREE/);
});
