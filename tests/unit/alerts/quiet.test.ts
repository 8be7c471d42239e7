import { describe, expect, test } from 'vitest';
import { type QuietRules, quietOf } from '../../../hub/alerts/quiet.ts';
import type { QuietHours, Snooze } from '../../../hub/contract/alerting.ts';
import type { Flag } from '../../../hub/contract/policy.ts';

const now = '2026-03-01T15:30:00.000Z';
const plate = { gate: 'east-gate', subject: '皖A12345' };
const alertWith = (...flags: Flag[]) => ({ ...plate, flags });
const snooze = (change: Partial<Snooze>): Snooze => ({
  id: '019ca869-5000-795a-bb82-fd826b0d7cd6',
  by: { id: '019ca869-5000-795a-bb82-fd826b0d7cd7', displayName: 'Li', at: now },
  until: '2026-03-01T16:00:00.000Z',
  reason: 'a wedding',
  ...change,
});
const rules = (change: Partial<QuietRules>): QuietRules => ({
  snoozes: [],
  quietHours: [],
  wallClock: { weekday: 7, weekdayBefore: 6, time: '23:30' },
  ...change,
});

describe('a snooze', () => {
  const quiet = (change: Partial<Snooze>, ...flags: Flag[]) =>
    quietOf(alertWith(...flags), rules({ snoozes: [snooze(change)] }), now);

  test.each<[string, Partial<Snooze>]>([
    ['of its gate', { gate: 'east-gate' }],
    ['of its flag', { flag: 'first_time' }],
    ['of its subject', { subject: '皖A12345' }],
    ['of all three', { gate: 'east-gate', flag: 'first_time', subject: '皖A12345' }],
  ])('%s quiets an alert, and says until when and why', (_, change) => {
    expect(quiet(change, 'first_time')).toEqual({
      why: 'snooze',
      until: '2026-03-01T16:00:00.000Z',
      reason: 'a wedding',
    });
  });

  test.each<[string, Partial<Snooze>]>([
    ['of another gate', { gate: 'west-gate', flag: 'first_time' }],
    ['of another flag', { gate: 'east-gate', flag: 'out_of_province' }],
    ['of another subject', { subject: '皖A54321' }],
    ['that is over', { gate: 'east-gate', until: now }],
    ['that was ended', { gate: 'east-gate', ended: { id: 'x', displayName: 'Li', at: now } }],
  ])('%s does not', (_, change) => expect(quiet(change, 'first_time')).toBeUndefined());

  test('of one flag does not quiet an alert that has another as well', () => {
    expect(quiet({ flag: 'first_time' }, 'first_time', 'watched_province')).toBeUndefined();
  });
});

describe('quiet hours', () => {
  const night: QuietHours = {
    flags: ['first_time'],
    gates: [],
    weekdays: [7],
    startsAt: '22:00',
    endsAt: '06:00',
  };
  const at = (time: string, weekday: number, hours: Partial<QuietHours> = {}) =>
    quietOf(
      alertWith('first_time'),
      rules({
        quietHours: [{ ...night, ...hours }],
        wallClock: { weekday, weekdayBefore: weekday === 1 ? 7 : weekday - 1, time },
      }),
      now,
    ) !== undefined;

  test.each<[string, number, boolean]>([
    ['21:59', 7, false],
    ['22:00', 7, true],
    ['23:59', 7, true],
    ['00:00', 1, true],
    ['05:59', 1, true],
    ['06:00', 1, false],
    ['02:00', 7, false],
    ['23:00', 1, false],
  ])('of a night belong to the day on which it began: at %s on day %i %s', (time, weekday, expected) => {
    expect(at(time, weekday)).toBe(expected);
  });

  test('of a day begin and end on it', () => {
    const noon = { startsAt: '12:00', endsAt: '14:00' };
    expect([at('11:59', 7, noon), at('12:00', 7, noon), at('14:00', 7, noon)]).toEqual([false, true, false]);
  });

  test('of another gate change nothing', () => expect(at('23:00', 7, { gates: ['west-gate'] })).toBe(false));

  test('and a snooze together quiet an alert with two flags', () => {
    const both = rules({
      quietHours: [night],
      snoozes: [snooze({ flag: 'watched_province' })],
    });
    expect(quietOf(alertWith('first_time', 'watched_province'), both, now)?.why).toBe('snooze');
  });
});
