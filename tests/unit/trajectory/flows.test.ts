import { expect, test } from 'vitest';
import type { FlowRow } from '../../../hub/contract/log.ts';
import { gatherFlows, hourOf } from '../../../hub/trajectory/flows.ts';

const nothing = { entry: 0, exit: 0, unknown: 0, flagged: 0 };
const row = (hour: string, change: Partial<FlowRow> = {}): FlowRow => ({
  from: `${hour}:00:00.000Z`,
  gate: 'east-gate',
  person: nothing,
  vehicle: nothing,
  ...change,
});

test('an instant belongs to the hour that it is in', () => {
  expect(hourOf('2026-03-01T08:59:59.999Z')).toBe('2026-03-01T08:00:00.000Z');
  expect(hourOf('2026-03-01T09:00:00.000Z')).toBe('2026-03-01T09:00:00.000Z');
});

test('an hour and gate is one row, also when two sites have a gate of that name', () => {
  const person = { entry: 3, exit: 2, unknown: 1, flagged: 3 };
  const rows = gatherFlows(
    [
      row('2026-03-01T09', { gate: 'west-gate' }),
      row('2026-03-01T08', { person }),
      row('2026-03-01T08', { person, vehicle: { ...nothing, unknown: 5 } }),
    ],
    'hour',
    0,
  );
  expect(rows).toEqual([
    row('2026-03-01T08', {
      person: { entry: 6, exit: 4, unknown: 2, flagged: 6 },
      vehicle: { ...nothing, unknown: 5 },
    }),
    row('2026-03-01T09', { gate: 'west-gate' }),
  ]);
});

test.each([
  ['China', 8, ['2026-02-28T16:00:00.000Z', '2026-03-01T16:00:00.000Z']],
  ['UTC', 0, ['2026-02-28T00:00:00.000Z', '2026-03-01T00:00:00.000Z']],
  ['west of Greenwich', -5, ['2026-02-28T05:00:00.000Z', '2026-03-01T05:00:00.000Z']],
])('a day is the local one: %s', (_, offset, days) => {
  const hours = ['2026-02-28T16', '2026-02-28T23', '2026-03-01T16', '2026-03-01T23'];
  const rows = gatherFlows(
    hours.map((hour) => row(hour, { person: { ...nothing, entry: 1 } })),
    'day',
    offset,
  );
  expect(rows.map(({ from }) => from)).toEqual(days);
  expect(rows.map(({ person }) => person.entry)).toEqual([2, 2]);
});
