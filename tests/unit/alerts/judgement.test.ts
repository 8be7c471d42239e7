import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { applyRevision, openAlert } from '../../../hub/alerts/alert.ts';
import { defaultAlertRules } from '../../../hub/alerts/alert-rules.ts';
import type { Staff } from '../../../hub/alerts/escalation.ts';
import { type AlertContext, type JudgedAgainst, judge } from '../../../hub/alerts/judgement.ts';
import type { Sighting } from '../../../hub/contract/sighting.ts';
import { buildSighting } from '../../builders/sighting.ts';

const now = '2026-03-01T08:00:30.000Z';
const person = randomUUID();
const known = (change: Partial<Sighting> = {}) =>
  buildSighting({ id: randomUUID(), subject: person, ...change });
const guard = { id: randomUUID(), displayName: 'Li' };
const manager = { id: randomUUID(), displayName: 'Wang' };
const staffed: Staff = {
  peopleAt: (stage) => (stage === 'on_duty' ? [guard] : stage === 'manager' ? [manager] : []),
};
const unstaffed: Staff = { peopleAt: (stage) => (stage === 'manager' ? [manager] : []) };
const loud = { snoozes: [], quietHours: [], wallClock: { weekday: 7, weekdayBefore: 6, time: '16:00' } };
const context: AlertContext = { rules: defaultAlertRules, staff: staffed, quiet: loud };
const judgeNow = (
  sighting: Sighting,
  against: Partial<JudgedAgainst> = {},
  change: Partial<AlertContext> = {},
) =>
  judge(
    sighting,
    { sameSubject: [], atGate: [], clockSkewMs: 0, ...against },
    { ...context, ...change },
    'new',
    now,
  );
const minutesLater = (minutes: number) =>
  new Date(Date.parse('2026-03-01T08:00:01.000Z') + minutes * 60_000).toISOString();

describe('a sighting without flags', () => {
  test('rings nobody', () => expect(judgeNow(known({ flags: [] }))).toEqual({ changed: [], notices: [] }));
});

