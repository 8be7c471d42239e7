import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ListedPattern } from '../../../hub/contract/roster.ts';
import { plannedShifts, type Roster } from '../../../hub/roster/planned-shifts.ts';
import { daysAfter, instantOf, wallTimeAt, weekdayOf } from '../../../hub/roster/zoned-time.ts';

const li = '019ca869-5000-795a-bb82-000000000001';
const hu = '019ca869-5000-795a-bb82-000000000002';
const pattern = (change: Partial<ListedPattern> = {}): ListedPattern => ({
  id: '019ca869-5000-795a-bb82-00000000000a',
  person: li,
  role: 'guard',
  gates: ['east-gate'],
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  startsAt: '22:00',
  endsAt: '06:00',
  firstDay: '2026-03-01',
  onHolidays: 'as_usual',
  ...change,
});
const roster = (change: Partial<Roster> = {}): Roster => ({
  timeZone: 'Asia/Shanghai',
  patterns: [pattern()],
  singles: [],
  changes: [],
  holidays: [],
  people: new Map([
    [li, { displayName: 'Li' }],
    [hu, { displayName: 'Hu' }],
  ]),
  ...change,
});
const span = (from: string, until: string) => ({ from: Date.parse(from), until: Date.parse(until) });
const week = span('2026-03-01T16:00:00.000Z', '2026-03-08T16:00:00.000Z');
const spans = (given: Roster, over = week) =>
  plannedShifts(given, over).map(({ from, until }) => `${from.slice(5, 16)} ${until.slice(5, 16)}`);

describe('a wall clock', () => {
  test.each<[string, string, string, string]>([
    ['Asia/Shanghai', '2026-03-01', '08:00', '2026-03-01T00:00:00.000Z'],
    ['Asia/Kolkata', '2026-03-01', '00:00', '2026-02-28T18:30:00.000Z'],
    ['Europe/Berlin', '2026-03-29', '01:59', '2026-03-29T00:59:00.000Z'],
    ['Europe/Berlin', '2026-03-29', '03:00', '2026-03-29T01:00:00.000Z'],
    // Skipped in spring: as long after the change as it would have been.
    ['Europe/Berlin', '2026-03-29', '02:30', '2026-03-29T01:30:00.000Z'],
    // Twice in autumn: the first time.
    ['Europe/Berlin', '2026-10-25', '02:30', '2026-10-25T00:30:00.000Z'],
    ['America/New_York', '2026-03-08', '02:30', '2026-03-08T07:30:00.000Z'],
    ['America/New_York', '2026-11-01', '01:30', '2026-11-01T05:30:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-05', '01:45', '2026-04-04T14:45:00.000Z'],
  ])('in %s shows %s %s at %s', (timeZone, day, time, expected) => {
    expect(new Date(instantOf({ day, time }, timeZone)).toISOString()).toBe(expected);
  });

  test('shows what it was set to, in every zone and at every minute that is not skipped', () => {
    const zones = ['Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Chatham'];
    const year = { min: Date.UTC(2026, 0, 1) / 60_000, max: Date.UTC(2027, 0, 1) / 60_000 };
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer(year), (timeZone, minute) => {
        const shown = wallTimeAt(minute * 60_000, timeZone);
        expect(wallTimeAt(instantOf(shown, timeZone), timeZone)).toEqual(shown);
      }),
    );
  });

  test('counts days over the ends of months and years, and weeks from Monday', () => {
    expect([daysAfter('2026-02-28', 1), daysAfter('2027-01-01', -1)]).toEqual(['2026-03-01', '2026-12-31']);
    expect([weekdayOf('2026-03-01'), weekdayOf('2026-03-02')]).toEqual([7, 1]);
  });
});

