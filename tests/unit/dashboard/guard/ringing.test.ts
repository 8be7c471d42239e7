import { expect, test } from 'vitest';
import { isHelping, loudest, ringsFor, wasTold } from '../../../../dashboard/src/guard/ringing.ts';
import type { AlertStep } from '../../../../hub/contract/api.ts';
import { anAlert, aSession, at } from '../builders.ts';

const told = (person: string, stage: AlertStep['stage'] = 'next_gate'): AlertStep => ({
  stage,
  at: at(0),
  why: 'unanswered',
  people: [{ id: person, displayName: person }],
});

test('a guard on duty hears the own gate only', () => {
  const session = aSession('guard', 'east-gate');
  expect(ringsFor(anAlert({ gate: 'east-gate' }), session)).toBe(true);
  expect(ringsFor(anAlert({ gate: 'west-gate' }), session)).toBe(false);
});

test('whoever was told of another gate’s alert hears it, as one who helps', () => {
  const session = aSession('guard', 'east-gate');
  const asked = anAlert({ gate: 'west-gate', steps: [told('you', 'on_duty'), told('me')] });
  expect(ringsFor(asked, session)).toBe(true);
  expect(isHelping(asked, session)).toBe(true);
  expect(wasTold(anAlert({ steps: [told('you')] }), 'me')).toBe(false);
});

test('an alert of the own gate is no help, and neither is any while off duty', () => {
  const own = anAlert({ gate: 'east-gate', steps: [told('me', 'on_duty')] });
  expect(isHelping(own, aSession('guard', 'east-gate'))).toBe(false);
  expect(isHelping(anAlert({ gate: 'west-gate', steps: [told('me')] }), aSession('guard'))).toBe(false);
});

test('managers hear what they were told, and what nobody could be told', () => {
  const session = aSession('manager');
  expect(ringsFor(anAlert({ audience: 'on_duty' }), session)).toBe(false);
  expect(ringsFor(anAlert({ audience: 'managers' }), session)).toBe(true);
  expect(ringsFor(anAlert({ audience: 'managers', steps: [told('you', 'manager')] }), session)).toBe(false);
  expect(ringsFor(anAlert({ steps: [told('you', 'on_duty'), told('me', 'manager')] }), session)).toBe(true);
});

test('nothing rings that somebody has taken', () => {
  expect(ringsFor(anAlert({ state: 'acknowledged' }), aSession('guard', 'east-gate'))).toBe(false);
});

test('what is snoozed or falls into quiet hours rings for nobody, also not for those who were told', () => {
  const session = aSession('guard', 'east-gate');
  for (const why of ['snooze', 'quiet_hours'] as const) {
    expect(ringsFor(anAlert({ quiet: { why }, steps: [told('me')] }), session)).toBe(false);
  }
});

test('of several alerts the loudest rings', () => {
  const low = anAlert({ flags: ['province_uncertain'] });
  const high = anAlert({ flags: ['first_time', 'mask_not_worn'] });
  expect(loudest([low, high])).toBe('high');
  expect(loudest([low])).toBe('low');
  expect(loudest([])).toBeUndefined();
});
