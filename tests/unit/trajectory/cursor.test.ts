import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCursor, toCursor } from '../../../hub/trajectory/cursor.ts';

test('a cursor leads back to its place', () => {
  const place = fc.record({
    at: fc
      .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    id: fc.uuid(),
  });
  fc.assert(
    fc.property(place, (given) => {
      expect(parseCursor(toCursor(given))).toEqual(given);
    }),
  );
});

test('whatever this hub did not give out is refused', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => parseCursor(text)).toThrowError(expect.objectContaining({ code: 'CURSOR_INVALID' }));
    }),
  );
});
