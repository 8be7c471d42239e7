import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { SqliteOutbox } from '../../../edge/outbox/sqlite-outbox.ts';
import { openSqlite, type SqliteDatabase } from '../../../edge/sqlite.ts';
import type { Receipt } from '../../../hub/contract/sighting.ts';
import { buildJpeg, buildSighting } from '../../builders/sighting.ts';

let path: string;
let database: SqliteDatabase;
let outbox: SqliteOutbox;

beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'outbox-')), 'outbox.sqlite');
  database = openSqlite(path);
  outbox = new SqliteOutbox(database);
});

const receipt = (change: Partial<Receipt>): Receipt => ({
  schema: 1,
  sightings: [],
  evidence: [],
  refused: [],
  ...change,
});

describe('what is put', () => {
  test('comes out pictures first, then the sighting that names them', () => {
    const sighting = buildSighting();
    const picture = { id: randomUUID(), jpeg: buildJpeg() };
    outbox.put(sighting, [picture], 1000);

    const items = outbox.next(0, 10);
    expect(items.map(({ kind, id }) => [kind, id])).toEqual([
      ['evidence', picture.id],
      ['sighting', sighting.id],
    ]);
    expect(items[0].payload.equals(picture.jpeg)).toBe(true);
    expect(JSON.parse(items[1].payload.toString())).toEqual(sighting);
  });

  test('is there after the box was killed', () => {
    outbox.put(buildSighting(), [], 1000);
    const afterPowerCut = new SqliteOutbox(openSqlite(path));
    expect(afterPowerCut.depth()).toMatchObject({ sightings: 1, oldestAt: 1000 });
  });

  test('twice is kept once', () => {
    const sighting = buildSighting();
    outbox.put(sighting, [], 1000);
    outbox.put(sighting, [], 2000);
    expect(outbox.depth().sightings).toBe(1);
  });
});

describe('a receipt', () => {
  test('deletes what it names and nothing else', () => {
    const [first, second] = [buildSighting(), buildSighting()];
    outbox.put(first, [], 1);
    outbox.put({ ...first, revision: 2 }, [], 2);
    outbox.put(second, [], 3);
    outbox.settle(receipt({ sightings: [{ id: first.id, revision: 1 }] }), 4);
    expect(outbox.next(0, 10).map((item) => [item.id, item.kind === 'sighting' && item.revision])).toEqual([
      [first.id, 2],
      [second.id, 1],
    ]);
  });

  test('that refuses keeps the item apart, with its code', () => {
    const sighting = buildSighting();
    outbox.put(sighting, [], 1);
    outbox.settle(
      receipt({ refused: [{ kind: 'sighting', id: sighting.id, revision: 1, code: 'SCHEMA_UNKNOWN' }] }),
      5,
    );
    expect(outbox.next(0, 10)).toEqual([]);
    expect(outbox.depth()).toMatchObject({ sightings: 0, refused: 1 });
    expect(outbox.refused(10)).toEqual([
      { kind: 'sighting', id: sighting.id, revision: 1, code: 'SCHEMA_UNKNOWN', refusedAt: 5 },
    ]);
  });

  test('for something unknown changes nothing', () => {
    outbox.put(buildSighting(), [], 1);
    outbox.settle(
      receipt({ evidence: [randomUUID()], refused: [{ kind: 'evidence', id: 'x', code: 'Y' }] }),
      2,
    );
    expect(outbox.depth()).toMatchObject({ sightings: 1, refused: 0 });
  });
});

test('a cursor never skips a row, although the outbox empties in between', () => {
  const first = buildSighting();
  outbox.put(first, [], 1);
  const [{ sequence }] = outbox.next(0, 1);
  outbox.settle(receipt({ sightings: [{ id: first.id, revision: 1 }] }), 2);
  outbox.put(buildSighting(), [], 3);
  expect(outbox.next(sequence, 10)).toHaveLength(1);
});

test('items come in the order of put, whatever was settled in between', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constant('put' as const), fc.constant('settle' as const)), { maxLength: 30 }),
      (steps) => {
        const fresh = new SqliteOutbox(openSqlite(':memory:'));
        const expected: string[] = [];
        for (const step of steps) {
          if (step === 'put') {
            const sighting = buildSighting();
            fresh.put(sighting, [], 1);
            expected.push(sighting.id);
          } else if (expected.length > 0) {
            const [id] = expected.splice(Math.floor(expected.length / 2), 1);
            fresh.settle(receipt({ sightings: [{ id, revision: 1 }] }), 2);
          }
        }
        expect(fresh.next(0, 100).map(({ id }) => id)).toEqual(expected);
        fresh.close();
      },
    ),
    { numRuns: 40 },
  );
});

describe('a full disk', () => {
  const fill = () => {
    const pages = database.pragma('page_count', { simple: true }) as number;
    database.pragma(`max_page_count = ${pages}`);
  };

  test('makes a sighting wait in memory, and lets it through once there is room', () => {
    fill();
    const sighting = buildSighting();
    outbox.put(sighting, [{ id: randomUUID(), jpeg: buildJpeg(50_000) }], 1);
    expect(outbox.isFull).toBe(true);
    expect(outbox.depth().sightings).toBe(1);
    expect(outbox.next(0, 10)).toEqual([]);

    database.pragma('max_page_count = 100000');
    outbox.retry();
    expect(outbox.isFull).toBe(false);
    expect(outbox.next(0, 10).map(({ kind }) => kind)).toEqual(['evidence', 'sighting']);
  });

  test('that lasts costs the oldest pictures, counted, and no sighting', () => {
    fill();
    for (let i = 0; i < 9; i++)
      outbox.put(buildSighting(), [{ id: randomUUID(), jpeg: Buffer.alloc(8 * 1024 * 1024) }], i);
    expect(outbox.drops.evidence_disk_full).toBe(1);
    expect(outbox.depth().sightings).toBe(9);
  });
});
