import type { Alert, Session, SiteHealth, TrajectoryEntry } from '../../../hub/contract/api.ts';
import type { PlannedShift } from '../../../hub/contract/roster.ts';

/** An instant `seconds` after the noon that the dashboard's tests begin at. */
export function at(seconds: number): string {
  return new Date(Date.UTC(2026, 2, 1, 12) + seconds * 1000).toISOString();
}

let count = 0;

/** An open alert for someone without a mask at the east gate. */
export function anAlert(changes: Partial<Alert> = {}): Alert {
  count += 1;
  const opened = changes.openedAt ?? at(count);
  return {
    id: `alert-${String(count).padStart(4, '0')}`,
    state: 'open',
    sighting: `sighting-${count}`,
    site: 'demo',
    gate: 'east-gate',
    camera: 'east-gate-in',
    kind: 'person',
    flags: ['mask_not_worn'],
    verdicts: {},
    direction: 'entry',
    evidence: [],
    occurredAt: opened,
    decidedAt: opened,
    openedAt: opened,
    updatedAt: opened,
    audience: 'on_duty',
    repeats: 0,
    cameras: [],
    steps: [],
    ...changes,
  };
}

/** A closed sighting of a person at the east gate. */
export function aPassing(changes: Partial<TrajectoryEntry> = {}): TrajectoryEntry {
  count += 1;
  return {
    schema: 1,
    id: `sighting-${count}`,
    revision: 1,
    phase: 'closed',
    site: 'demo',
    box: 'box-east',
    gate: 'east-gate',
    camera: 'east-gate-in',
    kind: 'person',
    occurredAt: at(count),
    decidedAt: at(count),
    direction: 'entry',
    verdicts: {},
    flags: [],
    policyVersion: 1,
    evidence: [],
    receivedAt: at(count),
    ...changes,
  };
}

/** A guard's session, off duty unless a gate is given. */
export function aSession(role: Session['person']['role'], gate?: string): Session {
  const person = { id: 'me', username: 'me', displayName: '张伟', role, createdAt: at(0) };
  const duty = gate === undefined ? {} : { duty: { person: 'me', displayName: '张伟', gate, since: at(0) } };
  return { person, site: 'demo', gates: ['east-gate', 'west-gate'], expiresAt: at(36_000), ...duty };
}

/** A site where everything works: one box with one camera. */
export function aHealthySite(): SiteHealth {
  return {
    at: at(0),
    hub: {
      version: '1',
      uptimeSeconds: 100,
      broker: 'embedded',
      brokerConnected: true,
      databaseBytes: 1,
      diskFreeBytes: 50e9,
      counters: {},
      lensToCommitMs: { p50: 200, p95: 600, count: 10 },
      evidence: { pictures: 100, bytes: 6e6, maxBytes: 20e9, broken: 0 },
    },
    boxes: [
      {
        site: 'demo',
        box: 'box-east',
        status: { schema: 1, online: true, version: '1', bootId: 'boot', since: at(-100) },
        telemetryReceivedAt: at(-2),
        clockSkewSeconds: 0.1,
        telemetry: {
          schema: 1,
          at: at(-2),
          bootId: 'boot',
          uptimeSeconds: 100,
          cameras: [
            {
              camera: 'east-gate-in',
              gate: 'east-gate',
              state: 'running',
              framesPerSecond: 5,
              width: 1920,
              height: 1080,
              perceiveMs: { p50: 40, p95: 80, count: 10 },
            },
          ],
          outbox: { sightings: 0, evidence: 0, bytes: 0, refused: 0 },
          drops: {},
          processor: { percent: 30, cores: 4 },
          memoryBytes: 1e8,
          diskFreeBytes: 20e9,
        },
      },
    ],
    deadLetters: 0,
    rulesEndingSoon: 0,
  };
}

/** A guard's shift at the east gate, six in the morning until two in Shanghai. */
export function aShift(changes: Partial<PlannedShift> = {}): PlannedShift {
  count += 1;
  return {
    key: `shift-${count}`,
    person: 'me',
    displayName: '张伟',
    role: 'guard',
    gates: ['east-gate'],
    from: '2026-03-01T22:00:00.000Z',
    until: '2026-03-02T06:00:00.000Z',
    ...changes,
  };
}