describe('a weekly pattern', () => {
  test('gives a shift a day, also the one that began before the span', () => {
    expect(spans(roster())).toEqual([
      '03-01T14:00 03-01T22:00',
      '03-02T14:00 03-02T22:00',
      '03-03T14:00 03-03T22:00',
      '03-04T14:00 03-04T22:00',
      '03-05T14:00 03-05T22:00',
      '03-06T14:00 03-06T22:00',
      '03-07T14:00 03-07T22:00',
      '03-08T14:00 03-08T22:00',
    ]);
  });

  test('holds on its weekdays, from its first day to its last', () => {
    const twice = pattern({ weekdays: [2, 7], firstDay: '2026-03-03', lastDay: '2026-03-08' });
    expect(spans(roster({ patterns: [twice] }))).toEqual([
      '03-03T14:00 03-03T22:00',
      '03-08T14:00 03-08T22:00',
    ]);
  });

  test('that ends when it starts lasts a day', () => {
    const dayLong = pattern({ startsAt: '08:00', endsAt: '08:00', weekdays: [3] });
    expect(spans(roster({ patterns: [dayLong] }))).toEqual(['03-04T00:00 03-05T00:00']);
  });

  test('is an hour shorter or longer in the nights in which the clock is changed', () => {
    const given = roster({ timeZone: 'Europe/Berlin' });
    expect(spans(given, span('2026-03-28T20:00:00.000Z', '2026-03-29T12:00:00.000Z'))).toEqual([
      '03-28T21:00 03-29T04:00',
    ]);
    expect(spans(given, span('2026-10-24T19:00:00.000Z', '2026-10-25T12:00:00.000Z'))).toEqual([
      '10-24T20:00 10-25T05:00',
    ]);
  });

  test.each<[ListedPattern['onHolidays'], number]>([
    ['as_usual', 8],
    ['off', 7],
    ['only', 1],
  ])('on holidays %s gives %i shifts', (onHolidays, count) => {
    const holidays = [{ day: '2026-03-04', name: '植树节' }];
    expect(plannedShifts(roster({ patterns: [pattern({ onHolidays })], holidays }), week)).toHaveLength(
      count,
    );
  });
});

describe('one shift of it', () => {
  const key = `${pattern().id}/2026-03-04`;
  const changed = (...changes: Roster['changes']) =>
    plannedShifts(roster({ changes }), week).filter((shift) => shift.key === key);

  test('can go to somebody else, and says who had it', () => {
    expect(changed({ shift: key, person: hu, reason: 'ill' })).toMatchObject([
      { person: hu, displayName: 'Hu', insteadOf: 'Li', from: '2026-03-04T14:00:00.000Z' },
    ]);
  });

  test('can fall away', () => expect(changed({ shift: key, reason: 'rain' })).toEqual([]));

  test('follows the last change', () => {
    const back = changed({ shift: key, reason: 'rain' }, { shift: key, person: li, reason: 'no rain' });
    expect(back).toMatchObject([{ person: li }]);
    expect(back[0].insteadOf).toBeUndefined();
  });
});

test('who has left, or is gone before it starts, has no shift', () => {
  const people = new Map([[li, { displayName: 'Li', leavesAt: Date.parse('2026-03-03T14:00:00.000Z') }]]);
  expect(spans(roster({ people }))).toEqual(['03-01T14:00 03-01T22:00', '03-02T14:00 03-02T22:00']);
  expect(spans(roster({ people: new Map() }))).toEqual([]);
});

test('a single shift stands beside the patterns', () => {
  const single = {
    id: '019ca869-5000-795a-bb82-00000000000b',
    person: hu,
    role: 'guard' as const,
    gates: ['west-gate'],
    from: '2026-03-04T01:00:00.000Z',
    until: '2026-03-04T05:00:00.000Z',
  };
  expect(plannedShifts(roster({ patterns: [], singles: [single] }), week)).toMatchObject([
    { key: single.id, displayName: 'Hu', gates: ['west-gate'] },
  ]);
});

test('a long span has the shifts of the short ones that make it up', () => {
  const start = Date.parse('2026-03-20T00:00:00.000Z');
  const hour = 3_600_000;
  const given = roster({
    timeZone: 'Europe/Berlin',
    patterns: [
      pattern(),
      pattern({ id: '019ca869-5000-795a-bb82-00000000000c', weekdays: [6], endsAt: '23:00' }),
    ],
  });
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 6 }), (parts) => {
      const ends = [start];
      for (const part of parts) ends.push((ends.at(-1) as number) + part * hour);
      const whole = plannedShifts(given, { from: start, until: ends.at(-1) as number });
      const pieces = ends.slice(1).flatMap((until, at) => plannedShifts(given, { from: ends[at], until }));
      expect(new Set(pieces.map(({ key }) => key))).toEqual(new Set(whole.map(({ key }) => key)));
    }),
    { numRuns: 30 },
  );
});
