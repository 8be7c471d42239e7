import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { TemplateKind } from '../../../edge/gallery/gallery.ts';
import { SqliteGallery } from '../../../edge/gallery/sqlite-gallery.ts';
import { openSqlite } from '../../../edge/sqlite.ts';

const key = Buffer.alloc(32, 9);
const now = Date.UTC(2026, 2, 1);
const later = now + 86_400_000;
const alice = '11111111-1111-4111-8111-111111111111';
const bob = '22222222-2222-4222-8222-222222222222';
const erasure = '99999999-9999-4999-8999-999999999999';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-gallery-'));
  path = join(folder, 'gallery.sqlite');
});

function openGallery(withKey = key, database = openSqlite(path), dimension = 192): SqliteGallery {
  const options = {
    key: withKey,
    model: 'a network',
    box: 'box-a',
    dimensions: { whole: dimension, upper: dimension },
    mergeFrom: 0.7,
  };
  return new SqliteGallery(database, options);
}

/** As the hub asks for it. */
function forget(gallery: SqliteGallery, subject: string): void {
  const entry = { schema: 1, state: 'forgotten', subject, erasure, at: new Date(now).toISOString() };
  gallery.take(subject, Buffer.from(JSON.stringify(entry)), now);
}

/** A subject of its own for every number. */
function subject(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** A unit vector, the same for the same seed and far from those of others. */
function vector(seed: number, dimension = 192): Float32Array {
  let state = seed + 1;
  const raw = Float32Array.from({ length: dimension }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
  const length = Math.hypot(...raw);
  return raw.map((value) => value / length);
}

function template(subject: string, seed: number, changes: { kind?: TemplateKind; expiresAt?: number } = {}) {
  return {
    subject,
    category: 'stranger' as const,
    kind: 'whole' as const,
    embedding: vector(seed),
    expiresAt: later,
    ...changes,
  };
}

/** Every byte that the gallery left in its folder. */
function bytesOnDisk(): Buffer {
  return Buffer.concat(readdirSync(folder).map((file) => readFileSync(join(folder, file))));
}

describe('comparing', () => {
  test('an empty gallery knows nobody', () => {
    expect(openGallery().nearest(vector(1), 'whole', now)).toBeUndefined();
  });

  test('the nearest subject is the one with the greatest cosine similarity', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 9999 }), { minLength: 1, maxLength: 40 }),
        fc.nat(9999),
        (seeds, query) => {
          const gallery = openGallery(key, openSqlite(':memory:'), 8);
          for (const seed of seeds)
            gallery.enrol({ ...template(subject(seed), seed), embedding: vector(seed, 8) });
          const similarity = (seed: number) =>
            vector(seed, 8).reduce((sum, value, index) => sum + value * vector(query, 8)[index], 0);
          const best = Math.max(...seeds.map(similarity));
          expect(gallery.nearest(vector(query, 8), 'whole', now)?.similarity).toBeCloseTo(best, 3);
          gallery.close();
        },
      ),
      { numRuns: 30 },
    );
  });

  test('a face is compared with templates of its kind alone', () => {
    const gallery = openGallery();
    gallery.enrol(template(alice, 1, { kind: 'upper' }));
    gallery.enrol(template(bob, 2));
    expect(gallery.nearest(vector(1), 'whole', now)?.subject).toBe(bob);
    expect(gallery.nearest(vector(2), 'upper', now)).toMatchObject({ subject: alice, category: 'stranger' });
  });

  test('an embedding of another model is a fault', () => {
    expect(() => openGallery().nearest(new Float32Array(128), 'whole', now)).toThrow(RangeError);
    expect(() => openGallery().enrol({ ...template(alice, 1), embedding: new Float32Array(128) })).toThrow(
      RangeError,
    );
  });
});

describe('keeping', () => {
  test('what was enrolled is there after reopening', () => {
    const first = openGallery();
    first.enrol(template(alice, 1));
    first.close();
    const second = openGallery();
    expect(second.size).toBe(1);
    expect(second.nearest(vector(1), 'whole', now)?.similarity).toBeCloseTo(1, 3);
  });

  test('a subject has at most six templates of a kind; the one that expires first makes room', () => {
    const gallery = openGallery();
    for (let index = 0; index < 9; index++)
      gallery.enrol(template(alice, index, { expiresAt: later + ((index * 5) % 9) }));
    expect(gallery.size).toBe(6);
    expect(gallery.expire(later + 2)).toBe(0);
    expect(gallery.expire(later + 3)).toBe(1);
  });
});

