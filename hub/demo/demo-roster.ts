import type { Role } from '../contract/api.ts';
import type { ShiftPattern } from '../contract/roster.ts';
import { daysAfter, wallTimeAt, weekdayOf } from '../roster/zoned-time.ts';

/** The gate of the sample footage. */
export const demoGate = 'east-gate';

/** Those who are on the roster beside the ones who log in: nobody is told their passwords. */
export const demoColleagues: { username: string; displayName: string; role: Role }[] = [
  { username: 'zhang', displayName: '张师傅', role: 'guard' },
  { username: 'liu', displayName: '刘师傅', role: 'guard' },
  { username: 'sun', displayName: '孙师傅', role: 'guard' },
  { username: 'zhao', displayName: '赵师傅', role: 'guard' },
  { username: 'chen', displayName: '陈队长', role: 'guard' },
  { username: 'zhou', displayName: '周经理', role: 'manager' },
];

const slots = [
  { startsAt: '06:00', endsAt: '14:00' },
  { startsAt: '14:00', endsAt: '22:00' },
  { startsAt: '22:00', endsAt: '06:00' },
];
const everyDay = [1, 2, 3, 4, 5, 6, 7];
const weekdays = [1, 2, 3, 4, 5];

/** A weekly pattern by the username of who has it. */
export type DemoPattern = Omit<ShiftPattern, 'person'> & { username: string };

/**
 * A week as a small compound plans it: three shifts at the gate, a leader by day, a manager on call; one hole, so that
 * there is one to see. Whoever tries it out as the guard has the shift that runs now (ms since the epoch), and the
 * manager is on call.
 */
export function demoPatterns(now: number, timeZone: string): DemoPattern[] {
  const { day, time } = wallTimeAt(now, timeZone);
  const current = slots.findIndex(({ startsAt, endsAt }) =>
    startsAt < endsAt ? time >= startsAt && time < endsAt : time >= startsAt || time < endsAt,
  );
  const [mine, next, third] = [0, 1, 2].map((step) => slots[(current + step) % slots.length]);
  // On call 24 hours from 08:00: whoever logs in as the manager is, now and for the next days.
  const fiveDays = everyDay.filter((each) => (each - weekdayOf(daysAfter(day, -1)) + 7) % 7 < 5);
  const dayOff = weekdayOf(daysAfter(day, 3));
  const shift = (username: string, days: number[], hours: (typeof slots)[number]): DemoPattern => ({
    username,
    role: 'guard',
    gates: [demoGate],
    weekdays: days,
    ...hours,
    firstDay: daysAfter(day, -7),
    onHolidays: 'as_usual',
  });
  const wholeSite = (username: string, role: 'leader' | 'on_call', days: number[], startsAt: string) => ({
    ...shift(username, days, { startsAt, endsAt: role === 'leader' ? '20:00' : startsAt }),
    role,
    gates: [],
  });
  return [
    shift(
      'guard',
      everyDay.filter((each) => each !== dayOff),
      mine,
    ),
    shift('sun', [dayOff], mine),
    shift('zhang', weekdays, next),
    shift('sun', [6, 7], next),
    shift('liu', weekdays, third),
    shift('zhao', [6], third),
    wholeSite('chen', 'leader', everyDay, '08:00'),
    wholeSite('manager', 'on_call', fiveDays, '08:00'),
    wholeSite(
      'zhou',
      'on_call',
      everyDay.filter((each) => !fiveDays.includes(each)),
      '08:00',
    ),
  ];
}
