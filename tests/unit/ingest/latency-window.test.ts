import { expect, test } from 'vitest';
import { LatencyWindow } from '../../../hub/ingest/latency-window.ts';

test('an empty window has nothing to say', () => {
  expect(new LatencyWindow().summary()).toEqual({ p50: 0, p95: 0, count: 0 });
});

test('percentiles are samples, by nearest rank', () => {
  const window = new LatencyWindow(200);
  for (let ms = 100; ms >= 1; ms--) window.record(ms);
  expect(window.summary()).toEqual({ p50: 50, p95: 95, count: 100 });
});

test('only the newest samples count, and a clock that is ahead counts as zero', () => {
  const window = new LatencyWindow(3);
  for (const ms of [1000, 1000, -5, 1, 2]) window.record(ms);
  expect(window.summary()).toEqual({ p50: 1, p95: 2, count: 3 });
});
