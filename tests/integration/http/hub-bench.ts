import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { Accounts } from '../../../hub/accounts/accounts.ts';
import { LogInThrottle } from '../../../hub/accounts/log-in-throttle.ts';
import { subjectOf } from '../../../hub/alerts/alert.ts';
import { judge } from '../../../hub/alerts/judgement.ts';
import { TabletStream } from '../../../hub/announce/tablet-stream.ts';
import { buildApp } from '../../../hub/app.ts';
import type { Person, Role } from '../../../hub/contract/api.ts';
import { newId } from '../../../hub/contract/ids.ts';
import type { Sighting } from '../../../hub/contract/sighting.ts';
import { Counters } from '../../../hub/counters.ts';
import { type DutyAndAlerts, openDutyAndAlerts } from '../../../hub/duty-and-alerts.ts';
import { ErasureDesk } from '../../../hub/erasure/erasure-desk.ts';
import type { HubApp } from '../../../hub/http/hub-app.ts';
import { LatencyWindow } from '../../../hub/ingest/latency-window.ts';
import { HubMetrics } from '../../../hub/metrics/hub-metrics.ts';
import { PolicyDesk } from '../../../hub/policy/policy-desk.ts';
import { openStore, type Store } from '../../../hub/store/open-store.ts';
import { SqlAccountStore } from '../../../hub/store/sql-account-store.ts';
import { SqlAuditTrail } from '../../../hub/store/sql-audit-trail.ts';
import { buildSighting } from '../../builders/sighting.ts';

const password = 'correct-horse-battery';

/** The hub's HTTP door over a real database, with a clock that tests move and without a broker. */
export interface HubBench {
  app: HubApp;
  store: Store;
  stream: TabletStream;
  counters: Counters;
  clock: { now(): number; advance(ms: number): void };
  /** What the hub logged, one JSON object a line. */
  logged: string[];
  people: Record<Role, Person>;
  password: string;
  desks: DutyAndAlerts;
  /** A cookie header of a new session. */
  logIn(username: string): Promise<string>;
  /** Commits a revision as the event line does, and announces it. */
  commit(change?: Partial<Sighting>): Promise<Sighting>;
  /** The address under which the app listens from now on. */
  listen(): Promise<string>;
  stop(): Promise<void>;
}

export async function startHubBench({
  dashboardFolder = '/nonexistent',
  metricsToken = undefined as string | undefined,
} = {}): Promise<HubBench> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-http-'));
  const store = await openStore({ database: join(folder, 'hub.sqlite'), evidence: join(folder, 'evidence') });
  const logged: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
  let now = Date.parse('2026-03-01T08:00:00.000Z');
  const clock = {
    now: () => now,
    advance: (ms: number) => {
      now += ms;
    },
  };
  let logIns = 0;
  const counters = new Counters();
  const accounts = new Accounts(new SqlAccountStore(store.database), new LogInThrottle(), clock);
  const stream = new TabletStream({
    log: store.events,
    gateOf: async (person) => (await store.duty.current()).find((duty) => duty.person === person)?.gate,
    isLive: (tokenHash) => accounts.isLive(tokenHash),
    counters,
    reportFailure: (error) => log.error({ err: error }, 'stream failed'),
  });
  stream.start();
  const desks = await openDutyAndAlerts({
    site: 'demo',
    store,
    people: () => accounts.listPeople(),
    announcer: stream,
    clock,
  });
  const metrics = new HubMetrics({
    version: '0.1.0',
    startedAt: now,
    counters,
    lensToCommit: new LatencyWindow(),
    broker: { connected: true },
    store,
    tablets: () => stream.size,
    certificateExpiresAt: () => undefined,
  });
  const app = await buildApp({
    site: 'demo',
    version: '0.1.0',
    accounts,
    audit: new SqlAuditTrail(store.database),
    ...desks,
    sightings: store.log,
    evidence: store.evidence,
    boxes: store.boxes,
    deadLetters: store.deadLetters,
    policies: new PolicyDesk(store.policies, async () => {}, clock),
    erasures: new ErasureDesk(store.erasures, async () => {}, clock),
    stream,
    counters,
    clock,
    isWell: () => true,
    readSiteHealth: async () => ({
      at: new Date(now).toISOString(),
      hub: {
        version: '0.1.0',
        uptimeSeconds: 1,
        broker: 'embedded' as const,
        brokerConnected: true,
        databaseBytes: store.databaseBytes(),
        diskFreeBytes: 1,
        counters: counters.read(),
        lensToCommitMs: { p50: 0, p95: 0, count: 0 },
      },
      boxes: await store.boxes.list(),
      deadLetters: await store.deadLetters.count(),
    }),
    readMetrics: () => metrics.read(),
    metricsToken,
    dashboardFolder,
    log,
  });

  const people = {} as Record<Role, Person>;
  for (const role of ['guard', 'manager', 'installer', 'admin'] as const) {
    people[role] = await accounts.addPerson({ username: role, displayName: `the ${role}`, role, password });
  }
  await accounts.addPerson({ username: 'second-guard', displayName: 'Zhang', role: 'guard', password });
  await store.boxes.recordTelemetry(
    { site: 'demo', box: 'east-box' },
    telemetryOf(['east-gate', 'west-gate']),
    new Date(now).toISOString(),
  );

  return {
    app,
    store,
    stream,
    counters,
    clock,
    logged,
    people,
    password,
    desks,
    async logIn(username) {
      const reply = await app.inject({
        method: 'POST',
        url: '/api/v1/session',
        payload: { username, password },
        remoteAddress: `10.0.0.${++logIns}`,
      });
      if (reply.statusCode !== 200) throw new Error(reply.body);
      const [cookie] = reply.cookies;
      return `${cookie.name}=${cookie.value}`;
    },
    async commit(change) {
      const at = new Date(now).toISOString();
      const sighting = buildSighting({ id: newId(now), occurredAt: at, decidedAt: at, ...change });
      const outcome = await store.sightings.commit(sighting, subjectOf(sighting), at, (against) =>
        judge(sighting, against, desks.alerting.context(), newId(now), at),
      );
      if (outcome.kind !== 'committed') throw new Error(`not committed: ${outcome.kind}`);
      stream.announce();
      return sighting;
    },
    async listen() {
      await app.listen({ host: '127.0.0.1', port: 0 });
      return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    },
    async stop() {
      await app.close();
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

function telemetryOf(gates: string[]) {
  return {
    schema: 1 as const,
    at: '2026-03-01T08:00:00.000Z',
    bootId: '0195500c-0000-7000-8000-000000000000',
    uptimeSeconds: 1,
    cameras: gates.map((gate) => ({
      camera: gate.replace('gate', 'lane'),
      gate,
      state: 'running' as const,
      framesPerSecond: 5,
      width: 1920,
      height: 1080,
      perceiveMs: { p50: 1, p95: 1, count: 1 },
    })),
    outbox: { sightings: 0, evidence: 0, bytes: 0, refused: 0 },
    drops: {},
    processor: { percent: 1, cores: 1 },
    memoryBytes: 1,
    diskFreeBytes: 1,
  };
}
