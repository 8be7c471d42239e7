import { expect, test } from 'vitest';
import {
  hear,
  keptSightings,
  type LiveAction,
  type LiveState,
  startLive,
} from '../../../../dashboard/src/live/live-state.ts';
import type { DutyGap } from '../../../../hub/contract/roster.ts';
import { anAlert, aPassing, at } from '../builders.ts';

const ms = (seconds: number) => Date.parse(at(seconds));
const after = (state: LiveState, ...actions: LiveAction[]) => actions.reduce(hear, state);
const snapshot = (alerts = [anAlert()], seconds = 0): LiveAction => ({
  type: 'snapshot',
  snapshot: { alerts, sightings: [], duty: [], gaps: [] },
  askedAt: ms(seconds),
});
const alertEvent = (alert: ReturnType<typeof anAlert>): LiveAction => ({
  type: 'event',
  event: { type: 'alert', alert },
});
const connected = after(startLive(ms(0)), { type: 'connected', at: ms(1) }, snapshot([], 1));

test('an alert raised while the connection was away is marked as missed; one raised after it is not', () => {
  const back = after(connected, { type: 'lost', at: ms(60) }, { type: 'connected', at: ms(120) });
  const missed = anAlert({ openedAt: at(90) });
  const fresh = anAlert({ openedAt: at(121) });
  const told = after(back, alertEvent(missed), alertEvent(fresh));
  expect([...told.missed]).toEqual([missed.id]);
});

test('what the snapshot brings after a break is marked as missed as well', () => {
  const missed = anAlert({ openedAt: at(90) });
  const back = after(
    connected,
    { type: 'lost', at: ms(60) },
    { type: 'connected', at: ms(120) },
    snapshot([missed], 121),
  );
  expect([...back.missed]).toEqual([missed.id]);
});

test('nothing is missed when the page is opened, however old the alerts are', () => {
  const opened = after(
    startLive(ms(100)),
    { type: 'connected', at: ms(101) },
    snapshot([anAlert({ openedAt: at(5) })], 101),
  );
  expect(opened.missed.size).toBe(0);
});

test('a missed alert that someone takes is no longer marked', () => {
  const missed = anAlert({ openedAt: at(90) });
  const back = after(
    connected,
    { type: 'lost', at: ms(60) },
    { type: 'connected', at: ms(120) },
    alertEvent(missed),
  );
  const taken = after(back, alertEvent({ ...missed, state: 'acknowledged', updatedAt: at(130) }));
  expect(taken.missed.size).toBe(0);
});

test('an older word about an alert never undoes a newer one', () => {
  const open = anAlert();
  const taken = { ...open, state: 'acknowledged' as const, updatedAt: at(500) };
  const told = after(connected, alertEvent(taken), alertEvent(open));
  expect(told.alerts.get(open.id)?.state).toBe('acknowledged');
});

test('a snapshot drops what is gone, but keeps what the stream told since it was asked for', () => {
  const gone = anAlert({ updatedAt: at(10) });
  const fresh = anAlert({ updatedAt: at(200) });
  const told = after(connected, alertEvent(gone), alertEvent(fresh), snapshot([], 199));
  expect([...told.alerts.keys()]).toEqual([fresh.id]);
});

test('silence is shown as stale since the hub was last heard, and the next sign of life ends it', () => {
  const heard = after(connected, { type: 'heard', at: ms(30) }, { type: 'quiet' });
  expect([heard.connection, heard.since]).toEqual(['stale', ms(30)]);
  expect(after(heard, { type: 'heard', at: ms(50) }).connection).toBe('connected');
});

test('a lost connection counts from the last sign of life, also through many tries', () => {
  const lost = after(
    connected,
    { type: 'heard', at: ms(30) },
    { type: 'lost', at: ms(40) },
    { type: 'lost', at: ms(50) },
  );
  expect([lost.connection, lost.since]).toEqual(['reconnecting', ms(30)]);
});

test('of one sighting the newest revision stays, and only so many are kept, newest first', () => {
  const first = aPassing({ occurredAt: at(1), revision: 2 });
  const older = { ...first, revision: 1 };
  const many = Array.from({ length: keptSightings + 5 }, (_, index) =>
    aPassing({ occurredAt: at(10 + index) }),
  );
  const tell = (sighting: typeof first): LiveAction => ({
    type: 'event',
    event: { type: 'sighting', sighting },
  });
  const few = after(connected, tell(first), tell(older));
  expect(few.sightings.map(({ revision }) => revision)).toEqual([2]);
  expect(few.sightingsHeard).toBe(1);
  const full = after(few, ...many.map(tell));
  expect(full.sightings).toHaveLength(keptSightings);
  expect(full.sightings[0]).toBe(many.at(-1));
});

const aGap = (changes: Partial<DutyGap> = {}): DutyGap => ({
  id: 'gap-1',
  gate: 'east-gate',
  from: at(10),
  why: 'late',
  late: ['王师傅'],
  ...changes,
});
const gapEvent = (gap: DutyGap): LiveAction => ({ type: 'event', event: { type: 'gap', gap } });
const gapSnapshot = (gaps: DutyGap[], seconds: number): LiveAction => ({
  type: 'snapshot',
  snapshot: { alerts: [], sightings: [], duty: [], gaps },
  askedAt: ms(seconds),
});

test('a gate without anybody is known until somebody is there', () => {
  const vacant = after(connected, gapEvent(aGap()));
  expect([...vacant.gaps.keys()]).toEqual(['east-gate']);
  const acknowledged = { id: 'm', displayName: '李经理', at: at(20) };
  const seen = after(vacant, gapEvent(aGap({ acknowledged })));
  expect(seen.gaps.get('east-gate')?.acknowledged?.displayName).toBe('李经理');
  expect(after(seen, gapEvent(aGap({ until: at(60) }))).gaps.size).toBe(0);
});

test('the end of an earlier gap does not end the one that lasts', () => {
  const vacant = after(connected, gapEvent(aGap({ id: 'gap-2' })));
  expect(after(vacant, gapEvent(aGap({ until: at(60) }))).gaps.size).toBe(1);
});

test('a snapshot replaces the gaps, except what began or was seen to since it was asked for', () => {
  const vacant = after(connected, gapEvent(aGap()));
  expect(after(vacant, gapSnapshot([], 100)).gaps.size).toBe(0);
  const fresh = after(connected, gapEvent(aGap({ from: at(100) })));
  expect(after(fresh, gapSnapshot([], 100)).gaps.size).toBe(1);
  const acknowledged = { id: 'm', displayName: '李经理', at: at(101) };
  const seen = after(vacant, gapEvent(aGap({ acknowledged })));
  expect(after(seen, gapSnapshot([aGap()], 100)).gaps.get('east-gate')?.acknowledged).toBeDefined();
});