describe('forgetting', () => {
  test('an expired template is not compared even before it is removed', () => {
    const gallery = openGallery();
    gallery.enrol(template(alice, 1));
    expect(gallery.nearest(vector(1), 'whole', later - 1)?.subject).toBe(alice);
    expect(gallery.nearest(vector(1), 'whole', later)).toBeUndefined();
    expect(gallery.expire(later - 1)).toBe(0);
    expect(gallery.expire(later)).toBe(1);
    expect(gallery.size).toBe(0);
  });

  test('a forgotten subject is gone, others stay, also after reopening', () => {
    const first = openGallery();
    for (const seed of [1, 2, 3]) first.enrol(template(alice, seed));
    first.enrol(template(bob, 4));
    forget(first, alice);
    expect(first.unconfirmed()).toMatchObject([{ erasure, subject: alice, templates: 3 }]);
    for (const gallery of [first, openGallery()]) {
      expect(gallery.size).toBe(1);
      for (const seed of [1, 2, 3]) expect(gallery.nearest(vector(seed), 'whole', now)?.subject).toBe(bob);
    }
  });

  test('whoever is forgotten in whatever order, all others are still recognised', () => {
    const people = Array.from({ length: 12 }, (_, seed) => seed);
    fc.assert(
      fc.property(fc.shuffledSubarray(people), (forgotten) => {
        const gallery = openGallery(key, openSqlite(':memory:'));
        for (const seed of people) gallery.enrol(template(subject(seed), seed));
        for (const seed of forgotten) forget(gallery, subject(seed));
        for (const seed of people) {
          const found = gallery.nearest(vector(seed), 'whole', now);
          const isThere = !forgotten.includes(seed);
          expect(found?.subject === subject(seed)).toBe(isThere);
          expect((found?.similarity ?? 0) > 0.9).toBe(isThere);
        }
        gallery.close();
      }),
      { numRuns: 20 },
    );
  });

  test('a forgotten subject leaves no sealed template in the files', () => {
    const gallery = openGallery();
    gallery.enrol(template(alice, 1));
    const [{ sealed }] = openSqlite(path)
      .prepare<[], { sealed: Buffer }>('SELECT sealed FROM template')
      .all();
    expect(bytesOnDisk().includes(sealed)).toBe(true);
    forget(gallery, alice);
    expect(bytesOnDisk().includes(sealed)).toBe(false);
  });
});

describe('secrecy', () => {
  test('the files hold no byte sequence of an embedding', () => {
    const gallery = openGallery();
    gallery.enrol(template(alice, 1));
    const plain = Buffer.from(vector(1).buffer);
    const disk = bytesOnDisk();
    expect(disk.length).toBeGreaterThan(plain.length);
    for (let offset = 0; offset + 8 <= plain.length; offset += 4)
      expect(disk.includes(plain.subarray(offset, offset + 8))).toBe(false);
  });

  test('the same embedding is never sealed the same way twice', () => {
    const gallery = openGallery();
    gallery.enrol(template(alice, 1));
    gallery.enrol(template(alice, 1));
    const rows = openSqlite(path).prepare<[], { sealed: Buffer }>('SELECT sealed FROM template').all();
    expect(rows[0].sealed.equals(rows[1].sealed)).toBe(false);
  });

  test('with another key nothing opens, nothing is lost, and it is counted', () => {
    openGallery().enrol(template(alice, 1));
    const stranger = openGallery(randomBytes(32));
    expect(stranger.size).toBe(0);
    expect(stranger.unreadable).toBe(1);
    expect(stranger.nearest(vector(1), 'whole', now)).toBeUndefined();
    expect(openGallery().size).toBe(1);
    forget(stranger, alice);
    expect(stranger.unreadable).toBe(0);
    expect(stranger.unconfirmed()).toMatchObject([{ templates: 1 }]);
  });

  test.each([
    `UPDATE template SET subject = '${bob}'`,
    `UPDATE template SET category = 'registered'`,
    `UPDATE template SET kind = 'upper'`,
    'UPDATE template SET expiresAt = expiresAt + 1',
    'UPDATE template SET sealed = zeroblob(length(sealed))',
    'UPDATE template SET nonce = zeroblob(0)',
    'UPDATE template SET tag = zeroblob(4)',
  ])('a template tampered with does not open: %s', (tampering) => {
    const gallery = openGallery();
    gallery.enrol(template(alice, 1));
    gallery.enrol(template(alice, 2));
    openSqlite(path).exec(`${tampering} WHERE row = 1`);
    const reopened = openGallery();
    expect([reopened.size, reopened.unreadable]).toEqual([1, 1]);
  });
});

describe('a full disk', () => {
  /** No page more than the database has already. */
  function fill(): SqliteGallery {
    const database = openSqlite(path);
    const gallery = openGallery(key, database);
    gallery.enrol(template(alice, 1));
    database.pragma(`max_page_count = ${database.pragma('page_count', { simple: true })}`);
    return gallery;
  }

  test('keeps no template by halves, counts it, and goes on comparing', () => {
    const gallery = fill();
    for (let seed = 2; seed < 40; seed++) gallery.enrol(template(subject(seed), seed));
    const { size } = gallery;
    expect(size).toBeLessThan(39);
    expect(gallery.drops.template_not_kept).toBe(39 - size);
    expect(gallery.nearest(vector(1), 'whole', now)?.subject).toBe(alice);
    expect(openGallery().size).toBe(size);
  });
});
