import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  busiestOf,
  countOf,
  type FlowBar,
  gatherBars,
  heatOf,
  hourClock,
  passesOf,
  ticksTo,
  totalOf,
} from '../../../../dashboard/src/flows/flow-bars.ts';
import type { FlowCount, FlowRow } from '../../../../hub/contract/log.ts';

const count = (change: Partial<FlowCount> = {}): FlowCount => ({
  entry: 0,
  exit: 0,
  unknown: 0,
  flagged: 0,
  ...change,
});
const row = (from: string, change: Partial<FlowRow> = {}): FlowRow => ({
  from,
  gate: 'east-gate',
  person: count({ entry: 1 }),
  vehicle: count(),
  ...change,
});
const bar = (day: string, hour: number, passes: number): FlowBar => ({
  day,
  hour,
  person: count({ entry: passes }),
  vehicle: count(),
});

describe('bars', () => {
  test('stand on the clock of the site: an hour of UTC belongs to the day that it is there', () => {
    const rows = [row('2026-11-19T15:00:00.000Z'), row('2026-11-19T16:00:00.000Z')];
    const days = ['2026-11-19', '2026-11-20'];
    const byDay = gatherBars(rows, days, 'day', 'Asia/Shanghai');
    expect(byDay.map(({ day, person }) => [day, person.entry])).toEqual([
      ['2026-11-19', 1],
      ['2026-11-20', 1],
    ]);
    const byHour = gatherBars(rows, days, 'hour', 'Asia/Shanghai').filter(({ person }) => person.entry > 0);
    expect(byHour.map(({ day, hour }) => [day, hour])).toEqual([
      ['2026-11-19', 23],
      ['2026-11-20', 0],
    ]);
  });

  test('gather all gates, have a place for hours without anyone, and leave out what is outside', () => {
    const rows = [
      row('2026-11-20T01:00:00.000Z'),
      row('2026-11-20T01:00:00.000Z', { gate: 'west-gate', vehicle: count({ exit: 4, flagged: 1 }) }),
      row('2026-11-21T01:00:00.000Z'),
    ];
    const bars = gatherBars(rows, ['2026-11-20'], 'hour', 'UTC');
    expect(bars).toHaveLength(24);
    expect(bars[1]).toEqual({
      day: '2026-11-20',
      hour: 1,
      person: count({ entry: 2 }),
      vehicle: count({ exit: 4, flagged: 1 }),
    });
    expect(totalOf(bars, '')).toEqual(count({ entry: 2, exit: 4, flagged: 1 }));
  });

  test('the hour that comes twice in autumn is one bar, and none is lost', () => {
    // Berlin, 25 October 2026: 00:00Z and 01:00Z are both 02:00.
    const rows = [row('2026-10-25T00:00:00.000Z'), row('2026-10-25T01:00:00.000Z')];
    const bars = gatherBars(rows, ['2026-10-25'], 'hour', 'Europe/Berlin');
    expect(bars[2].person.entry).toBe(2);
  });

  test('of hours and of days have the same total, in any zone', () => {
    const zones = fc.constantFrom('Asia/Shanghai', 'Asia/Urumqi', 'Asia/Kolkata', 'America/New_York', 'UTC');
    const hours = fc.array(fc.integer({ min: 0, max: 71 }), { maxLength: 30 });
    const start = Date.parse('2026-11-01T00:00:00.000Z');
    const days = ['2026-10-31', '2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04'];
    fc.assert(
      fc.property(zones, hours, (zone, at) => {
        const rows = at.map((hour) => row(new Date(start + hour * 3_600_000).toISOString()));
        for (const by of ['hour', 'day'] as const)
          expect(totalOf(gatherBars(rows, days, by, zone), '').entry).toBe(at.length);
      }),
    );
  });
});

test('one kind counts alone, both count together; whoever passes counts whichever way', () => {
  const both = { person: count({ entry: 1, unknown: 2 }), vehicle: count({ exit: 5, unknown: 1 }) };
  expect(countOf(both, 'person')).toEqual(both.person);
  expect(countOf(both, 'vehicle')).toEqual(both.vehicle);
  expect(passesOf(countOf(both, ''))).toBe(9);
});

test('the busiest is the first with the most, and nobody is busy where nobody passed', () => {
  const bars = [bar('2026-11-20', 1, 3), bar('2026-11-20', 2, 8), bar('2026-11-20', 3, 8)];
  expect(busiestOf(bars, '')?.hour).toBe(2);
  expect(busiestOf(bars, 'vehicle')).toBeUndefined();
});

describe('the week', () => {
  // Mondays.
  const [first, second, third] = ['2026-11-02', '2026-11-09', '2026-11-16'];

  test('takes the mean of the days that have been, quiet ones too', () => {
    const hours = [bar(first, 8, 10), bar(second, 8, 0), bar(third, 8, 20)];
    const until = { day: third, hour: 9 };
    expect(heatOf(hours, '', until)[0][8]).toEqual({ mean: 10, days: 3 });
    expect(heatOf(hours, 'vehicle', until)[0][8]).toEqual({ mean: 0, days: 3 });
  });

  test('counts no hour that has not begun, and none before anybody was counted at all', () => {
    const hours = [bar(first, 8, 0), bar(second, 8, 10), bar(third, 8, 0)];
    expect(heatOf(hours, '', { day: third, hour: 7 })[0][8]).toEqual({ mean: 10, days: 1 });
    expect(heatOf(hours, '', { day: third, hour: 8 })[0][8]).toEqual({ mean: 5, days: 2 });
  });
});

test('the clock of a zone knows its half hours', () => {
  expect(hourClock('Asia/Kolkata')('2026-11-20T19:00:00.000Z')).toEqual({ day: '2026-11-21', hour: 0 });
});

test('lines of a chart are at round numbers and reach the largest', () => {
  expect(ticksTo(0, 2)).toEqual([1]);
  expect(ticksTo(1, 2)).toEqual([1]);
  expect(ticksTo(87, 2)).toEqual([50, 100]);
  expect(ticksTo(312, 2)).toEqual([200, 400]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 5 }), (largest, most) => {
      const ticks = ticksTo(largest, most);
      expect(ticks.length).toBeLessThanOrEqual(most);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(largest);
      expect(ticks.every(Number.isInteger)).toBe(true);
    }),
  );
});
