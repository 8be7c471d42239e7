import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SqliteGallery } from '../../../edge/gallery/sqlite-gallery.ts';
import { openSqlite } from '../../../edge/sqlite.ts';
import { galleryEntry } from '../../../hub/contract/gallery.ts';

const now = Date.UTC(2026, 2, 1);
const later = now + 14 * 86_400_000;
const dimension = 32;
const siteKey = Buffer.alloc(32, 5);
const erasure = '99999999-9999-4999-8999-999999999999';

/** A subject of its own for every number; a lesser number is a lesser name. */
function subject(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** A unit vector for every person, and small differences between pictures of one. */
function face(person: number, picture = 0): Float32Array {
  const raw = Float32Array.from({ length: dimension }, (_, at) => {
    const spread = Math.sin((person + 1) * (at + 1) * 12.9898) * 43_758.5453;
    return spread - Math.floor(spread) - 0.5 + 0.03 * Math.sin(picture * 7.7 + at);
  });
  const length = Math.hypot(...raw);
  return raw.map((value) => value / length);
}

/** Retained messages on a line to which boxes come and go. */
class Line {
  readonly retained = new Map<string, string>();
  readonly boxes: SqliteGallery[] = [];
  readonly away = new Set<SqliteGallery>();

  box(name: string, key = siteKey, model = 'a network'): SqliteGallery {
    const options = {
      key,
      model,
      box: name,
      dimensions: { whole: dimension, upper: dimension },
      mergeFrom: 0.7,
    };
    const gallery = new SqliteGallery(openSqlite(':memory:'), options);
    this.boxes.push(gallery);
    return gallery;
  }

  /** As the broker does for a box that subscribes: everything retained; then the box sends what it has to say. */
  back(gallery: SqliteGallery): void {
    this.away.delete(gallery);
    for (const [id, payload] of [...this.retained]) gallery.take(id, Buffer.from(payload), now);
  }

  publish(id: string, payload: string): void {
    if (payload === '') this.retained.delete(id);
    else this.retained.set(id, payload);
    for (const gallery of this.boxes)
      if (!this.away.has(gallery)) gallery.take(id, Buffer.from(payload), now);
  }

  forget(id: string): void {
    const entry = { schema: 1, state: 'forgotten', subject: id, erasure, at: new Date(now).toISOString() };
    this.publish(id, JSON.stringify(entry));
  }

  /** Until nobody has anything more to say; how many messages that took. */
  settle(): number {
    for (let messages = 0; messages < 2000; ) {
      const before = messages;
      for (const gallery of this.boxes.filter((each) => !this.away.has(each)))
        for (const change of gallery.pending(100)) {
          this.publish(change.subject, change.payload);
          gallery.published(change);
          messages++;
        }
      if (messages === before) return messages;
    }
    throw new Error('the boxes never stop talking');
  }
}

function enrol(gallery: SqliteGallery, id: string, embedding: Float32Array, expiresAt = later): void {
  gallery.enrol({ subject: id, category: 'stranger', kind: 'whole', embedding, expiresAt });
}

function whoIs(gallery: SqliteGallery, person: number): string | undefined {
  const found = gallery.nearest(face(person), 'whole', now);
  return found && found.similarity > 0.9 ? found.subject : undefined;
}

describe('the boxes of a site', () => {
  test('a stranger enrolled at one box is known at the others, and at one that comes later', () => {
    const line = new Line();
    const [a, b] = [line.box('a'), line.box('b')];
    enrol(a, subject(1), face(1));
    line.settle();
    expect(whoIs(b, 1)).toBe(subject(1));
    const late = line.box('late');
    line.back(late);
    expect(whoIs(late, 1)).toBe(subject(1));
  });

  test('what is sent holds no embedding, and its words are the contract’s', () => {
    const line = new Line();
    enrol(line.box('a'), subject(1), face(1));
    line.settle();
    const payload = line.retained.get(subject(1)) ?? '';
    const entry = galleryEntry.parse(JSON.parse(payload));
    expect(entry).toMatchObject({ state: 'kept', box: 'a', templates: [{ kind: 'whole' }] });
    const plain = Buffer.from(face(1).buffer);
    const sent = entry.state === 'kept' ? Buffer.from(entry.templates[0].sealed, 'base64') : Buffer.alloc(0);
    expect(sent.length).toBe(plain.length);
    for (let at = 0; at < plain.length; at += 8)
      expect(sent.includes(plain.subarray(at, at + 8))).toBe(false);
  });

  test('templates that two boxes added to one subject while apart come together, six of a kind at most', () => {
    const line = new Line();
    const [a, b] = [line.box('a'), line.box('b')];
    line.away.add(b);
    for (let k = 0; k < 5; k++) enrol(a, subject(1), face(1, k), later + 2 * k);
    for (let k = 0; k < 5; k++) enrol(b, subject(1), face(1, 5 + k), later + 1 + 2 * k);
    line.settle();
    line.back(b);
    line.settle();
    expect([a.size, b.size]).toEqual([6, 6]);
    expect(a.expire(later + 3)).toBe(0);
    expect(b.expire(later + 4)).toBe(1);
  });

  test('what a box overwrites that has not read it yet is said again by the others', () => {
    const line = new Line();
    const [a, b] = [line.box('a'), line.box('b')];
    line.away.add(b);
    enrol(a, subject(1), face(1));
    enrol(b, subject(1), face(1, 1));
    line.settle();
    line.away.delete(b);
    line.settle();
    const late = line.box('late');
    line.back(late);
    expect(late.size).toBe(2);
  });

  test('an expired subject is cleared from the line, unless somebody met it again', () => {
    const line = new Line();
    const [a, b] = [line.box('a'), line.box('b')];
    enrol(a, subject(1), face(1));
    line.settle();
    line.away.add(a);
    enrol(b, subject(1), face(1, 1), later + 1000);
    line.settle();
    expect(a.expire(later)).toBe(1);
    line.back(a);
    line.settle();
    expect(line.retained.has(subject(1))).toBe(true);
    for (const box of [a, b]) box.expire(later + 1000);
    line.settle();
    expect([...line.retained.keys()]).toEqual([]);
  });

  test('a box with another key, or another network, calls nobody new and loses nothing', () => {
    const line = new Line();
    const a = line.box('a');
    const others = [line.box('wrong-key', Buffer.alloc(32, 6)), line.box('new', siteKey, 'another network')];
    enrol(a, subject(1), face(1));
    line.settle();
    for (const other of others) expect([other.size, other.unreadable]).toEqual([0, 1]);
    expect(line.retained.has(subject(1))).toBe(true);
    line.forget(subject(1));
    for (const other of others) expect(other.unreadable).toBe(0);
  });

  test('what another box sealed with another key is no hindrance any more once it has expired there', () => {
    const line = new Line();
    const a = line.box('a');
    const other = line.box('wrong-key', Buffer.alloc(32, 6));
    enrol(a, subject(1), face(1));
    line.settle();
    expect(other.unreadable).toBe(1);
    a.expire(later);
    line.settle();
    expect(other.unreadable).toBe(0);
  });

  test.each([
    ['of another subject', { subject: subject(2) }],
    ['into a greater one', { into: subject(3) }],
    ['without a state', { state: undefined }],
  ])('a message %s is refused', (_, change) => {
    const entry = {
      schema: 1,
      state: 'merged',
      subject: subject(1),
      box: 'a',
      into: subject(0),
      at: new Date(now).toISOString(),
    };
    const box = new Line().box('b');
    expect(() => box.take(subject(1), Buffer.from(JSON.stringify({ ...entry, ...change })), now)).toThrow();
    expect(() => box.take(subject(1), Buffer.from(JSON.stringify(entry)), now)).not.toThrow();
  });
});

describe('one stranger met by two boxes at once', () => {
  function apart(gap = 0) {
    const line = new Line();
    const [a, b] = [line.box('a'), line.box('b')];
    for (const box of [a, b]) line.away.add(box);
    enrol(a, subject(1), face(1));
    enrol(b, subject(2), face(1, 1), later + gap);
    line.settle();
    return { line, a, b };
  }

  test('is one subject when they notice: the lesser name, on both, with the templates of both', () => {
    const { line, a, b } = apart();
    line.back(a);
    line.settle();
    line.back(b);
    line.settle();
    for (const box of [a, b]) {
      expect(whoIs(box, 1)).toBe(subject(1));
      expect(box.size).toBe(2);
    }
    expect(JSON.parse(line.retained.get(subject(2)) ?? '{}')).toMatchObject({
      state: 'merged',
      into: subject(1),
    });
  });

  test('keeps the lesser name when a track still enrols under the other', () => {
    const { line, a, b } = apart();
    line.back(a);
    line.settle();
    line.back(b);
    line.settle();
    enrol(b, subject(2), face(1, 2));
    line.settle();
    expect([a.size, b.size]).toEqual([3, 3]);
    expect(whoIs(a, 1)).toBe(subject(1));
  });

  test('met hours apart stays two: a likeness alone is no proof', () => {
    const { line, a, b } = apart(3 * 3_600_000);
    line.back(a);
    line.settle();
    line.back(b);
    line.settle();
    expect(line.retained.get(subject(2))).toContain('"kept"');
  });

  test('two people met at once stay two', () => {
    const line = new Line();
    const [a, b] = [line.box('a'), line.box('b')];
    for (const box of [a, b]) line.away.add(box);
    enrol(a, subject(1), face(1));
    enrol(b, subject(2), face(2));
    for (const box of [a, b]) line.back(box);
    line.settle();
    expect([whoIs(a, 1), whoIs(a, 2)]).toEqual([subject(1), subject(2)]);
  });
});

describe('forgetting', () => {
  test('reaches every box and is confirmed by each with what it had', () => {
    const line = new Line();
    const boxes = [line.box('a'), line.box('b')];
    for (let k = 0; k < 3; k++) enrol(boxes[0], subject(1), face(1, k));
    line.settle();
    line.forget(subject(1));
    for (const box of boxes) {
      expect(box.size).toBe(0);
      expect(box.unconfirmed()).toMatchObject([{ erasure, subject: subject(1), templates: 3 }]);
      for (const reply of box.unconfirmed()) box.confirmed(reply);
      expect(box.unconfirmed()).toEqual([]);
    }
  });

  test('a box that was away cannot bring the forgotten back, whatever it still has to send', () => {
    const line = new Line();
    const [a, away] = [line.box('a'), line.box('away')];
    enrol(a, subject(1), face(1));
    line.settle();
    line.away.add(away);
    enrol(away, subject(1), face(1, 1));
    line.forget(subject(1));
    // Its own message is quicker than what the broker retained.
    line.away.delete(away);
    for (const change of away.pending(10)) line.publish(change.subject, change.payload);
    line.settle();
    line.back(away);
    line.settle();
    expect([whoIs(a, 1), whoIs(away, 1)]).toEqual([undefined, undefined]);
    expect(line.retained.get(subject(1))).toContain('"forgotten"');
    expect(away.unconfirmed()).toMatchObject([{ templates: 2 }]);
  });

  test('a track that goes on does not bring its subject back, and it is counted', () => {
    const line = new Line();
    const a = line.box('a');
    enrol(a, subject(1), face(1));
    line.forget(subject(1));
    enrol(a, subject(1), face(1, 1));
    expect([a.size, a.drops.template_of_forgotten]).toEqual([0, 1]);
  });

  test.each([1, 2])('takes all names of a person who was merged, by whichever of them (%i)', (asked) => {
    const line = new Line();
    const [a, b] = [line.box('a'), line.box('b')];
    for (const box of [a, b]) line.away.add(box);
    enrol(a, subject(1), face(1));
    enrol(b, subject(2), face(1, 1));
    for (const box of [a, b]) {
      line.back(box);
      line.settle();
    }
    line.forget(subject(asked));
    line.settle();
    for (const box of [a, b]) expect(box.size).toBe(0);
    for (const name of [1, 2]) expect(line.retained.get(subject(name))).toContain('"forgotten"');
  });
});

test('whatever boxes do and whoever is away meanwhile, in the end all know the same and nobody forgotten', () => {
  const deed = fc.oneof(
    fc.record({
      do: fc.constant('enrol' as const),
      box: fc.nat(2),
      person: fc.nat(3),
      name: fc.nat(5),
      picture: fc.nat(9),
    }),
    fc.record({ do: fc.constant('leave' as const), box: fc.nat(2) }),
    fc.record({ do: fc.constant('come' as const), box: fc.nat(2) }),
    fc.record({ do: fc.constant('forget' as const), name: fc.nat(5) }),
    fc.record({ do: fc.constant('talk' as const) }),
  );
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 40 }), (deeds) => {
      const line = new Line();
      const boxes = ['a', 'b', 'c'].map((name) => line.box(name));
      const forgotten = new Set<number>();
      for (const each of deeds) {
        if (each.do === 'enrol') enrol(boxes[each.box], subject(each.name), face(each.person, each.picture));
        else if (each.do === 'leave') line.away.add(boxes[each.box]);
        else if (each.do === 'come') line.back(boxes[each.box]);
        else if (each.do === 'talk') line.settle();
        else {
          line.forget(subject(each.name));
          forgotten.add(each.name);
        }
      }
      for (const box of boxes) line.back(box);
      line.settle();
      const known = boxes.map((box) => [box.size, ...[0, 1, 2, 3].map((person) => whoIs(box, person))]);
      expect(known[1]).toEqual(known[0]);
      expect(known[2]).toEqual(known[0]);
      for (const name of forgotten) expect(known[0]).not.toContain(subject(name));
      for (const box of boxes) box.close();
    }),
    { numRuns: 60 },
  );
});
