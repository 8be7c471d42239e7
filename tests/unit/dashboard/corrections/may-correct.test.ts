import { describe, expect, test } from 'vitest';
import { mayCorrect } from '../../../../dashboard/src/corrections/may-correct.ts';
import { aSession, at } from '../builders.ts';

describe('who may correct', () => {
  const now = Date.parse(at(0));
  const seen = { gate: 'east-gate', occurredAt: at(-3600) };

  test('a guard at the gate of the duty, within a day', () => {
    expect(mayCorrect(aSession('guard', 'east-gate'), seen, now)).toBe(true);
    expect(mayCorrect(aSession('guard', 'west-gate'), seen, now)).toBe(false);
    expect(mayCorrect(aSession('guard'), seen, now)).toBe(false);
    expect(mayCorrect(aSession('guard', 'east-gate'), { ...seen, occurredAt: at(-25 * 3600) }, now)).toBe(
      false,
    );
  });

  test('managers and admins everything, installers nothing', () => {
    const old = { gate: 'west-gate', occurredAt: at(-80 * 86_400) };
    expect(
      (['manager', 'admin', 'installer'] as const).map((role) => mayCorrect(aSession(role), old, now)),
    ).toEqual([true, true, false]);
  });
});
