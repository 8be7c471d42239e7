import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newId, newOpaqueId, uuid } from '../../../hub/contract/ids.ts';

test('a new id is a UUID of version 7 whose first 48 bits are the time', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (now) => {
      const id = newId(now);
      expect(uuid.safeParse(id).success).toBe(true);
      expect(id[14]).toBe('7');
      expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(now);
    }),
  );
});

test('ids sort by time', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 31), fc.integer({ min: 1, max: 2 ** 31 }), (earlier, gap) => {
      expect(newId(earlier) < newId(earlier + gap)).toBe(true);
    }),
  );
});

test('an opaque id says nothing of its age', () => {
  expect(newOpaqueId()[14]).toBe('4');
});
