import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Duty } from '../../../hub/contract/api.ts';
import { clockedIn, clockedOut } from '../../../hub/roster/duty.ts';

const since = '2026-03-01T08:00:00.000Z';
const later = '2026-03-01T09:00:00.000Z';
const wang: Duty = { person: randomUUID(), displayName: '王师傅', gate: 'east-gate', since };

test('clocking in elsewhere moves the person', () => {
  const moved = { ...wang, gate: 'west-gate', since: later };
  expect(clockedIn([wang], moved)).toEqual([moved]);
});

test('clocking in again at the same gate keeps the first time', () => {
  expect(clockedIn([wang], { ...wang, since: later })).toEqual([wang]);
});

test('clocking out leaves the others', () => {
  const li = { ...wang, person: randomUUID() };
  expect(clockedOut([wang, li], wang.person)).toEqual([li]);
});

test('whoever clocks in and out in whatever order, nobody is at two gates', () => {
  const step = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('east', 'west', undefined));
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      let duties: Duty[] = [];
      for (const [person, gate] of steps) {
        duties = gate
          ? clockedIn(duties, { person, displayName: person, gate, since })
          : clockedOut(duties, person);
        expect(new Set(duties.map((duty) => duty.person)).size).toBe(duties.length);
        expect(duties.find((duty) => duty.person === person)?.gate).toBe(gate);
      }
    }),
  );
});
