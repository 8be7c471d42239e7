import { expect, test } from 'vitest';
import { arrangeFeed, chooseFocus } from '../../../../dashboard/src/guard/feed.ts';
import { anAlert, at } from '../builders.ts';

const taken = (by: string) => ({ id: by, displayName: by, at: at(1) });
const old = anAlert({ openedAt: at(1) });
const fresh = anAlert({ openedAt: at(9) });
const mine = anAlert({ openedAt: at(2), state: 'acknowledged', acknowledged: taken('me') });
const theirs = anAlert({ openedAt: at(8), state: 'acknowledged', acknowledged: taken('you') });
const away = anAlert({ gate: 'west-gate' });
const all = [old, fresh, mine, theirs, away];
const feed = arrangeFeed(all, 'east-gate', new Map(), 'me');
const free = { id: undefined, held: false };

test('alerts are sorted by what is to be done, newest first; other gates are only counted', () => {
  expect(feed.waiting).toEqual([fresh, old]);
  expect(feed.inHand).toEqual([theirs, mine]);
  expect(feed.waitingElsewhere).toBe(1);
  expect(arrangeFeed(all, undefined, new Map(), 'me').waiting).toContain(away);
});

test('an alert whose end waits for undo is out of the feed', () => {
  const pending = new Map([
    [fresh.id, { alert: fresh, disposition: 'let_in' as const, sendAt: 0, unsent: false }],
  ]);
  expect(arrangeFeed(all, 'east-gate', pending, 'me').waiting).toEqual([old]);
});

test('the newest alert that waits is large', () => {
  expect(chooseFocus(free, feed, 'me', false)).toBe(fresh.id);
  expect(chooseFocus({ id: old.id, held: false }, feed, 'me', false)).toBe(fresh.id);
});

test('a new alert changes nothing under a finger, nor when one is being dealt with', () => {
  expect(chooseFocus({ id: old.id, held: false }, feed, 'me', true)).toBe(old.id);
  expect(chooseFocus({ id: mine.id, held: true }, feed, 'me', false)).toBe(mine.id);
});

test('a held alert that is done gives way', () => {
  expect(chooseFocus({ id: 'done', held: true }, feed, 'me', true)).toBe(fresh.id);
});

test('when nothing waits, what I have taken comes before what others have', () => {
  const inHand = arrangeFeed([mine, theirs], 'east-gate', new Map(), 'me');
  expect(chooseFocus(free, inHand, 'me', false)).toBe(mine.id);
  expect(chooseFocus(free, inHand, 'nobody', false)).toBe(theirs.id);
  expect(chooseFocus(free, arrangeFeed([], undefined, new Map(), 'me'), 'me', false)).toBeUndefined();
});

test('what is quiet is listed for itself, counts nowhere, and is large only when it was chosen', () => {
  const quiet = anAlert({ openedAt: at(20), quiet: { why: 'snooze', reason: '搬家' } });
  const quietAway = anAlert({ gate: 'west-gate', quiet: { why: 'quiet_hours' } });
  const arranged = arrangeFeed([...all, quiet, quietAway], 'east-gate', new Map(), 'me');
  expect(arranged.quiet).toEqual([quiet]);
  expect(arranged.waiting).toEqual([fresh, old]);
  expect(arranged.waitingElsewhere).toBe(1);
  expect(chooseFocus(free, arranged, 'me', false)).toBe(fresh.id);
  expect(chooseFocus({ id: quiet.id, held: true }, arranged, 'me', false)).toBe(quiet.id);
});

test('an alert of another gate that I was told of is among mine', () => {
  const people = [{ id: 'me', displayName: 'me' }];
  const asked = anAlert({
    gate: 'west-gate',
    openedAt: at(30),
    steps: [{ stage: 'next_gate', at: at(60), why: 'unanswered', people }],
  });
  expect(arrangeFeed([...all, asked], 'east-gate', new Map(), 'me').waiting[0]).toBe(asked);
  expect(arrangeFeed([...all, asked], 'east-gate', new Map(), 'you').waitingElsewhere).toBe(2);
});
