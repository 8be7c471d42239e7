import type { BoxHealth, SiteHealth } from '../../../hub/contract/api.ts';
import { namedPlace } from '../i18n/place-name.ts';
import type { Words } from '../i18n/zh.ts';
import { formatBytes, formatMilliseconds } from './measures.ts';

/** Something that needs a person, and what that person can do. */
export interface Problem {
  key: string;
  grave: boolean;
  title: string;
  remedy: string;
  /** The box it concerns; undefined is the hub. */
  box?: string;
}

/** Beyond these a person should look. */
const limits = {
  silentMs: 60_000,
  framesPerSecond: 3,
  waitingMs: 60_000,
  clockSkewSeconds: 5,
  diskBytes: 2e9,
  /** Of the room for pictures, before the oldest go. */
  evidenceShare: 0.9,
  celsius: 80,
  processorPercent: 92,
  lensToCommitMs: 1000,
} as const;

/** What is wrong on a site, gravest first; `length` says a number of milliseconds in words. */
export function findProblems(health: SiteHealth, words: Words, length: (ms: number) => string): Problem[] {
  const problems = [
    ...hubProblems(health, words),
    ...health.boxes.flatMap((box) => boxProblems(box, health, words, length)),
  ];
  return problems.sort((a, b) => Number(b.grave) - Number(a.grave));
}

function hubProblems({ hub, deadLetters, rulesEndingSoon }: SiteHealth, words: Words): Problem[] {
  const said = words.health.problem;
  const problems: Problem[] = [];
  if (!hub.brokerConnected)
    problems.push({ key: 'broker', grave: true, title: said.broker, remedy: said.brokerFix });
  if (hub.lensToCommitMs.count > 0 && hub.lensToCommitMs.p95 > limits.lensToCommitMs) {
    const title = said.slow(formatMilliseconds(hub.lensToCommitMs.p95));
    problems.push({ key: 'slow', grave: false, title, remedy: said.slowFix });
  }
  if (hub.diskFreeBytes < limits.diskBytes) {
    const title = said.hubDisk(formatBytes(hub.diskFreeBytes));
    problems.push({ key: 'hub disk', grave: true, title, remedy: said.hubDiskFix });
  }
  if (rulesEndingSoon > 0) {
    const title = words.fourEyes.endingSoon(rulesEndingSoon);
    problems.push({ key: 'rules', grave: false, title, remedy: words.fourEyes.endingSoonFix });
  }
  if (hub.evidence.bytes > hub.evidence.maxBytes * limits.evidenceShare) {
    const share = Math.floor((100 * hub.evidence.bytes) / hub.evidence.maxBytes);
    problems.push({ key: 'evidence', grave: false, title: said.evidence(share), remedy: said.evidenceFix });
  }
  if (hub.evidence.broken > 0) {
    const title = said.broken(hub.evidence.broken);
    problems.push({ key: 'broken', grave: true, title, remedy: said.brokenFix });
  }
  if (deadLetters > 0) {
    problems.push({
      key: 'dead',
      grave: false,
      title: said.deadLetters(deadLetters),
      remedy: said.deadLettersFix,
    });
  }
  return problems;
}

function boxProblems(
  { box, status, telemetry, telemetryReceivedAt, clockSkewSeconds }: BoxHealth,
  { at }: SiteHealth,
  words: Words,
  length: (ms: number) => string,
): Problem[] {
  const said = words.health.problem;
  const name = namedPlace(words.health.box, box, words);
  const problem = (key: string, grave: boolean, title: string, remedy: string): Problem => ({
    key: `${box} ${key}`,
    grave,
    title,
    remedy,
    box,
  });
  if (!status?.online) return [problem('offline', true, said.boxOffline(name), said.boxOfflineFix)];

  const silentMs = Date.parse(at) - Date.parse(telemetryReceivedAt ?? status.since);
  if (silentMs > limits.silentMs) {
    return [problem('silent', true, said.boxSilent(name, length(silentMs)), said.boxSilentFix)];
  }
  if (!telemetry) return [];

  const problems: Problem[] = [];
  for (const { camera, state, framesPerSecond } of telemetry.cameras) {
    const lens = namedPlace(words.health.camera, camera, words);
    if (state === 'failed')
      problems.push(problem(camera, true, said.cameraFailed(lens), said.cameraFailedFix));
    if (state === 'running' && framesPerSecond < limits.framesPerSecond) {
      problems.push(
        problem(camera, false, said.cameraSlow(lens, framesPerSecond.toFixed(1)), said.cameraSlowFix),
      );
    }
  }
  const { outbox } = telemetry;
  if (outbox.oldestAt && Date.parse(at) - Date.parse(outbox.oldestAt) > limits.waitingMs) {
    problems.push(problem('waiting', false, said.waiting(name, outbox.sightings), said.waitingFix));
  }
  if (outbox.refused > 0)
    problems.push(problem('refused', false, said.refused(name, outbox.refused), said.refusedFix));
  if (Math.abs(clockSkewSeconds ?? 0) > limits.clockSkewSeconds) {
    problems.push(
      problem(
        'clock',
        false,
        said.clock(name, Math.abs(clockSkewSeconds ?? 0).toFixed(1), (clockSkewSeconds ?? 0) < 0),
        said.clockFix,
      ),
    );
  }
  if (telemetry.diskFreeBytes < limits.diskBytes) {
    problems.push(problem('disk', true, said.disk(name, formatBytes(telemetry.diskFreeBytes)), said.diskFix));
  }
  if ((telemetry.temperatureCelsius ?? 0) > limits.celsius) {
    problems.push(
      problem('hot', false, said.hot(name, Math.round(telemetry.temperatureCelsius ?? 0)), said.hotFix),
    );
  }
  if (telemetry.processor.percent > limits.processorPercent) {
    problems.push(
      problem('busy', false, said.busy(name, Math.round(telemetry.processor.percent)), said.busyFix),
    );
  }
  return problems;
}
