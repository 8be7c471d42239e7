import { expect, test } from 'vitest';
import { ownShifts, shiftEnd, shiftToClockIn } from '../../../../dashboard/src/roster/own-shifts.ts';
import type { PlannedShift, RosterView, Swap } from '../../../../hub/contract/roster.ts';
import { aShift, at } from '../builders.ts';

const now = Date.parse(at(0));
const hour = 3600;
const view = (shifts: PlannedShift[], swaps: Swap[] = []): RosterView => ({
  from: at(0),
  until: at(0),
  shifts,
  gaps: [],
  patterns: [],
  holidays: [],
  swaps,
});
const aSwap = (shift: PlannedShift, to: string): Swap => ({
  id: `swap-${shift.key}`,
  shift: shift.key,
  from: shift.person,
  to,
  reason: '家里有事',
  askedAt: at(-60),
  state: 'asked',
});
const running = aShift({ from: at(-hour), until: at(hour) });
const later = aShift({ from: at(5 * hour), until: at(9 * hour) });
const over = aShift({ from: at(-9 * hour), until: at(-hour) });
const theirs = aShift({ person: 'you', from: at(hour), until: at(2 * hour) });

test('one’s own shifts are those that run or come, soonest first', () => {
  const { shifts } = ownShifts(view([later, theirs, over, running]), 'me', now);
  expect(shifts).toEqual([running, later]);
});

test('a swap waits for whoever was asked, and is shown to whoever asked', () => {
  const swaps = [aSwap(theirs, 'me'), aSwap(later, 'you')];
  const mine = ownShifts(view([theirs, later], swaps), 'me', now);
  expect(mine.askedOfMe.map(({ shift }) => shift.key)).toEqual([theirs.key]);
  expect([...mine.askedByMe.keys()]).toEqual([later.key]);
  expect(ownShifts(view([theirs, later], swaps), 'you', now).askedOfMe).toMatchObject([{ shift: later }]);
});

test('a swap waits no longer once its shift has begun, went to somebody else or is gone', () => {
  const moved = { ...theirs, key: 'moved', person: 'third' };
  const swaps = [
    { ...aSwap(running, 'you'), to: 'you' },
    { ...aSwap(moved, 'me'), from: 'you' },
    aSwap(aShift({ person: 'you', from: at(hour) }), 'me'),
  ];
  expect(ownShifts(view([running, moved], swaps), 'me', now)).toMatchObject({ askedOfMe: [] });
  expect(ownShifts(view([running, moved], swaps), 'me', now).askedByMe.size).toBe(0);
  expect(ownShifts(view([running, moved], swaps), 'you', now).askedOfMe).toEqual([]);
});

test('clocking in is meant for the shift that runs or begins within the hour, not for one that needs no gate', () => {
  expect(shiftToClockIn([running, later], now)).toBe(running);
  const soon = aShift({ from: at(0.9 * hour), until: at(9 * hour) });
  expect(shiftToClockIn([soon], now)).toBe(soon);
  expect(shiftToClockIn([later], now)).toBeUndefined();
  expect(shiftToClockIn([aShift({ ...running, role: 'leader', gates: [] })], now)).toBeUndefined();
});

test('the end of a shift is that of the one that runs', () => {
  expect(shiftEnd([running, later], now)).toBe(running.until);
  expect(shiftEnd([later], now)).toBeUndefined();
});
