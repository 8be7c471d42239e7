import { describe, expect, test } from 'vitest';
import { instantOf, wallTimeAt, weekOf } from '../../../../dashboard/src/roster/site-time.ts';
import * as hub from '../../../../hub/roster/zoned-time.ts';

test('the clock of the site counts, wherever the page is open', () => {
  expect(wallTimeAt('2026-03-01T22:00:00.000Z', 'Asia/Shanghai')).toEqual({
    day: '2026-03-02',
    time: '06:00',
  });
  expect(instantOf({ day: '2026-03-02', time: '06:00' }, 'Asia/Shanghai')).toBe('2026-03-01T22:00:00.000Z');
});

test('midnight is 00:00 and not 24:00', () => {
  expect(wallTimeAt('2026-03-01T16:00:00.000Z', 'Asia/Shanghai').time).toBe('00:00');
});

describe('days on which the clock is changed', () => {
  const times = ['00:30', '01:59', '02:30', '03:00', '12:00', '23:59'];
  test.each(['2026-03-28', '2026-03-29', '2026-10-25', '2026-10-26'])('page and hub agree on %s', (day) => {
    for (const time of times) {
      const wall = { day, time };
      expect(Date.parse(instantOf(wall, 'Europe/Berlin'))).toBe(hub.instantOf(wall, 'Europe/Berlin'));
    }
  });
});

test('a week goes from Monday to Sunday, over the end of a month', () => {
  const week = weekOf('2026-03-01');
  expect([week[0], week[6]]).toEqual(['2026-02-23', '2026-03-01']);
});
