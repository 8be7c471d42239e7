import { expect, test } from 'vitest';
import { handlingTimes, median } from '../../../../dashboard/src/alerts/handling-times.ts';
import { anAlert, at } from '../builders.ts';

test('the median is the middle, or between the two middle ones', () => {
  expect([median([5, 1, 9]), median([1, 3]), median([])]).toEqual([5, 2, undefined]);
});

test('taking counts from the opening, resolving from the taking; what nobody took counts in neither', () => {
  const who = { id: 'x', displayName: 'x' };
  const done = anAlert({
    openedAt: at(0),
    state: 'resolved',
    acknowledged: { ...who, at: at(10) },
    resolved: { ...who, at: at(40), disposition: 'let_in' },
  });
  expect(handlingTimes([done, anAlert()])).toEqual({ acknowledgeMs: 10_000, resolveMs: 30_000 });
});
