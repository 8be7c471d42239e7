import { expect, test } from 'vitest';
import { gatherFlows, type HourCount, hourOf } from '../../../hub/trajectory/flows.ts';

const count = (hour: string, change: Partial<HourCount> = {}): HourCount => ({
  hour: `${hour}:00:00.000Z`,
  gate: 'east-gate',
  kind: 'person',
  direction: 'entry',
  sightings: 1,
  flagged: 0,
  ...change,
});

test('an instant belongs to the hour that it is in', () => {
  expect(hourOf('2026-03-01T08:59:59.999Z')).toBe('2026-03-01T08:00:00.000Z');
  expect(hourOf('2026-03-01T09:00:00.000Z')).toBe('2026-03-01T09:00:00.000Z');
});

test('an hour and gate is one row, with persons, vehicles and their directions apart', () => {
  const rows = gatherFlows(
    [
      count('2026-03-01T09', { gate: 'west-gate' }),
      count('2026-03-01T08', { sightings: 3, flagged: 1 }),
      count('2026-03-01T08', { direction: 'exit', sightings: 2, flagged: 2 }),
      count('2026-03-01T08', { kind: 'vehicle', direction: 'unknown', sightings: 5 }),
    ],
    'hour',
    0,
  );
  expect(rows).toEqual([
    {
      from: '2026-03-01T08:00:00.000Z',
      gate: 'east-gate',
      person: { entry: 3, exit: 2, unknown: 0, flagged: 3 },
      vehicle: { entry: 0, exit: 0, unknown: 5, flagged: 0 },
    },
    {
      from: '2026-03-01T09:00:00.000Z',
      gate: 'west-gate',
      person: { entry: 1, exit: 0, unknown: 0, flagged: 0 },
      vehicle: { entry: 0, exit: 0, unknown: 0, flagged: 0 },
    },
  ]);
});

test.each([
  ['China', 8, ['2026-02-28T16:00:00.000Z', '2026-03-01T16:00:00.000Z']],
  ['UTC', 0, ['2026-02-28T00:00:00.000Z', '2026-03-01T00:00:00.000Z']],
  ['west of Greenwich', -5, ['2026-02-28T05:00:00.000Z', '2026-03-01T05:00:00.000Z']],
])('a day is the local one: %s', (_, offset, days) => {
  const hours = ['2026-02-28T16', '2026-02-28T23', '2026-03-01T16', '2026-03-01T23'];
  const rows = gatherFlows(
    hours.map((hour) => count(hour)),
    'day',
    offset,
  );
  expect(rows.map(({ from }) => from)).toEqual(days);
  expect(rows.map(({ person }) => person.entry)).toEqual([2, 2]);
});
