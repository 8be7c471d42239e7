import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { Accounts } from '../../../hub/accounts/accounts.ts';
import { Devices } from '../../../hub/accounts/devices.ts';
import { LogInThrottle } from '../../../hub/accounts/log-in-throttle.ts';
import { SecondFactors } from '../../../hub/accounts/second-factors.ts';
import { subjectOf } from '../../../hub/alerts/alert.ts';
import { judge } from '../../../hub/alerts/judgement.ts';
import { type Channels, openChannels } from '../../../hub/announce/channels/open-channels.ts';
import { TabletStream } from '../../../hub/announce/tablet-stream.ts';
import { buildApp } from '../../../hub/app.ts';
import type { Person, Role } from '../../../hub/contract/api.ts';
import { newId } from '../../../hub/contract/ids.ts';
import type { Sighting } from '../../../hub/contract/sighting.ts';
import { Counters } from '../../../hub/counters.ts';
import { type DutyAndAlerts, openDutyAndAlerts } from '../../../hub/duty-and-alerts.ts';
import { ErasureDesk } from '../../../hub/erasure/erasure-desk.ts';
import { tombstonesOf } from '../../../hub/erasure/tombstones.ts';
import { ExportDesk } from '../../../hub/export/export-desk.ts';
import type { HubApp } from '../../../hub/http/hub-app.ts';
import { LatencyWindow } from '../../../hub/ingest/latency-window.ts';
import { HoldDesk } from '../../../hub/keeping/hold-desk.ts';
import { RetentionDesk } from '../../../hub/keeping/retention-desk.ts';
import { openKeyRing } from '../../../hub/keys/key-file.ts';
import { HubMetrics } from '../../../hub/metrics/hub-metrics.ts';
import { PolicyDesk } from '../../../hub/policy/policy-desk.ts';
import { ReportDesk } from '../../../hub/report/report-desk.ts';
import { openStore, type Store } from '../../../hub/store/open-store.ts';
import { SqlAccountStore } from '../../../hub/store/sql-account-store.ts';
import { SqlAuditTrail } from '../../../hub/store/sql-audit-trail.ts';
import { SqlDeviceStore } from '../../../hub/store/sql-device-store.ts';
import { SqlSecondFactorStore } from '../../../hub/store/sql-second-factor-store.ts';
import { CorrectionDesk } from '../../../hub/trajectory/correction-desk.ts';
import { ViidExporter } from '../../../hub/viid/viid-exporter.ts';
import { ViidSettingsDesk } from '../../../hub/viid/viid-settings.ts';
import { buildSighting } from '../../builders/sighting.ts';

const password = 'correct-horse-battery';

