import { expect, test } from 'vitest';
import {
  daysOf,
  readFilter,
  spanOfPeriod,
  stepPeriod,
  writeFilter,
} from '../../../../dashboard/src/flows/flow-period.ts';
import { sayHour } from '../../../../dashboard/src/flows/flow-words.ts';

test('a month has all its days, also in a leap year, and a week begins on Monday', () => {
  expect(daysOf({ unit: 'month', day: '2028-02-17' })).toHaveLength(29);
  expect(daysOf({ unit: 'month', day: '2026-11-30' }).at(-1)).toBe('2026-11-30');
  expect(daysOf({ unit: 'week', day: '2026-11-22' })[0]).toBe('2026-11-16');
  expect(daysOf({ unit: 'day', day: '2026-11-22' })).toEqual(['2026-11-22']);
});

test('a period spans from midnight to midnight of the site', () => {
  expect(spanOfPeriod({ unit: 'month', day: '2026-11-22' }, 'Asia/Shanghai')).toEqual({
    from: '2026-10-31T16:00:00.000Z',
    to: '2026-11-30T16:00:00.000Z',
  });
});

test('the day on which clocks go back has 25 hours', () => {
  const { from, to } = spanOfPeriod({ unit: 'day', day: '2026-10-25' }, 'Europe/Berlin');
  expect(Date.parse(to) - Date.parse(from)).toBe(25 * 3_600_000);
});

test.each(['day', 'week', 'month'] as const)('a %s later and one earlier is where one was', (unit) => {
  const period = { unit, day: '2026-01-31' };
  const back = stepPeriod(stepPeriod(period, 1), -1);
  expect(daysOf(back)).toEqual(daysOf(period));
  expect(daysOf(stepPeriod(period, 1))[0] > daysOf(period).at(-1)!).toBe(true);
});

test('an address holds what is looked at, and nonsense means this month by day', () => {
  const filter = {
    unit: 'week',
    day: '2026-11-20',
    by: 'day',
    gate: 'east-gate',
    kind: 'vehicle',
  } as const;
  expect(readFilter(writeFilter(filter), '2026-11-22')).toEqual(filter);
  expect(readFilter('unit=year&day=2026-13-01&kind=cat&by=minute', '2026-11-22')).toEqual({
    unit: 'month',
    day: '2026-11-22',
    by: 'day',
    gate: '',
    kind: '',
  });
  expect(readFilter('unit=day&by=day', '2026-11-22').by).toBe('hour');
});

test('the last hour of a day ends at 24', () => {
  expect(sayHour(23)).toBe('23:00–24:00');
});
