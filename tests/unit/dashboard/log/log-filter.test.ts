import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  quickRanges,
  readFilter,
  spellPlate,
  toQuery,
  wholeWeek,
  writeFilter,
} from '../../../../dashboard/src/log/log-filter.ts';

const text = fc.string({ maxLength: 12 });
const filters = fc.oneof(
  fc.record({
    plate: text,
    subject: text,
    gate: text,
    camera: text,
    kind: text,
    flag: text,
    range: fc.constantFrom(...quickRanges),
    from: fc.constant(''),
    to: fc.constant(''),
  }),
  fc.record({
    plate: text,
    subject: text,
    gate: text,
    camera: text,
    kind: text,
    flag: text,
    range: fc.constant('custom' as const),
    from: fc.constant('2026-03-01T00:00:00.000Z'),
    to: fc.constantFrom('', '2026-03-02T00:00:00.000Z'),
  }),
);

test('a search survives being sent as an address', () => {
  fc.assert(
    fc.property(filters, (filter) => {
      expect(readFilter(writeFilter(filter))).toEqual(filter);
    }),
  );
});

test('an empty address is the last week, and the last week is an empty address', () => {
  expect(readFilter('')).toEqual(wholeWeek);
  expect(writeFilter(wholeWeek)).toBe('');
});

test('a plate is asked for as it is on the car, however it was typed', () => {
  expect(spellPlate(' 豫a·１２?45 ')).toBe('豫A12?45');
  expect(spellPlate('豫A*')).toBe('豫A*');
});

test('today begins at midnight here and has no end; yesterday ends where today begins', () => {
  const now = new Date(2026, 2, 5, 15, 30).getTime();
  const midnight = new Date(2026, 2, 5).toISOString();
  expect(toQuery({ ...wholeWeek, range: 'today' }, now)).toMatchObject({ from: midnight, to: '' });
  expect(toQuery({ ...wholeWeek, range: 'yesterday' }, now)).toMatchObject({
    from: new Date(2026, 2, 4).toISOString(),
    to: midnight,
  });
});