/** The hub's HTTP door over a real database, with a clock that tests move and without a broker. */
export interface HubBench {
  app: HubApp;
  store: Store;
  /** Where the hub keeps its database and pictures. */
  folder: string;
  stream: TabletStream;
  counters: Counters;
  clock: { now(): number; advance(ms: number): void };
  /** What the hub logged, one JSON object a line. */
  logged: string[];
  /** Where the database lies. */
  dataFolder: string;
  retention: RetentionDesk;
  people: Record<Role, Person>;
  password: string;
  desks: DutyAndAlerts;
  /** What corrections sent to the boxes. */
  published: { topic: string; payload: string }[];
  /** Channels whose notices are sent once a test starts them. */
  channels: Channels;
  accounts: Accounts;
  devices: Devices;
  viid: ViidExporter;
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
  requireSecondFactor = false,
  folder: given,
  metricsToken,
}: {
  dashboardFolder?: string;
  requireSecondFactor?: boolean;
  folder?: string;
  metricsToken?: string;
} = {}): Promise<HubBench> {
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'gatehouse-http-')));
  const keys = openKeyRing(join(folder, 'hub.key'));
  const store = await openStore({
    database: join(folder, 'hub.sqlite'),
    evidence: join(folder, 'evidence'),
    keys,
  });
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
  const secondFactors = new SecondFactors(new SqlSecondFactorStore(store.database), keys, 'Gatehouse', clock);
  const devices = new Devices(new SqlDeviceStore(store.database), 'demo', clock);
  const accounts = new Accounts({
    store: new SqlAccountStore(store.database),
    throttle: new LogInThrottle(),
    secondFactors,
    requireSecondFactor,
    guardsOnlyOnPairedTablets: () => devices.guardsOnlyOnPairedTablets(),
    site: 'demo',
    clock,
  });
  const stream = new TabletStream({
    log: store.events,
    gateOf: async (person) => (await store.duty.current()).find((duty) => duty.person === person)?.gate,
    isLive: (tokenHash) => accounts.isLive(tokenHash),
    counters,
    reportFailure: (error) => log.error({ err: error }, 'stream failed'),
  });
  stream.start();
  const published: { topic: string; payload: string }[] = [];
  const desks = await openDutyAndAlerts({
    site: 'demo',
    store,
    people: () => accounts.listPeople(),
    announcer: stream,
    clock,
  });
  const channels = await openChannels({
    site: 'demo',
    store,
    keys,
    lifeMs: () => desks.alerting.context().rules.expireAfterMs,
    counters,
    clock,
    reportFailure: (error) => log.error({ err: error }, 'notices failed'),
    lookEveryMs: 20,
  });
  const holds = new HoldDesk(store.holds, clock);
  const retention = new RetentionDesk({
    store: store.retention,
    evidence: store.evidence,
    holds,
    counters,
    clock,
  });
  const exports = new ExportDesk({
    source: store.exportSource,
    timeZone: async () => (await desks.settings.read('roster')).value.timeZone,
    counters,
  });
  const policies = new PolicyDesk(
    store.policies,
    async () => {},
    clock,
    async () => 1,
  );
  const audit = new SqlAuditTrail(store.database);
  const queue = store.viidQueue;
  const viidSettings = new ViidSettingsDesk({ site: 'demo', store: store.settings, queue, keys, clock });
  const viid = new ViidExporter({
    ...store,
    settings: viidSettings,
    queue,
    sightings: store.log,
    audit,
    counters,
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
    secondFactors,
    devices,
    audit,
    ...desks,
    corrections: new CorrectionDesk({
      site: 'demo',
      store: store.corrections,
      merges: store.erasures,
      publish: async (topic, payload) => void published.push({ topic, payload: `${payload}` }),
      announcer: stream,
      context: () => desks.alerting.context(),
      clock,
    }),
    sightings: store.log,
    visits: store.visits,
    plates: store.plates,
    flows: store.flows,
    presence: store.presence,
    evidence: store.evidence,
    boxes: store.boxes,
    deadLetters: store.deadLetters,
    policies,
    ...channels,
    erasures: new ErasureDesk({
      store: store.erasures,
      erasers: store.erasers,
      tombstones: tombstonesOf(folder, keys),
      keys,
      publish: async () => {},
      announcer: stream,
      clock,
    }),
    retention,
    holds,
    exports,
    viid,
    viidSettings,
    reports: new ReportDesk({
      alerts: desks.alerts,
      sightings: store.log,
      evidence: store.evidence,
      corrections: store.corrections,
      policies,
      clock,
    }),
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
        evidence: { ...(await store.evidence.use()), maxBytes: 20e9 },
      },
      boxes: await store.boxes.list(),
      deadLetters: await store.deadLetters.count(),
      rulesEndingSoon: 0,
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
    folder,
    stream,
    counters,
    clock,
    logged,
    dataFolder: folder,
    retention,
    people,
    password,
    desks,
    published,
    channels,
    accounts,
    devices,
    viid,
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
      const outcome = await store.sightings.commit(sighting, subjectOf(sighting), at, (against, current) =>
        judge(current, against, desks.alerting.context(), newId(now), at),
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
      await channels.notices.stop();
      await viid.stop();
      await app.close();
      await exports.stop();
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
