import { describe, expect, test } from 'vitest';
import { shiftPattern } from '../../../hub/contract/roster.ts';
import { demoColleagues, demoGate, demoPatterns } from '../../../hub/demo/demo-roster.ts';
import { findGaps } from '../../../hub/roster/gaps.ts';
import { plannedShifts } from '../../../hub/roster/planned-shifts.ts';

const timeZone = 'Asia/Shanghai';
const hourMs = 3_600_000;
const person = '0195500c-0000-7000-8000-000000000000';
const starts = Array.from({ length: 21 }, (_, index) => Date.UTC(2026, 2, 1, 0, 30) + index * 8 * hourMs);

function planAt(now: number, span: { from: number; until: number }) {
  const patterns = demoPatterns(now, timeZone);
  const roster = {
    timeZone,
    patterns: patterns.map(({ username, ...pattern }, index) => ({
      ...pattern,
      person: username,
      id: `${index}`,
    })),
    singles: [],
    changes: [],
    holidays: [],
    people: new Map(patterns.map(({ username }) => [username, { displayName: username }])),
  };
  return plannedShifts(roster, span);
}

describe('the roster of the demo, whenever it is started', () => {
  test('whoever logs in as the guard has the shift that runs, and the manager is on call', () => {
    for (const now of starts) {
      const running = planAt(now, { from: now, until: now + 1 });
      const who = (role: string) =>
        running.filter((shift) => shift.role === role).map((shift) => shift.person);
      expect([new Date(now).toISOString(), ...who('guard')]).toEqual([new Date(now).toISOString(), 'guard']);
      expect(who('on_call')).toEqual(['manager']);
    }
  });

  test('one shift of the week is nobody’s', () => {
    for (const now of starts) {
      const span = { from: now, until: now + 7 * 24 * hourMs };
      const gaps = findGaps(
        { settings: { timeZone, staffed: [] }, plannedGates: [demoGate] },
        planAt(now, span),
        span,
      );
      const hours = gaps.map(({ from, until }) => (Date.parse(until) - Date.parse(from)) / hourMs);
      expect(hours.reduce((sum, each) => sum + each, 0)).toBe(8);
    }
  });

  test('is one that the hub accepts, of people whom the demo has', () => {
    const known = ['guard', 'manager', ...demoColleagues.map(({ username }) => username)];
    for (const { username, ...pattern } of demoPatterns(starts[0], timeZone)) {
      expect(known).toContain(username);
      expect(shiftPattern.safeParse({ ...pattern, person }).success).toBe(true);
    }
  });
});
