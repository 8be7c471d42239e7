import { describe, expect, test } from 'vitest';
import { countInside } from '../../../../dashboard/src/presence/inside-numbers.ts';
import {
  insideNow,
  readFilter,
  spanOf,
  visitQuery,
  withinChoices,
  writeFilter,
} from '../../../../dashboard/src/presence/presence-filter.ts';

/** 10:00 on 22 November in Shanghai, still the 21st in New York. */
const now = Date.parse('2026-11-22T02:00:00.000Z');
const zone = 'Asia/Shanghai';
const there = { ...insideNow, view: 'window' } as const;
const past = { ...insideNow, view: 'past' } as const;

describe('a window', () => {
  test('of last night is the night of the site, not of this device', () => {
    expect(spanOf(there, now, zone)).toEqual({
      from: '2026-11-21T14:00:00.000Z',
      to: '2026-11-21T18:00:00.000Z',
    });
    expect(spanOf(there, now, 'America/New_York')).toEqual({
      from: '2026-11-21T03:00:00.000Z',
      to: '2026-11-21T07:00:00.000Z',
    });
  });

  test('of the whole night ends at six, and may not be over yet', () => {
    const atThree = Date.parse('2026-11-21T19:00:00.000Z');
    expect(spanOf({ ...there, window: 'night' }, atThree, zone)).toEqual({
      from: '2026-11-21T14:00:00.000Z',
      to: '2026-11-21T22:00:00.000Z',
    });
  });

  test('of today ends now, of yesterday at midnight, of a week begins six days before', () => {
    expect(spanOf({ ...there, window: 'today' }, now, zone)).toEqual({
      from: '2026-11-21T16:00:00.000Z',
      to: '2026-11-22T02:00:00.000Z',
    });
    expect(spanOf({ ...past, range: 'yesterday' }, now, zone)).toEqual({
      from: '2026-11-20T16:00:00.000Z',
      to: '2026-11-21T16:00:00.000Z',
    });
    expect(spanOf(past, now, zone)?.from).toBe('2026-11-15T16:00:00.000Z');
  });

  test('of one’s own choice is none until both ends are chosen', () => {
    const from = '2026-11-20T14:00:00.000Z';
    expect(spanOf({ ...there, window: 'custom', from }, now, zone)).toBeUndefined();
    expect(spanOf({ ...there, window: 'custom', from, to: from }, now, zone)).toEqual({ from, to: from });
  });
});

test('an address holds what is looked at, and an empty one means who is in now', () => {
  const filter = { ...past, kind: 'person', gate: 'east-gate', hours: 72, isLong: true } as const;
  expect(readFilter(writeFilter(filter))).toEqual(filter);
  expect(writeFilter(insideNow)).toBe('');
  expect(readFilter('view=nowhere&hours=13&kind=cat&range=ever')).toEqual(insideNow);
});

test('guards, who look back one day, are offered nothing that the hub would refuse', () => {
  expect(withinChoices(past, true)).toMatchObject({ range: 'day', hours: 12 });
  expect(withinChoices({ ...past, range: 'custom', hours: 4 }, true)).toMatchObject({
    range: 'custom',
    hours: 4,
  });
  expect(withinChoices(past, false)).toEqual(past);
  const dayBefore = now - 24 * 3_600_000;
  expect(Date.parse(spanOf({ ...past, range: 'day' }, now, zone)!.from)).toBeGreaterThan(dayBefore);
});

test('who is in is asked for whenever it began; finished visits by their window', () => {
  const span = { from: 'a', to: 'b' };
  expect(visitQuery({ ...insideNow, isLong: true }, span)).toEqual({
    state: 'overstayed',
    hours: 24,
    kind: '',
    gate: '',
  });
  expect(visitQuery(past, span)).toMatchObject({ state: 'closed', from: 'a', to: 'b' });
});

test('who is in is counted at all gates, or at one', () => {
  const counts = [
    { gate: 'east-gate', person: { open: 2, overstayed: 1 }, vehicle: { open: 5, overstayed: 0 } },
    { gate: 'west-gate', person: { open: 1, overstayed: 1 }, vehicle: { open: 4, overstayed: 3 } },
  ];
  expect(countInside(counts, '')).toEqual({ person: 3, vehicle: 9, overstayed: 5 });
  expect(countInside(counts, 'east-gate')).toEqual({ person: 2, vehicle: 5, overstayed: 1 });
});
