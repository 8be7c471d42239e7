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
const plates = ['苏A12345', '苏A12346', '苏AD12345', '浙B12345', '粤Z1234港', '京A12345'];
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;
let sightings: Sighting[];

const commit = (sighting: Sighting) =>
  store.sightings.commit(sighting, subjectOf(sighting), at(9999), () => ({ changed: [] }));
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

  test('any plate pattern finds what the rule says', async () => {
    const pattern = fc
      .tuple(
        fc.constantFrom(...plates),
        fc.array(fc.nat(7), { maxLength: 3 }),
        fc.option(fc.integer({ min: 1, max: 8 })),
      )
      .map(([text, hidden, cut]) => {
        const masked = [...text]
          .map((character, place) => (hidden.includes(place) ? '?' : character))
          .join('');
        return cut === null ? masked : `${masked.slice(0, cut)}*`;
      });
    await fc.assert(
      fc.asyncProperty(pattern, async (plate) => {
        const parsed = parsePlatePattern(plate);
        expect(await search({ plate })).toEqual(
          idsWhere((sighting) => fitsPlatePattern(parsed, sighting.plate?.text ?? '')),
        );
      }),
    );
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
  const trajectory = await store.log.trajectory(text, undefined, 2, 'all');
  expect(trajectory).toMatchObject({
    subject: text,
    kind: 'vehicle',
    firstSeenAt: at(100),
    lastSeenAt: at(300),
    visits: [{ entry: at(300) }, { entry: at(100), exit: at(160) }],
  });
  const rest = await store.log.trajectory(text, trajectory?.nextCursor, 2, 'all');
  expect([...(trajectory?.items ?? []), ...(rest?.items ?? [])].map(({ occurredAt }) => occurredAt)).toEqual([
    at(300),
    at(160),
    at(100),
  ]);
});

test('a subject nobody saw has no trajectory', async () => {
  expect(await store.log.trajectory(randomUUID(), undefined, 10, 'all')).toBeUndefined();
});

test('a subject in time is read from the index', async () => {
  const plan = async (statement: string) =>
    (await sql.raw<{ detail: string }>(`explain query plan ${statement}`).execute(store.database)).rows
      .map(({ detail }) => detail)
      .join('; ');
  const passings =
    "select occurred_at, camera, direction from sighting where subject = 'x' order by occurred_at desc, id desc";
  expect(await plan(passings)).toMatch(/COVERING INDEX/);
  expect(await plan(passings)).not.toMatch(/TEMP B-TREE/);
});
