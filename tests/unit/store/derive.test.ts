import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { subjectOf } from '../../../hub/alerts/alert.ts';
import { newId } from '../../../hub/contract/ids.ts';
import type { Sighting } from '../../../hub/contract/sighting.ts';
import { deriveAll } from '../../../hub/store/derive.ts';
import { openStore, type Store } from '../../../hub/store/open-store.ts';
import { type Passing, pairVisits } from '../../../hub/trajectory/visits.ts';
import { buildSighting } from '../../builders/sighting.ts';
import { temporaryFolder } from '../../integration/hub/run-hub.ts';

const day = Date.parse('2026-03-01T00:00:00.000Z');
const people = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];
const derived = ['visit', 'plate', 'plate_pair', 'flow'] as const;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;

beforeAll(async () => {
  folder = await temporaryFolder();
  store = await openStore({ database: ':memory:', evidence: folder.path });
});

afterAll(async () => {
  await store.close();
  await folder.remove();
});

const commit = (sighting: Sighting) =>
  store.sightings.commit(sighting, subjectOf(sighting), sighting.decidedAt, () => ({
    changed: [],
    notices: [],
  }));

/** Everything derived, in a fixed order. */
async function readDerived() {
  const tables = derived.map(async (table) => {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(
      store.database,
    );
    return [table, rows.map((row) => JSON.stringify(row)).sort()];
  });
  return Object.fromEntries(await Promise.all(tables));
}

const clear = async () => {
  for (const table of ['sighting', 'subject_merge', 'flow'])
    await sql`delete from ${sql.table(table)}`.execute(store.database);
};

