import { describe, expect, test } from 'vitest';
import type { Duty } from '../../../hub/contract/api.ts';
import type { PlannedShift } from '../../../hub/contract/roster.ts';
import { findGaps, staffedGatesAt } from '../../../hub/roster/gaps.ts';
import { type DutyFacts, lateAt, onDutyAt, plannedFor } from '../../../hub/roster/on-duty.ts';

const time = (clock: string) => Date.parse(`2026-03-04T${clock}:00.000Z`);
const at = (clock: string) => new Date(time(clock)).toISOString();
const shift = (
  person: string,
  from: string,
  until: string,
  change: Partial<PlannedShift> = {},
): PlannedShift => ({
  key: `${person}/${from}`,
  person,
  displayName: person,
  role: 'guard',
  gates: ['east-gate'],
  from: at(from),
  until: at(until),
  ...change,
});
const duty = (person: string, gate: string, since: string): Duty => ({
  person,
  displayName: person,
  gate,
  since: at(since),
});
const settings = { clockInRequired: true, graceMinutes: 10, forgottenHours: 16 };
const facts = (change: Partial<DutyFacts> = {}): DutyFacts => ({
  clockedIn: [],
  planned: [],
  leftAt: new Map(),
  settings,
  ...change,
});
const names = (clock: string, given: DutyFacts, gate = 'east-gate') =>
  onDutyAt(gate, time(clock), given).map(({ person, how }) => `${person} ${how}`);

describe('on duty at a gate', () => {
  const planned = [shift('li', '06:00', '14:00')];

  test('is who has clocked in there, planned or not, also beyond the end of the shift', () => {
    const given = facts({
      planned,
      clockedIn: [duty('li', 'east-gate', '06:02'), duty('hu', 'east-gate', '07:00')],
    });
    expect(names('07:00', given)).toEqual(['li clocked_in', 'hu clocked_in']);
    expect(names('15:30', given)).toEqual(['li clocked_in', 'hu clocked_in']);
    expect(names('07:00', given, 'west-gate')).toEqual([]);
  });

  test('is who is planned and may still be on the way, until the grace is over', () => {
    const given = facts({ planned });
    expect(names('05:59', given)).toEqual([]);
    expect(names('06:00', given)).toEqual(['li expected']);
    expect(names('06:09', given)).toEqual(['li expected']);
    expect(names('06:10', given)).toEqual([]);
    expect(lateAt('east-gate', time('06:09'), given)).toEqual([]);
    expect(lateAt('east-gate', time('06:10'), given)).toEqual(['li']);
  });

  test('is not who has clocked in at another gate, whatever is planned', () => {
    const given = facts({ planned, clockedIn: [duty('li', 'west-gate', '05:50')] });
    expect(names('06:05', given)).toEqual([]);
    expect(lateAt('east-gate', time('06:30'), given)).toEqual([]);
  });

  test('is not who has clocked out again since the shift began', () => {
    const given = facts({ planned, leftAt: new Map([['li', time('06:03')]]) });
    expect(names('06:05', given)).toEqual([]);
    const leftBefore = facts({ planned, leftAt: new Map([['li', time('02:00')]]) });
    expect(names('06:05', leftBefore)).toEqual(['li expected']);
  });

  test('is not who forgot to clock out long ago', () => {
    const given = facts({ clockedIn: [duty('li', 'east-gate', '00:00')] });
    expect(names('15:59', given)).toEqual(['li clocked_in']);
    expect(names('16:00', given)).toEqual([]);
  });

  test('is everybody planned, all the time, where nobody clocks in', () => {
    const given = facts({ planned, settings: { ...settings, clockInRequired: false } });
    expect([names('13:59', given), names('14:00', given)]).toEqual([['li expected'], []]);
  });

  test('is not the leader, who is asked by the role', () => {
    const led = [shift('ma', '06:00', '14:00', { role: 'leader', gates: [] })];
    expect(names('06:05', facts({ planned: led }))).toEqual([]);
    expect(plannedFor('leader', 'east-gate', time('13:59'), led)).toMatchObject([{ person: 'ma' }]);
    expect(plannedFor('leader', 'east-gate', time('14:00'), led)).toEqual([]);
    const elsewhere = [shift('ma', '06:00', '14:00', { role: 'leader', gates: ['west-gate'] })];
    expect(plannedFor('leader', 'east-gate', time('07:00'), elsewhere)).toEqual([]);
  });

  test('is nobody twice, with two shifts that overlap', () => {
    const given = facts({ planned: [...planned, shift('li', '06:01', '09:00')] });
    expect(names('06:05', given)).toEqual(['li expected']);
  });
});

describe('gaps', () => {
  const day = { from: time('00:00'), until: time('24:00') };
  const coverage = (
    staffed: { gate: string; weekdays: number[]; startsAt: string; endsAt: string }[] = [],
  ) => ({
    settings: { timeZone: 'UTC', staffed },
    plannedGates: ['east-gate'],
  });
  const gaps = (shifts: PlannedShift[], given = coverage()) =>
    findGaps(given, shifts, day).map(
      ({ gate, from, until }) => `${gate} ${from.slice(11, 16)} ${until.slice(11, 16)}`,
    );

  test('are the hours between the shifts of a gate', () => {
    const shifts = [
      shift('li', '00:00', '06:00'),
      shift('hu', '05:00', '12:00'),
      shift('wu', '13:00', '24:00'),
    ];
    expect(gaps(shifts)).toEqual(['east-gate 12:00 13:00']);
  });

  test('are not closed by leaders, nor by guards of other gates', () => {
    const shifts = [
      shift('ma', '00:00', '24:00', { role: 'leader', gates: [] }),
      shift('hu', '00:00', '24:00', { gates: ['west-gate'] }),
    ];
    expect(gaps(shifts)).toEqual(['east-gate 00:00 00:00']);
  });

  test('are only in the hours in which the gate must be staffed, also across midnight', () => {
    // 2026-03-04 is a Wednesday.
    const hours = coverage([
      { gate: 'east-gate', weekdays: [3], startsAt: '07:00', endsAt: '09:00' },
      { gate: 'east-gate', weekdays: [2], startsAt: '22:00', endsAt: '02:00' },
    ]);
    expect(gaps([shift('li', '08:00', '12:00')], hours)).toEqual([
      'east-gate 00:00 02:00',
      'east-gate 07:00 08:00',
    ]);
    expect([time('01:59'), time('02:00'), time('08:00')].map((now) => staffedGatesAt(hours, now))).toEqual([
      ['east-gate'],
      [],
      ['east-gate'],
    ]);
  });

  test('are none where nobody was ever planned and no hours are set', () => {
    expect(findGaps({ ...coverage(), plannedGates: [] }, [], day)).toEqual([]);
  });
});
