import { expect, test } from 'vitest';
import { loudest, ringsFor } from '../../../../dashboard/src/guard/ringing.ts';
import { anAlert, aSession } from '../builders.ts';

test('a guard on duty hears the own gate only', () => {
  const session = aSession('guard', 'east-gate');
  expect(ringsFor(anAlert({ gate: 'east-gate' }), session)).toBe(true);
  expect(ringsFor(anAlert({ gate: 'west-gate' }), session)).toBe(false);
});

test('managers hear what nobody at the gate can', () => {
  const session = aSession('manager');
  expect(ringsFor(anAlert({ audience: 'on_duty' }), session)).toBe(false);
  expect(ringsFor(anAlert({ audience: 'managers' }), session)).toBe(true);
});

test('nothing rings that somebody has taken', () => {
  expect(ringsFor(anAlert({ state: 'acknowledged' }), aSession('guard', 'east-gate'))).toBe(false);
});

test('of several alerts the loudest rings', () => {
  const low = anAlert({ flags: ['province_uncertain'] });
  const high = anAlert({ flags: ['first_time', 'mask_not_worn'] });
  expect(loudest([low, high])).toBe('high');
  expect(loudest([low])).toBe('low');
  expect(loudest([])).toBeUndefined();
});