/** One track with revisions that correct each other, as a box may send them. */
const track = fc
  .record({
    isVehicle: fc.boolean(),
    gate: fc.constantFrom('east-gate', 'west-gate'),
    halfMinutes: fc.nat(240),
    revisions: fc.array(
      fc.record({
        who: fc.constantFrom(0, 1, undefined),
        direction: fc.constantFrom<Sighting['direction'][]>('entry', 'exit', 'exit', 'unknown'),
        isFlagged: fc.boolean(),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ isVehicle, gate, halfMinutes, revisions }) => {
    const at = day + halfMinutes * 30_000;
    const id = newId(at);
    return revisions.map(({ who, direction, isFlagged }, index): Sighting => {
      const plate = who === undefined ? undefined : ['苏A12345', '浙B8O0Q1'][who];
      return buildSighting({
        id,
        revision: index + 1,
        gate,
        camera: gate,
        occurredAt: new Date(at).toISOString(),
        direction,
        flags: isFlagged ? ['mask_not_worn'] : [],
        verdicts: {},
        kind: isVehicle ? 'vehicle' : 'person',
        ...(isVehicle && plate
          ? { plate: { text: plate, class: 'small_car', confidence: 0.9, characters: [], votes: 3 } }
          : {}),
        ...(!isVehicle && who !== undefined ? { subject: people[who] } : {}),
      });
    });
  });

/** Tracks whose revisions arrive in any order and more than once, and perhaps a merge of both people on the way. */
const arrivals = fc
  .array(track, { minLength: 1, maxLength: 14 })
  .chain((tracks) =>
    fc.tuple(
      fc.constant(tracks),
      fc.shuffledSubarray([...tracks.flat(), ...tracks.flat()], { minLength: tracks.flat().length * 2 }),
      fc.option(fc.nat(20), { nil: undefined }),
    ),
  );

test('in any order and with any copies, what is kept is what deriving everything anew gives', async () => {
  await fc.assert(
    fc.asyncProperty(arrivals, async ([tracks, messages, mergeAt]) => {
      await clear();
      for (const [index, message] of messages.entries()) {
        await commit(message);
        if (index === Math.min(mergeAt ?? -1, messages.length - 1))
          await store.erasures.merge('demo', people[1], people[0], message.occurredAt);
      }
      const kept = await readDerived();

      const final = tracks.map((revisions) => revisions[revisions.length - 1]);
      expect(kept.flow).toEqual(recountFlows(final));
      expect(kept.plate.map((row: string) => JSON.parse(row).text).sort()).toEqual(
        [...new Set(final.flatMap(({ plate }) => plate?.text ?? []))].sort(),
      );
      expect(visitsOf(kept.visit)).toEqual(recountVisits(final, mergeAt !== undefined));

      await deriveAll(store.database);
      expect(kept).toEqual(await readDerived());
    }),
    { numRuns: 150 },
  );
}, 60_000);

test('a trajectory shows the visits that its window falls into, and no others', async () => {
  const passings = fc.uniqueArray(fc.tuple(fc.nat(60), fc.constantFrom('entry', 'exit')), {
    minLength: 1,
    maxLength: 15,
    selector: ([at]) => at,
  });
  await fc.assert(
    fc.asyncProperty(passings, fc.nat(60), fc.nat(30), async (list, begin, length) => {
      await clear();
      const at = (place: number) => new Date(day + place * 40_000).toISOString();
      const sorted = list.toSorted(([a], [b]) => a - b);
      for (const [place, direction] of sorted)
        await commit(
          buildSighting({
            id: newId(day + place * 40_000),
            occurredAt: at(place),
            subject: people[0],
            direction: direction as 'entry',
            flags: [],
          }),
        );
      const [from, to] = [at(begin), at(begin + length)];
      const found = await store.log.trajectory(
        { site: 'demo', subject: people[0] },
        { from, to, limit: 1 },
        'all',
      );
      const all = pairVisits(
        sorted.map(([place, direction]): Passing => ({ at: at(place), direction: direction as 'entry' })),
      );
      const expected = all.filter(({ entry, exit, isOver }) => {
        const left = exit?.at ?? (isOver ? entry!.at : '9');
        return (entry ?? exit)!.at < to && left >= from;
      });
      expect(found?.visits.map(({ entry, exit }) => [entry, exit])).toEqual(
        expected.map(({ entry, exit }) => [entry?.at, exit?.at]),
      );
    }),
    { numRuns: 100 },
  );
}, 60_000);

test('a sighting that is removed takes its visit, its event and, when it was the last, its plate along', async () => {
  await clear();
  const car = buildSighting({
    kind: 'vehicle',
    direction: 'entry',
    plate: { text: '苏A12345', class: 'small_car', confidence: 0.9, characters: [], votes: 3 },
  });
  const again = { ...car, id: newId(day + 9e7), occurredAt: new Date(day + 9e7).toISOString() };
  await commit(car);
  await commit(again);
  const remove = (id: string) => sql`delete from sighting where id = ${id}`.execute(store.database);

  await remove(car.id);
  expect((await store.plates.find({ pattern: '苏A12345', similar: false, limit: 5 })).items).toEqual([
    { plate: '苏A12345', firstSeenAt: again.occurredAt, lastSeenAt: again.occurredAt, sightings: 1 },
  ]);
  await remove(again.id);
  const left = await readDerived();
  expect(left).toMatchObject({ visit: [], plate: [], plate_pair: [] });
  const { rows } = await sql`select 1 from event_log where concerns like ${`%${again.id}`}`.execute(
    store.database,
  );
  expect(rows).toEqual([]);
});

test('a hub that opens a database derived by other rules derives it anew', async () => {
  const path = `${folder.path}/older.sqlite`;
  const older = await openStore({ database: path, evidence: folder.path });
  await older.sightings.commit(buildSighting(), undefined, new Date(day).toISOString(), () => ({
    changed: [],
    notices: [],
  }));
  await sql`delete from flow`.execute(older.database);
  await sql`update derivation set version = 0`.execute(older.database);
  await older.close();
  const newer = await openStore({ database: path, evidence: folder.path });
  const hours = await newer.flows.hours(
    { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' },
    'all',
  );
  expect(hours).toMatchObject([{ from: '2026-03-01T08:00:00.000Z', person: { unknown: 1, flagged: 1 } }]);
  await newer.close();
});

function recountFlows(sightings: Sighting[]): string[] {
  const rows = new Map<string, Record<string, unknown> & { sightings: number; flagged: number }>();
  for (const { occurredAt, site, gate, kind, direction, flags } of sightings) {
    const key = { hour: `${occurredAt.slice(0, 13)}:00:00.000Z`, site, gate, kind, direction };
    const row = rows.get(JSON.stringify(key)) ?? { ...key, sightings: 0, flagged: 0 };
    rows.set(JSON.stringify(key), row);
    row.sightings++;
    row.flagged += flags.length > 0 ? 1 : 0;
  }
  return [...rows.values()].map((row) => JSON.stringify(row)).sort();
}

function visitsOf(rows: string[]): string[] {
  return rows
    .map((row) => JSON.parse(row))
    .map(({ subject, entry_at, exit_at, is_over }) => `${subject} ${entry_at} ${exit_at} ${is_over === 1}`)
    .sort();
}

/** From the rule alone, one subject after the other. */
function recountVisits(sightings: Sighting[], isMerged: boolean): string[] {
  const nameOf = (sighting: Sighting) => {
    const subject = subjectOf(sighting);
    return isMerged && subject === people[1] ? people[0] : subject;
  };
  const names = new Set(sightings.flatMap((sighting) => nameOf(sighting) ?? []));
  return [...names]
    .flatMap((name) => {
      const passings = sightings
        .filter((sighting) => nameOf(sighting) === name && sighting.direction !== 'unknown')
        .sort((a, b) => (`${a.occurredAt}${a.id}` < `${b.occurredAt}${b.id}` ? -1 : 1))
        .map(({ occurredAt, direction }) => ({ at: occurredAt, direction }) as Passing);
      return pairVisits(passings).map(
        ({ entry, exit, isOver }) => `${name} ${entry?.at ?? null} ${exit?.at ?? null} ${isOver}`,
      );
    })
    .sort();
}
