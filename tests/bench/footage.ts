import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { SiteHealth } from '../../hub/contract/api.ts';
import { findChromium, openTablet } from '../builders/chromium.ts';
import { DemoProcess } from '../builders/demo-process.ts';

/**
 * Benchmarks on the sample footage: lens to tablet, and what the box costs. `--seconds N` (default 120), `--data FOLDER`
 * reuses footage that is rendered already. Prints a table; asserts nothing.
 */
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '120' }, data: { type: 'string' } },
});

const demo = new DemoProcess(values.data ?? mkdtempSync(join(tmpdir(), 'bench-')));
const startedAt = performance.now();
await demo.start();
await demo.printedLine(/⚑/, 300_000);
const firstAlertSeconds = (performance.now() - startedAt) / 1000;

const chromium = findChromium();
const tablet = chromium ? await openTablet(chromium, demo.address, 'guard', demo.passwords.guard) : undefined;
if (!tablet) console.warn('no Chromium: the tablet is left out');
/** Lens time of the frame that raised each alert: later revisions of its sighting carry later times. */
const raisedAt = new Map<string, number>();
const listening = new AbortController();
const stream = demo.listen(
  'guard',
  (event) => {
    if (event.type === 'alert' && event.alert.state === 'open' && !raisedAt.has(event.alert.id))
      raisedAt.set(event.alert.id, Date.parse(event.alert.decidedAt));
  },
  listening.signal,
);
const manager = await demo.client('manager');
const atLoad = new Set((await tablet?.alertsSeen())?.map(({ id }) => id));

const health: SiteHealth[] = [];
for (const deadline = performance.now() + Number(values.seconds) * 1000; performance.now() < deadline; ) {
  await sleep(5_000);
  health.push(await manager<SiteHealth>('/site/health'));
}

const latencies = ((await tablet?.alertsSeen()) ?? []).flatMap(({ id, at }) => {
  const raised = raisedAt.get(id);
  return raised === undefined || atLoad.has(id) ? [] : [at - raised];
});
listening.abort();
await stream.catch(() => {});
await tablet?.close();
await demo.stop();

const boxes = health.flatMap((state) =>
  state.boxes.flatMap(({ telemetry }) => (telemetry ? [telemetry] : [])),
);
const cameras = boxes.flatMap((telemetry) => telemetry.cameras);
const { lensToCommitMs } = health[health.length - 1].hub;
const rows = [
  [
    'start to first alert, s',
    firstAlertSeconds.toFixed(1),
    values.data ? 'footage rendered before' : 'footage rendered now',
  ],
  [
    'lens to tablet, ms (p50 / p95)',
    `${quantile(latencies, 0.5)} / ${quantile(latencies, 0.95)}`,
    `${latencies.length} alerts`,
  ],
  [
    'lens to commit, ms (p50 / p95)',
    `${lensToCommitMs.p50} / ${lensToCommitMs.p95}`,
    `${lensToCommitMs.count} revisions`,
  ],
  [
    'frame to verdicts, ms (p50 / p95)',
    `${last(cameras)?.perceiveMs.p50} / ${last(cameras)?.perceiveMs.p95}`,
    'perceive, track, sight',
  ],
  [
    'frames per second (median)',
    `${quantile(
      cameras.map(({ framesPerSecond }) => framesPerSecond),
      0.5,
    )}`,
    'wanted: 5',
  ],
  [
    'box, % of one core (median)',
    `${quantile(
      boxes.map(({ processor }) => processor.percent),
      0.5,
    )}`,
    `1080p, ${boxes.length} readings`,
  ],
  ['box, memory MB', `${Math.round((last(boxes)?.memoryBytes ?? 0) / 1e6)}`, ''],
  ['dropped by the box', JSON.stringify(last(boxes)?.drops ?? {}), ''],
];
for (const [what, value, note] of rows) console.log(`${what.padEnd(36)} ${value.padEnd(18)} ${note}`);

function last<T>(list: T[]): T | undefined {
  return list[list.length - 1];
}

/** Nearest rank; NaN without values. */
function quantile(list: number[], q: number): number {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}