describe('a flagged sighting', () => {
  test('opens an alert for the audience of its gate', () => {
    const { changed, alert } = judgeNow(known(), {}, { staff: unstaffed });
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
    expect(judgeNow(again, { ...against, linked: earlier })).toEqual({
      changed: [],
      notices: [],
      alert: 'earlier',
    });
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

describe('two cameras of a gate', () => {
  const stranger = (change: Partial<Sighting> = {}) =>
    buildSighting({ id: randomUUID(), subject: undefined, ...change });
  const seen = openAlert('seen', stranger({ direction: 'entry' }), 'on_duty', now);
  const other = (change: Partial<Sighting> = {}) =>
    stranger({ camera: 'east-face', decidedAt: '2026-03-01T08:00:04.000Z', ...change });

  test('that flag the same at the same moment are one alert, which names both', () => {
    const { changed, alert, notices } = judgeNow(other(), { atGate: [seen] });
    expect(alert).toBe('seen');
    expect(changed).toMatchObject([{ id: 'seen', repeats: 1, cameras: ['east-face'] }]);
    expect(notices).toEqual([]);
  });

  test.each<[string, Partial<Sighting>]>([
    ['the moment is another', { decidedAt: '2026-03-01T08:00:07.000Z' }],
    ['the camera is the same', { camera: 'east-lane' }],
    ['they go opposite ways', { direction: 'exit' }],
    ['it is a vehicle', { kind: 'vehicle' }],
    ['a flag is new', { flags: ['mask_not_worn', 'first_time'] }],
  ])('are two alerts when %s', (_, change) =>
    expect(judgeNow(other(change), { atGate: [seen] }).alert).toBe('new'),
  );

  test('are two alerts when they know two people', () => {
    const knownSeen = { ...seen, subject: randomUUID() };
    expect(judgeNow(other({ subject: randomUUID() }), { atGate: [knownSeen] }).alert).toBe('new');
  });

  test('stay one alert through later revisions, until these say otherwise', () => {
    const joined = { ...seen, subject: person, repeats: 1, cameras: ['east-face'] };
    const later = other({ revision: 2 });
    expect(judgeNow(later, { linked: joined, atGate: [joined] })).toMatchObject({
      changed: [],
      alert: 'seen',
    });
    const somebodyElse = other({ revision: 3, subject: randomUUID() });
    expect(judgeNow(somebodyElse, { linked: joined, atGate: [joined] })).toMatchObject({
      changed: [{ id: 'seen', repeats: 0 }, { id: 'new' }],
      alert: 'new',
    });
  });
});

describe('a storm', () => {
  const many = (count: number, change: Partial<Sighting> = {}) =>
    Array.from({ length: count }, (_, at) =>
      openAlert(`a${at}`, known({ subject: randomUUID(), ...change }), 'on_duty', now),
    );
  const next = () => known({ subject: randomUUID(), decidedAt: '2026-03-01T08:00:29.000Z' });

  test('begins when a ninth alert of the same flags would open within a minute', () => {
    expect(judgeNow(next(), { atGate: many(7) }).alert).toBe('new');
    const { alert, changed, notices } = judgeNow(next(), { atGate: many(8) });
    expect(alert).toBe('a0');
    expect(changed).toMatchObject([{ id: 'a0', repeats: 1, storm: { count: 2, lastAt: now } }]);
    expect(notices).toEqual([]);
  });

  test('goes on with a count as long as it does not pause for a minute', () => {
    const [first, ...rest] = many(8);
    const lastAt = '2026-03-01T07:59:40.000Z';
    const going = { ...first, openedAt: '2026-03-01T07:50:00.000Z', storm: { count: 40, lastAt } };
    expect(judgeNow(next(), { atGate: [going] }).changed).toMatchObject([{ storm: { count: 41 } }]);
    const paused = { ...going, storm: { count: 40, lastAt: '2026-03-01T07:59:29.000Z' } };
    expect(judgeNow(next(), { atGate: [paused, ...rest.slice(0, 3)] }).alert).toBe('new');
  });

  test('never hides another flag', () => {
    const watched = known({ subject: randomUUID(), flags: ['watched_province'] });
    expect(judgeNow(watched, { atGate: many(20) }).alert).toBe('new');
  });

  test('counts only alerts of exactly its flags, and none that are quiet', () => {
    const withMore = many(20, { flags: ['mask_not_worn', 'first_time'] });
    expect(judgeNow(next(), { atGate: withMore }).alert).toBe('new');
    const quiet = many(20).map((alert) => ({ ...alert, quiet: { why: 'snooze' as const } }));
    expect(judgeNow(next(), { atGate: quiet }).alert).toBe('new');
  });

  test('keeps what it took when the sighting is revised later', () => {
    const [first] = many(1);
    const over = { ...first, state: 'resolved' as const, storm: { count: 9, lastAt: now } };
    expect(judgeNow({ ...next(), revision: 2 }, { linked: over })).toEqual({
      changed: [],
      notices: [],
      alert: 'a0',
    });
  });

  test('does not take what comes too late to ring', () => {
    const old = known({ subject: randomUUID(), decidedAt: '2026-03-01T07:00:00.000Z' });
    expect(judgeNow(old, { atGate: many(8) }).changed).toMatchObject([{ id: 'new', state: 'expired' }]);
  });
});

describe('who is told', () => {
  test('when an alert opens: those on duty at its gate, with the time of the next stage', () => {
    const { changed, notices } = judgeNow(known());
    expect(changed).toMatchObject([
      {
        steps: [{ stage: 'on_duty', why: 'opened', people: [guard], at: now }],
        nextStepAt: '2026-03-01T08:01:30.000Z',
      },
    ]);
    expect(notices).toEqual([
      {
        at: now,
        about: { kind: 'alert', alert: 'new' },
        site: 'demo',
        gate: 'east-gate',
        stage: 'on_duty',
        people: [guard.id],
      },
    ]);
  });

  test('when nobody is on duty: the next stage that has anybody, at once', () => {
    const { changed } = judgeNow(known(), {}, { staff: unstaffed });
    expect(changed).toMatchObject([
      { audience: 'managers', steps: [{ stage: 'manager', why: 'nobody_on_duty', people: [manager] }] },
    ]);
    expect(changed[0].nextStepAt).toBeUndefined();
  });

  test('nobody, when it comes too late or everything it says is quiet', () => {
    expect(judgeNow(known({ decidedAt: '2026-03-01T07:00:00.000Z' })).notices).toEqual([]);
    const night = {
      flags: ['mask_not_worn' as const],
      gates: [],
      weekdays: [7],
      startsAt: '15:00',
      endsAt: '17:00',
    };
    const { changed, notices } = judgeNow(known(), {}, { quiet: { ...loud, quietHours: [night] } });
    expect(changed).toMatchObject([{ state: 'open', quiet: { why: 'quiet_hours' }, steps: [] }]);
    expect(notices).toEqual([]);
  });
});
