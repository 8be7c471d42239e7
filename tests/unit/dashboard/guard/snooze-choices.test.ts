import { expect, test } from 'vitest';
import { maySnooze, snoozeEnds, snoozeTargets } from '../../../../dashboard/src/guard/snooze-choices.ts';
import { anAlert, aSession, at } from '../builders.ts';

const now = Date.parse(at(0));

test('every flag of an alert can be snoozed, the weightiest first, and its subject when it is known', () => {
  const alert = anAlert({ flags: ['first_time', 'mask_not_worn'], subject: 'somebody' });
  expect(snoozeTargets(alert)).toEqual([
    { flag: 'mask_not_worn' },
    { flag: 'first_time' },
    { subject: 'somebody' },
  ]);
  expect(snoozeTargets(anAlert())).toEqual([{ flag: 'mask_not_worn' }]);
});

test('a snooze lasts a quarter of an hour, an hour, or until the shift that runs is over', () => {
  expect(snoozeEnds(now, at(7200))).toEqual({ minutes15: at(900), hour1: at(3600), shiftEnd: at(7200) });
  expect(snoozeEnds(now, undefined)).not.toHaveProperty('shiftEnd');
  expect(snoozeEnds(now, at(20))).not.toHaveProperty('shiftEnd');
});

test('guards decide about the gate where they are on duty, managers about all, installers about none', () => {
  const [east, everywhere] = [{ gate: 'east-gate' }, {}];
  expect(maySnooze(east, aSession('guard', 'east-gate'))).toBe(true);
  expect(maySnooze(east, aSession('guard', 'west-gate'))).toBe(false);
  expect(maySnooze(everywhere, aSession('guard'))).toBe(false);
  expect(maySnooze(everywhere, aSession('manager'))).toBe(true);
  expect(maySnooze(east, aSession('installer'))).toBe(false);
});
