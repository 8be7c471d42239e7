import { expect, test } from 'vitest';
import {
  fromLastDay,
  fromLocalInput,
  toLastDay,
  toLocalInput,
} from '../../../../dashboard/src/office/local-input.ts';

test('an instant goes to the picker in local time and comes back, to the minute', () => {
  const instant = new Date(2026, 2, 1, 8, 5).toISOString();
  expect(toLocalInput(instant)).toBe('2026-03-01T08:05');
  expect(fromLocalInput(toLocalInput(instant))).toBe(instant);
});

test('nothing stays nothing', () => {
  expect([toLocalInput(''), fromLocalInput(''), fromLocalInput('x')]).toEqual(['', '', '']);
});

test('a last day ends with the midnight after it, here, and comes back as that day', () => {
  expect(fromLastDay('2026-02-28')).toBe(new Date(2026, 2, 1).toISOString());
  expect(toLastDay(fromLastDay('2026-02-28'))).toBe('2026-02-28');
  expect([toLastDay(undefined), fromLastDay('')]).toEqual(['', undefined]);
});
