import { expect, test } from 'vitest';
import { layOutWeek, onDay, positionOf } from '../../../../dashboard/src/roster/week.ts';
import { aShift } from '../builders.ts';

const timeZone = 'Asia/Shanghai';
const monday = '2026-03-02';
const week = (parts: Partial<Parameters<typeof layOutWeek>[0]>) =>
  layOutWeek({ shifts: [], gaps: [], gates: ['east-gate'], monday, timeZone, ...parts });
const local = (day: number, hour: number) =>
  new Date(Date.UTC(2026, 2, day, hour) - 8 * 3_600_000).toISOString();
const shift = (day: number, from: number, until: number, changes = {}) =>
  aShift({ from: local(day, from), until: local(day, until), ...changes });

test('rows are the gates, also those without anybody, then leaders, then those on call', () => {
  const rows = week({
    gates: ['west-gate', 'east-gate'],
    gaps: [{ gate: 'north-gate', from: local(3, 0), until: local(3, 6) }],
    shifts: [shift(2, 6, 14), shift(2, 8, 20, { role: 'leader', gates: [] })],
  });
  expect(rows.map(({ key }) => key)).toEqual(['west-gate', 'east-gate', 'north-gate', 'leader', 'on_call']);
  expect(rows.map(({ shifts }) => shifts.length)).toEqual([0, 1, 0, 1, 0]);
  expect(rows[2].gaps).toMatchObject([{ start: 1, end: 1.25 }]);
});

test('a shift stands where its hours are on the clock of the site; one at night runs over the edge of its day', () => {
  const [east] = week({ shifts: [shift(2, 6, 14), shift(2, 22, 30)] });
  expect(east.shifts[0]).toMatchObject({ start: 0.25, end: 14 / 24, lane: 0 });
  expect(east.shifts[1]).toMatchObject({ start: 22 / 24, end: 1.25, lane: 0, goesOn: false });
});

test('a night shift over either end of the week is cut there and says so; one that only touches it is left out', () => {
  const [east] = week({ shifts: [shift(1, 22, 30), shift(8, 22, 30), shift(1, 16, 24), shift(9, 0, 8)] });
  expect(east.shifts).toMatchObject([
    { start: 0, end: 0.25, fromBefore: true, goesOn: false },
    { start: 6 + 22 / 24, end: 7, fromBefore: false, goesOn: true },
  ]);
  const [untilMidnight] = week({ shifts: [shift(8, 16, 24)] });
  expect(untilMidnight.shifts).toMatchObject([{ end: 7, goesOn: false }]);
});

test('shifts at the same time lie below each other, and a lane is used again once it is free', () => {
  const [east] = week({ shifts: [shift(2, 6, 14), shift(2, 8, 16), shift(2, 14, 22)] });
  expect(east.shifts.map(({ lane }) => lane)).toEqual([0, 1, 0]);
  expect(east.lanes).toBe(2);
});

test('a shift at two gates is in the row of each', () => {
  const rows = week({ shifts: [shift(2, 6, 14, { gates: ['east-gate', 'west-gate'] })] });
  expect(rows.filter(({ shifts }) => shifts.length === 1).map(({ gate }) => gate)).toEqual([
    'east-gate',
    'west-gate',
  ]);
});

test('noon is the middle of its day also on the day on which the clock is changed', () => {
  expect(positionOf('2026-03-29T10:00:00.000Z', '2026-03-23', 'Europe/Berlin')).toBe(6.5);
});

test('the list of days says a gap that began before the week on its first day', () => {
  const gaps = [{ gate: 'east-gate', from: local(1, 22), until: local(2, 6) }];
  expect(onDay(gaps, monday, { monday, timeZone })).toHaveLength(1);
  expect(onDay(gaps, '2026-03-03', { monday, timeZone })).toEqual([]);
});
