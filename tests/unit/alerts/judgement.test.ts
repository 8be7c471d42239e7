import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { applyRevision, openAlert } from '../../../hub/alerts/alert.ts';
import { defaultAlertRules, type JudgedAgainst, judge } from '../../../hub/alerts/judgement.ts';
import type { Sighting } from '../../../hub/contract/sighting.ts';
import { buildSighting } from '../../builders/sighting.ts';

const now = '2026-03-01T08:00:30.000Z';
const person = randomUUID();
const known = (change: Partial<Sighting> = {}) =>
  buildSighting({ id: randomUUID(), subject: person, ...change });
const judgeNow = (sighting: Sighting, against: Partial<JudgedAgainst> = {}) =>
  judge(
    sighting,
    { sameSubject: [], audience: 'on_duty', clockSkewMs: 0, ...against },
    defaultAlertRules,
    'new',
    now,
  );
const minutesLater = (minutes: number) =>
  new Date(Date.parse('2026-03-01T08:00:01.000Z') + minutes * 60_000).toISOString();

describe('a sighting without flags', () => {
  test('rings nobody', () => expect(judgeNow(known({ flags: [] }))).toEqual({ changed: [] }));
});

describe('a flagged sighting', () => {
  test('opens an alert for the audience of its gate', () => {
    const { changed, alert } = judgeNow(known(), { audience: 'managers' });
    expect(changed).toMatchObject([{ id: 'new', state: 'open', audience: 'managers', subject: person }]);
    expect(alert).toBe('new');
  });

  test('of nobody known is never folded in', () => {
    const unknown = buildSighting();
    const earlier = openAlert('earlier', unknown, 'on_duty', now);
    expect(judgeNow(buildSighting({ id: randomUUID() }), { sameSubject: [earlier] }).alert).toBe('new');
  });

  test('older than an alert may get is logged as expired', () => {
    const old = known({ decidedAt: '2026-03-01T07:29:00.000Z' });
    expect(judgeNow(old).changed).toMatchObject([{ state: 'expired' }]);
  });

  test('of a box whose clock is behind rings all the same', () => {
    const fromSlowClock = known({ decidedAt: '2026-03-01T07:00:00.000Z' });
    expect(judgeNow(fromSlowClock, { clockSkewMs: -3_600_000 }).changed).toMatchObject([{ state: 'open' }]);
  });
});

describe('the cooldown', () => {
  const earlier = openAlert('earlier', known(), 'on_duty', now);
  const against = { sameSubject: [earlier] };

  test('folds the same subject, flag and gate in', () => {
    const { changed, alert } = judgeNow(known({ decidedAt: minutesLater(9) }), against);
    expect(changed).toMatchObject([{ id: 'earlier', repeats: 1 }]);
    expect(alert).toBe('earlier');
  });

  test.each<[string, Partial<Sighting>]>([
    ['it is over', { decidedAt: minutesLater(10) }],
    ['the gate is another', { gate: 'west-gate' }],
    ['a flag is new', { flags: ['mask_not_worn', 'first_time'] }],
    ['the subject is another', { subject: randomUUID() }],
  ])('rings again when %s', (_, change) => expect(judgeNow(known(change), against).alert).toBe('new'));

  test('does not hide behind an alert that was withdrawn', () => {
    const withdrawn = applyRevision(earlier, known({ flags: [] }), now);
    expect(judgeNow(known(), { sameSubject: [withdrawn] }).alert).toBe('new');
  });

  test('counts a sighting once, whatever its number of revisions', () => {
    const again = known({ revision: 2 });
    expect(judgeNow(again, { ...against, linked: earlier })).toEqual({ changed: [], alert: 'earlier' });
  });

  test('gives back what turned out to need nobody', () => {
    const folded = { ...earlier, repeats: 1 };
    expect(judgeNow(known({ flags: [] }), { linked: folded, sameSubject: [folded] })).toMatchObject({
      changed: [{ id: 'earlier', repeats: 0 }],
    });
  });

  test('gives back, and rings, what turned out to be another subject', () => {
    const folded = { ...earlier, repeats: 1 };
    const { changed } = judgeNow(known({ subject: randomUUID() }), { linked: folded });
    expect(changed).toMatchObject([{ id: 'earlier', repeats: 0 }, { id: 'new' }]);
  });
});

test('a later revision changes the alert that its sighting opened, and no other', () => {
  const sighting = known();
  const own = openAlert('own', sighting, 'on_duty', now);
  const other = openAlert('other', known(), 'on_duty', now);
  const { changed, alert } = judgeNow(
    { ...sighting, revision: 2, direction: 'exit' },
    { linked: own, sameSubject: [other, own] },
  );
  expect(changed).toMatchObject([{ id: 'own', direction: 'exit', repeats: 0 }]);
  expect(alert).toBe('own');
});
