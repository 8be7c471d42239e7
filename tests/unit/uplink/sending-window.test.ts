import { expect, test } from 'vitest';
import type { OutboxItem } from '../../../edge/outbox/outbox.ts';
import { backOffMs } from '../../../edge/uplink/back-off.ts';
import { SendingWindow } from '../../../edge/uplink/sending-window.ts';

const item = (sequence: number): OutboxItem => ({
  sequence,
  kind: 'sighting',
  id: `s${sequence}`,
  revision: 1,
  payload: Buffer.alloc(0),
});
const receiptFor = (sequence: number) => ({
  schema: 1 as const,
  sightings: [{ id: `s${sequence}`, revision: 1 }],
  evidence: [],
  refused: [],
});

test('a sent item takes room until its receipt', () => {
  const window = new SendingWindow(2, 1000);
  window.sent(item(1), 0);
  window.sent(item(2), 0);
  expect(window.room).toBe(0);
  window.settled(receiptFor(1));
  expect(window.room).toBe(1);
  expect(window.cursor).toBe(2);
});

test('an overdue receipt starts again from the oldest item', () => {
  const window = new SendingWindow(2, 1000);
  window.sent(item(7), 0);
  expect(window.rewindIfOverdue(1000)).toBe(false);
  expect(window.rewindIfOverdue(1001)).toBe(true);
  expect([window.cursor, window.room]).toEqual([0, 2]);
});

test('a refusal frees the room too', () => {
  const window = new SendingWindow(1, 1000);
  window.sent(item(1), 0);
  window.settled({
    schema: 1,
    sightings: [],
    evidence: [],
    refused: [{ kind: 'sighting', id: 's1', revision: 1, code: 'X' }],
  });
  expect(window.room).toBe(1);
});

test('back-off rises from half a second to at most thirty, never below half its ceiling', () => {
  expect(backOffMs(0, 0)).toBe(250);
  expect(backOffMs(0, 0.999)).toBeLessThanOrEqual(500);
  expect(backOffMs(40, 0.999)).toBeLessThanOrEqual(30_000);
  expect(backOffMs(40, 0)).toBe(15_000);
});
