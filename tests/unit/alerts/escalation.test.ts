import { describe, expect, test } from 'vitest';
import { acknowledge, applyRevision, expire, openAlert } from '../../../hub/alerts/alert.ts';
import { defaultAlertRules } from '../../../hub/alerts/alert-rules.ts';
import { escalate, type Staff, tellAgain, tellFirst } from '../../../hub/alerts/escalation.ts';
import type { Alert, AlertStage } from '../../../hub/contract/api.ts';
import { buildSighting } from '../../builders/sighting.ts';

const start = '2026-03-01T08:00:30.000Z';
const later = (seconds: number) => new Date(Date.parse(start) + seconds * 1000).toISOString();
const person = (id: string) => ({ id, displayName: id });
const staffOf = (people: Partial<Record<AlertStage, string[]>>): Staff => ({
  peopleAt: (stage) => (people[stage] ?? []).map(person),
});
const everybody = staffOf({ on_duty: ['li'], next_gate: ['hu'], shift_leader: ['ma'], manager: ['wu'] });
const opened = (change = {}): Alert => openAlert('a', buildSighting(change), 'on_duty', start);
const told = (staff: Staff, alert = opened()) => tellFirst(alert, staff, defaultAlertRules, start).alert;
const stages = (alert: Alert) => alert.steps.map(({ stage }) => stage);

/** Lets time pass, a second at a time, and gives what was told and when. */
function passTime(alert: Alert, staff: Staff, seconds: number) {
  let current = alert;
  const notices: string[] = [];
  for (let second = 0; second <= seconds; second += 1) {
    const next = escalate(current, staff, defaultAlertRules, later(second));
    notices.push(...next.notices.map(({ stage, people }) => `${second} ${stage} ${people}`));
    current = next.alert;
  }
  return { alert: current, notices };
}

describe('an alert that nobody answers', () => {
  test('is told to the next gate, the leader and the manager, each after the time of its flag', () => {
    const { alert, notices } = passTime(told(everybody), everybody, 600);
    expect(notices).toEqual(['60 next_gate hu', '120 shift_leader ma', '180 manager wu']);
    expect(alert.steps.map(({ why }) => why)).toEqual(['opened', 'unanswered', 'unanswered', 'unanswered']);
    expect(alert.nextStepAt).toBeUndefined();
  });

  test('takes the shortest time of its flags', () => {
    const urgent = opened({ flags: ['province_uncertain', 'watched_province'] });
    expect(passTime(told(everybody, urgent), everybody, 40).notices).toEqual(['30 next_gate hu']);
  });

  test('passes over stages that have nobody, or nobody new, without waiting for them', () => {
    const thin = staffOf({ on_duty: ['li'], shift_leader: ['li'], manager: ['li', 'wu'] });
    expect(passTime(told(thin), thin, 600).notices).toEqual(['60 manager wu']);
  });

  test('stops when there is nobody left to tell', () => {
    const alone = staffOf({ on_duty: ['li'] });
    const { alert, notices } = passTime(told(alone), alone, 600);
    expect(notices).toEqual([]);
    expect(alert.nextStepAt).toBeUndefined();
  });

  test('never tells a stage twice, whatever changes on the roster meanwhile', () => {
    const first = passTime(told(everybody), everybody, 70).alert;
    const changed = staffOf({ on_duty: ['xu'], next_gate: ['qi'], manager: ['wu'] });
    expect(stages(passTime(first, changed, 600).alert)).toEqual(['on_duty', 'next_gate', 'manager']);
  });
});

describe('escalation ends', () => {
  const waiting = told(everybody);

  test.each<[string, Alert]>([
    ['it is acknowledged', acknowledge(waiting, person('li'), later(20))],
    ['it expires', expire(waiting, later(20))],
    ['the box takes it back', applyRevision(waiting, buildSighting({ flags: [], revision: 2 }), later(20))],
  ])('when %s', (_, alert) => {
    expect(alert.nextStepAt).toBeUndefined();
    expect(passTime(alert, everybody, 600).notices).toEqual([]);
  });

  test('and goes on where it was when a withdrawn alert opens again', () => {
    const gone = applyRevision(waiting, buildSighting({ flags: [], revision: 2 }), later(20));
    const back = applyRevision(gone, buildSighting({ revision: 3 }), later(30));
    const again = tellAgain(back, everybody, defaultAlertRules, later(30));
    expect(again.notices).toEqual([]);
    expect(passTime(again.alert, everybody, 100).notices).toEqual(['90 next_gate hu']);
  });
});

test('a quiet alert is told to nobody', () => {
  const quiet = { ...opened(), quiet: { why: 'snooze' as const } };
  expect(tellFirst(quiet, everybody, defaultAlertRules, start)).toEqual({ alert: quiet, notices: [] });
});
