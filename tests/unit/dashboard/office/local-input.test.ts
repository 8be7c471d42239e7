import { expect, test } from 'vitest';
import { fromLocalInput, toLocalInput } from '../../../../dashboard/src/office/local-input.ts';

test('an instant goes to the picker in local time and comes back, to the minute', () => {
  const instant = new Date(2026, 2, 1, 8, 5).toISOString();
  expect(toLocalInput(instant)).toBe('2026-03-01T08:05');
  expect(fromLocalInput(toLocalInput(instant))).toBe(instant);
});

test('nothing stays nothing', () => {
  expect([toLocalInput(''), fromLocalInput(''), fromLocalInput('x')]).toEqual(['', '', '']);
});
