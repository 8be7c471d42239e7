import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../../hub/contract/ids.ts';
import { openStore, type Store } from '../../../hub/store/open-store.ts';
import { buildSighting } from '../../builders/sighting.ts';
import { temporaryFolder } from '../../integration/hub/run-hub.ts';

const day = Date.parse('2026-03-01T00:00:00.000Z');
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;

beforeAll(async () => {
  folder = await temporaryFolder();
  store = await openStore({ database: ':memory:', evidence: folder.path });
  const cars = Array.from({ length: 1200 }, (_, at) =>
    buildSighting({
      id: newId(day + at * 1000),
      kind: 'vehicle',
      occurredAt: new Date(day + at * 1000).toISOString(),
      flags: [],
      plate: {
        text: `${at % 400 ? '苏' : '浙'}A${String(10_000 + at)}`,
        class: 'small_car',
        confidence: 0.9,
        characters: [],
        votes: 3,
      },
    }),
  );
  await Promise.all(
    cars.map((car) =>
      store.sightings.commit(car, car.plate?.text, car.decidedAt, () => ({ changed: [], notices: [] })),
    ),
  );
});

afterAll(async () => {
  await store.close();
  await folder.remove();
});

const textsOf = async (plate: string, cursor?: string) => {
  const page = await store.log.search({ plate, limit: 50, ...(cursor ? { cursor } : {}) }, 'all');
  return { texts: page.items.map((item) => item.plate?.text), nextCursor: page.nextCursor };
};

test('a pattern that more than a thousand plates fit finds the newest sightings, page by page', async () => {
  const expected = Array.from({ length: 1200 }, (_, back) => 1199 - back)
    .filter((at) => at % 400)
    .map((at) => `苏A${10_000 + at}`);
  const first = await textsOf('苏*');
  const second = await textsOf('苏*', first.nextCursor);
  expect([...first.texts, ...second.texts]).toEqual(expected.slice(0, 100));
});

test('also when only plates that were last seen long ago have a sighting in the window', async () => {
  const to = new Date(day + 10_000).toISOString();
  const { items } = await store.log.search({ plate: '苏*', to, limit: 50 }, 'all');
  expect(items.map((item) => item.plate?.text)).toEqual(
    Array.from({ length: 9 }, (_, back) => `苏A${10_009 - back}`),
  );
});

test('and one that few fit among them finds those', async () => {
  expect((await textsOf('浙*')).texts).toEqual(['浙A10800', '浙A10400', '浙A10000']);
});
