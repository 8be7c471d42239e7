import { expect, test } from 'vitest';
import { findProblems } from '../../../../dashboard/src/health/health-problems.ts';
import { formatBytes } from '../../../../dashboard/src/health/measures.ts';
import { zh } from '../../../../dashboard/src/i18n/zh.ts';
import type { SiteHealth } from '../../../../hub/contract/api.ts';
import { aHealthySite, at } from '../builders.ts';

function problemsWhen(change: (site: SiteHealth) => void): string[] {
  const site = aHealthySite();
  change(site);
  return findProblems(site, zh, (ms) => `${ms} ms`).map(({ key }) => key);
}

test('a site where everything works has no problems', () => {
  expect(problemsWhen(() => {})).toEqual([]);
});

test('a box that is offline is one problem, not one for each of its cameras', () => {
  expect(
    problemsWhen(({ boxes: [box] }) => {
      box.status!.online = false;
      box.telemetry!.cameras[0].state = 'failed';
    }),
  ).toEqual(['box-east offline']);
});

test('rules that end soon are told while there is time to decide', () => {
  expect(
    problemsWhen((site) => {
      site.rulesEndingSoon = 2;
    }),
  ).toEqual(['rules']);
});

test.each<[string, (site: SiteHealth) => void]>([
  ['box-east silent', ({ boxes: [box] }) => (box.telemetryReceivedAt = at(-61))],
  ['box-east east-gate-in', ({ boxes: [box] }) => (box.telemetry!.cameras[0].state = 'failed')],
  ['box-east east-gate-in', ({ boxes: [box] }) => (box.telemetry!.cameras[0].framesPerSecond = 2.9)],
  ['box-east waiting', ({ boxes: [box] }) => (box.telemetry!.outbox.oldestAt = at(-61))],
  ['box-east refused', ({ boxes: [box] }) => (box.telemetry!.outbox.refused = 1)],
  ['box-east clock', ({ boxes: [box] }) => (box.clockSkewSeconds = -5.1)],
  ['box-east disk', ({ boxes: [box] }) => (box.telemetry!.diskFreeBytes = 1.9e9)],
  ['box-east hot', ({ boxes: [box] }) => (box.telemetry!.temperatureCelsius = 81)],
  ['box-east busy', ({ boxes: [box] }) => (box.telemetry!.processor.percent = 93)],
  ['broker', ({ hub }) => (hub.brokerConnected = false)],
  ['slow', ({ hub }) => (hub.lensToCommitMs.p95 = 1001)],
  ['hub disk', ({ hub }) => (hub.diskFreeBytes = 1.9e9)],
  ['evidence', ({ hub }) => (hub.evidence.bytes = 18.1e9)],
  ['broken', ({ hub }) => (hub.evidence.broken = 1)],
  ['dead', (site) => (site.deadLetters = 1)],
])('%s is found', (key, change) => {
  expect(problemsWhen(change)).toEqual([key]);
});

test('the gravest problem comes first', () => {
  expect(
    problemsWhen((site) => {
      site.deadLetters = 1;
      site.boxes[0].telemetry!.cameras[0].state = 'failed';
    })[0],
  ).toBe('box-east east-gate-in');
});

test('bytes are said in powers of ten', () => {
  expect([formatBytes(999), formatBytes(1_100_000_000), formatBytes(182e6)]).toEqual([
    '999 B',
    '1.1 GB',
    '182 MB',
  ]);
});
