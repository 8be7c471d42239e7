import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { SharedEventLog } from '../../../hub/announce/shared-event-log.ts';
import type { EventLog, Replay } from '../../../hub/event-log.ts';

/** A log that grows, and counts how often it is read. */
class GrowingLog implements EventLog {
  newest = 0;
  readings = 0;

  async lastId(): Promise<number> {
    return this.newest;
  }

  async after(id: number): Promise<Replay> {
    this.readings += 1;
    const ids = Array.from({ length: this.newest - id }, (_, at) => id + at + 1);
    return {
      kind: 'events',
      events: ids.map((each) => ({ id: each, event: { type: 'reset' } })),
      more: false,
    };
  }
}

const idsOf = (replay: Replay) => (replay.kind === 'events' ? replay.events.map(({ id }) => id) : []);

test('tablets that stand at the same place share one reading; others have their own', async () => {
  const log = new GrowingLog();
  log.newest = 3;
  const shared = new SharedEventLog(log);
  const read = await Promise.all([
    shared.after(1, 100),
    shared.after(1, 100),
    shared.after(2, 100),
    shared.after(1, 10),
  ]);
  expect(read.map(idsOf)).toEqual([[2, 3], [2, 3], [3], [2, 3]]);
  expect(log.readings).toBe(3);
});

test('whoever is woken by something new reads it, also in the same moment', async () => {
  const log = new GrowingLog();
  const shared = new SharedEventLog(log);
  expect(idsOf(await shared.after(0, 100))).toEqual([]);
  log.newest = 1;
  shared.forget();
  expect(idsOf(await shared.after(0, 100))).toEqual([1]);
});

test('nothing read is kept for longer than the moment', async () => {
  const log = new GrowingLog();
  const shared = new SharedEventLog(log);
  await shared.after(0, 100);
  log.newest = 1;
  await nextTurn();
  expect(idsOf(await shared.after(0, 100))).toEqual([1]);
});
