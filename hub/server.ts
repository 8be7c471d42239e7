import { mkdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyBaseLogger } from 'fastify';
import packageFile from '../package.json' with { type: 'json' };
import { isActive, managing } from './accounts/access.ts';
import { Accounts } from './accounts/accounts.ts';
import { Devices } from './accounts/devices.ts';
import { LogInThrottle } from './accounts/log-in-throttle.ts';
import { SecondFactors } from './accounts/second-factors.ts';
import { openChannels } from './announce/channels/open-channels.ts';
import { TabletStream } from './announce/tablet-stream.ts';
import { buildApp } from './app.ts';
import { hashBoxToken, newBoxToken } from './broker/box-token.ts';
import type { Broker } from './broker/broker.ts';
import { EmbeddedBroker, embeddedBrokerDefaults } from './broker/embedded-broker.ts';
import { ExternalBroker } from './broker/external-broker.ts';
import { systemClock, toInstant } from './clock.ts';
import type { Policy } from './contract/policy.ts';
import type { BoxAddress } from './contract/topics.ts';
import { Counters } from './counters.ts';
import { openDutyAndAlerts } from './duty-and-alerts.ts';
import { ErasureDesk } from './erasure/erasure-desk.ts';
import { tombstonesOf } from './erasure/tombstones.ts';
import { HubError } from './errors.ts';
import { EventLine } from './event-line.ts';
import { ExportDesk } from './export/export-desk.ts';
import { presentCertificate } from './http/http-server.ts';
import type { HubApp } from './http/hub-app.ts';
import { buildRedirectApp } from './http/redirect-app.ts';
import { LatencyWindow } from './ingest/latency-window.ts';
import { HoldDesk } from './keeping/hold-desk.ts';
import { RetentionDesk } from './keeping/retention-desk.ts';
import { openKeyRing } from './keys/key-file.ts';
import { HubMetrics } from './metrics/hub-metrics.ts';
import { PolicyBroadcast } from './policy/policy-broadcast.ts';
import { PolicyDesk } from './policy/policy-desk.ts';
import { RecurringWork } from './recurring-work.ts';
import { ReportDesk } from './report/report-desk.ts';
import type { DutyDesk } from './roster/duty-desk.ts';
import type { HandOverDesk } from './roster/hand-over-desk.ts';
import type { RosterDesk } from './roster/roster-desk.ts';
import { readSiteHealth } from './site-health.ts';
import { openStore } from './store/open-store.ts';
import { SqlAccountStore } from './store/sql-account-store.ts';
import { SqlAuditTrail } from './store/sql-audit-trail.ts';
import { SqlDeviceStore } from './store/sql-device-store.ts';
import { SqlSecondFactorStore } from './store/sql-second-factor-store.ts';
import { takeFolder } from './store/sqlite.ts';
import { removeCopiesOf } from './store/upgrade.ts';
import { openIdentity, type TlsOptions } from './tls/open-identity.ts';
import type { TlsContext } from './tls/server-identity.ts';
import { isNamedIn } from './tls/server-names.ts';
import { CorrectionDesk } from './trajectory/correction-desk.ts';
import { ViidExporter } from './viid/viid-exporter.ts';
import { ViidSettingsDesk } from './viid/viid-settings.ts';

/** What `main.ts` knows and the hub must not read for itself. */
export interface HubOptions {
  /** Database and pictures; created when missing, readable by nobody else. */
  dataFolder: string;
  site: string;
  /** Loopback unless told otherwise, for HTTP and the embedded broker alike. */
  host?: string;
  /** Of HTTP; 0 takes any free port. */
  port: number;
  /** Of the embedded broker; 0 takes any free port. */
  mqttPort?: number;
  /** A broker that is not ours, instead of the embedded one. */
  externalBroker?: { url: string; username?: string; password?: string };
  /** Whether managers and admins must have a second factor before they do anything else. */
  requireSecondFactor: boolean;
  /** The built dashboard. */
  dashboardFolder?: string;
  /** HTTPS and MQTTS with this; in the clear without. */
  tls?: TlsOptions;
  /** Lets the hub listen on a network in the clear. */
  insecureHttp?: boolean;
  /** Of plain HTTP beside HTTPS, which leads there and shows how to trust the hub; 0 takes any free port. */
  redirectPort?: number;
  /** Whoever sends it may read the metrics from anywhere. */
  metricsToken?: string;
  log: FastifyBaseLogger;
}

/** A running hub. */
export interface Hub {
  /** Where the page is: `http://host:port` or `https://host:port`. */
  address: string;
  /** Where boxes connect: `mqtt://host:port` or `mqtts://host:port`, or the URL of the external broker. */
  mqttAddress: string;
  /** Where plain HTTP leads to HTTPS, when it was asked for. */
  redirectAddress?: string;
  /** SHA-256 of the hub's own authority, to be compared on the tablets; absent without one. */
  fingerprint?: string;
  accounts: Accounts;
  duty: DutyDesk;
  roster: RosterDesk;
  handOvers: HandOverDesk;
  policy: PolicyDesk;
  /** Admits a box, or gives it a new token. The token is told here once and never again. */
  admitBox(box: BoxAddress): Promise<string>;
  /** Ends what is running, last started first; what was acknowledged is committed. */
  stop(): Promise<void>;
}

const secondMs = 1000;
const minuteMs = 60 * secondMs;
/** How long the hub can say who was told of an alert. */
const noticesKeptDays = 90;
const dayMs = 24 * 60 * minuteMs;
/** Where `npm run build` puts the dashboard. */
export const builtDashboard = join(dirname(fileURLToPath(import.meta.url)), '../dashboard/dist');

/** Starts a hub: store → stream → desks → channels → event line → broker → recurring work → HTTP; `stop` runs it backwards. */
export async function startHub(options: HubOptions): Promise<Hub> {
  const { dataFolder, site, host = embeddedBrokerDefaults.host, log } = options;
  const { version } = packageFile;
  const clock = systemClock;
  const startedAt = clock.now();
  const counters = new Counters();
  const lensToCommit = new LatencyWindow();
  const stops: (() => Promise<void>)[] = [];
  const presenters: ((secure: TlsContext) => void)[] = [];

  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    const { tls, insecureHttp = false } = options;
    const identity = openIdentity({ tls, host, insecureHttp, dataFolder, site, now: startedAt });
    const letGo = takeFolder(dataFolder);
    stops.push(async () => letGo());
    const keys = openKeyRing(join(dataFolder, 'hub.key'));
    const databasePath = join(dataFolder, 'hub.sqlite');
    const store = await openStore({
      database: databasePath,
      evidence: join(dataFolder, 'evidence'),
      keys,
    });
    stops.push(() => store.close());
    if (store.sweptFiles > 0) counters.add('evidence.swept', store.sweptFiles);
    const audit = new SqlAuditTrail(store.database);
    const issuer = `Gatehouse ${site}`;
    const secondFactors = new SecondFactors(new SqlSecondFactorStore(store.database), keys, issuer, clock);
    const devices = new Devices(new SqlDeviceStore(store.database), site, clock);
    const accounts = new Accounts({
      store: new SqlAccountStore(store.database),
      throttle: new LogInThrottle(),
      secondFactors,
      requireSecondFactor: options.requireSecondFactor,
      guardsOnlyOnPairedTablets: () => devices.guardsOnlyOnPairedTablets(),
      site,
      clock,
    });
    await accounts.recallFailures(audit);

    const stream = new TabletStream({
      log: store.events,
      gateOf: async (person) => (await store.duty.current()).find((duty) => duty.person === person)?.gate,
      isLive: (tokenHash) => accounts.isLive(tokenHash),
      counters,
      reportFailure: (error) => log.error({ err: error }, 'stream failed'),
    });
    stream.start();
    stops.push(() => stream.stop());

    const broker = chooseBroker();
    const broadcast = new PolicyBroadcast(store.policies, store.boxes, broker.publish);
    const people = () => accounts.listPeople();
    const desks = await openDutyAndAlerts({ site, store, people, announcer: stream, clock });
    const policy = new PolicyDesk(store.policies, sendChange, clock, countOtherManagers);

    const holds = new HoldDesk(store.holds, clock);
    const retention = new RetentionDesk({
      store: store.retention,
      evidence: store.evidence,
      holds,
      counters,
      clock,
    });
    await retention.begin(site, await freeBytes(dataFolder));
    const erasures = new ErasureDesk({
      store: store.erasures,
      erasers: store.erasers,
      tombstones: tombstonesOf(dataFolder, keys),
      keys,
      publish: broker.publish,
      announcer: stream,
      clock,
    });
    const missing = await erasures.reconcile();
    if (missing > 0)
      log.warn({ erasures: missing }, 'the database is older than erasures; they are repeated');
    await erasures.carryOutAll();

    const channels = await openChannels({
      site,
      store,
      keys,
      lifeMs: () => desks.alerting.context().rules.expireAfterMs,
      counters,
      clock,
      reportFailure: (error) => log.error({ err: error }, 'notices failed'),
    });
    channels.notices.start();
    stops.push(() => channels.notices.stop());

    const eventLine = new EventLine({
      ...store,
      erasures,
      announcer: stream,
      publish: broker.publish,
      greet: (box) => broadcast.sendTo(box),
      alerting: () => desks.alerting.context(),
      counters,
      lensToCommit,
      clock,
      reportFailure: (error) => log.error({ err: error }, 'ingest failed'),
    });
    if (broker.kind === 'embedded') await store.boxes.markAllOffline();
    await broker.start((message) => eventLine.receive(message));
    stops.push(() => broker.stop());
    if (broker instanceof EmbeddedBroker) presenters.push((secure) => broker.presentCertificate(secure));
    let policyIsUnsent = true;
    await sendPolicies();
    await tellErasures();

    const viidSettings = new ViidSettingsDesk({
      site,
      store: store.settings,
      queue: store.viidQueue,
      keys,
      clock,
    });
    const viid = new ViidExporter({
      ...store,
      settings: viidSettings,
      queue: store.viidQueue,
      sightings: store.log,
      audit,
      counters,
      clock,
    });

    const recurring = new RecurringWork(
      [
        { everyMs: secondMs, work: () => desks.alerts.escalateUnanswered() },
        { everyMs: secondMs, work: renewCertificate },
        { everyMs: 15 * secondMs, work: () => desks.gaps.look() },
        { everyMs: minuteMs, work: () => desks.roster.refresh() },
        { everyMs: minuteMs, work: () => desks.snoozes.load() },
        { everyMs: minuteMs, work: () => desks.alerts.expireUntouched() },
        { everyMs: secondMs, work: () => viid.round() },
        { everyMs: minuteMs, work: sendPolicies },
        { everyMs: 60 * minuteMs, work: () => viid.tidy() },
        { everyMs: 60 * minuteMs, work: tellErasures },
        { everyMs: 60 * minuteMs, work: () => accounts.removeExpiredSessions() },
        { everyMs: 24 * 60 * minuteMs, work: () => channels.notices.forgetOlderThan(noticesKeptDays) },
        { everyMs: 60 * minuteMs, work: enforceRetention },
        { everyMs: minuteMs, work: () => retention.enforceBound(site) },
        { everyMs: 60 * minuteMs, work: () => erasures.carryOutAll() },
      ],
      (error) => log.error({ err: error }, 'recurring work failed'),
    );
    recurring.start();
    stops.push(() => recurring.stop());
    const upkeep = keepUp();
    stops.push(upkeep.stop);
    stops.push(() => viid.stop());

    const exports = new ExportDesk({
      source: store.exportSource,
      timeZone: async () => (await desks.settings.read('roster')).value.timeZone,
      counters,
    });
    stops.push(() => exports.stop());

    const metrics = new HubMetrics({
      version,
      startedAt,
      counters,
      lensToCommit,
      broker,
      store,
      tablets: () => stream.size,
      certificateExpiresAt: () => identity?.expiresAt,
    });
    metrics.start();
    stops.push(() => metrics.stop());

    const app = await buildApp({
      site,
      version,
      accounts,
      secondFactors,
      devices,
      audit,
      ...desks,
      sightings: store.log,
      visits: store.visits,
      plates: store.plates,
      flows: store.flows,
      presence: store.presence,
      evidence: store.evidence,
      boxes: store.boxes,
      deadLetters: store.deadLetters,
      policies: policy,
      corrections: new CorrectionDesk({
        site,
        store: store.corrections,
        merges: store.erasures,
        publish: broker.publish,
        announcer: stream,
        context: () => desks.alerting.context(),
        clock,
      }),
      erasures,
      ...channels,
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
        policies: policy,
        clock,
      }),
      stream,
      counters,
      clock,
      isWell: () => broker.connected,
      readSiteHealth: () =>
        readSiteHealth({
          site,
          version,
          startedAt,
          dataFolder,
          broker,
          store,
          readPolicy: () => policy.current(site),
          retention,
          counters,
          lensToCommit,
          clock,
        }),
      readMetrics: () => metrics.read(),
      metricsToken: options.metricsToken,
      dashboardFolder: options.dashboardFolder ?? builtDashboard,
      identity,
      log,
    });
    stops.push(() => app.close());
    presenters.push((secure) => presentCertificate(app.server, secure));
    const scheme = identity ? 's' : '';
    const address = `http${scheme}://${await listen(app, host, options.port)}`;
    const redirectAddress = await redirectTo(address);

    return {
      address,
      mqttAddress:
        options.externalBroker?.url ?? `mqtt${scheme}://${inUrl(host)}:${(broker as EmbeddedBroker).port}`,
      redirectAddress,
      fingerprint: identity?.authority?.fingerprint,
      accounts,
      duty: desks.duties,
      roster: desks.roster,
      handOvers: desks.handOvers,
      policy,
      admitBox: async (box) => {
        const token = newBoxToken();
        await store.boxes.admit(box, hashBoxToken(token), toInstant(clock.now()));
        return token;
      },
      stop: () => stopAll(stops),
    };

    function chooseBroker(): Broker {
      if (options.externalBroker) {
        return new ExternalBroker({ ...options.externalBroker, clientId: `gatehouse-hub-${site}`, counters });
      }
      return new EmbeddedBroker({
        ...embeddedBrokerDefaults,
        host,
        port: options.mqttPort ?? embeddedBrokerDefaults.port,
        secure: identity?.context,
        tokenHash: (box) => store.boxes.tokenHash(box),
        retained: store.retained,
        counters,
      });
    }

    /** Who may confirm what this person proposes. */
    async function countOtherManagers(than: string): Promise<number> {
      const mayConfirm = (await accounts.listPeople()).filter(
        (person) =>
          person.id !== than &&
          isActive(person, clock.now()) &&
          !person.gates &&
          (managing as readonly string[]).includes(person.role),
      );
      return mayConfirm.length;
    }

    /** Copies from before an upgrade hold whom nobody may follow any more: they go when persons' ids do. */
    async function enforceRetention(): Promise<void> {
      await retention.enforce(site);
      const { settings } = await retention.settings(site);
      const copies = removeCopiesOf(databasePath, clock.now() - settings.personDays * dayMs);
      if (copies > 0) counters.add('retention.copies', copies);
    }

    /** What an upgrade left to do, and what became due while the hub was off, beside the work of the day. */
    function keepUp(): { stop(): Promise<void> } {
      const ending = new AbortController();
      const done = store
        .resealPlain(ending.signal)
        .then((pictures) => counters.add('evidence.resealed', pictures))
        .then(enforceRetention)
        .catch((error: unknown) => log.error({ err: error }, 'upkeep failed'));
      return {
        stop: () => {
          ending.abort();
          retention.stop();
          return done;
        },
      };
    }

    /** Open connections stay; new ones see the new certificate. */
    async function renewCertificate(): Promise<void> {
      if (!identity?.refresh(clock.now())) return;
      for (const present of presenters) present(identity.context);
      counters.add('tls.certificates_renewed');
      log.info({ expiresAt: toInstant(identity.expiresAt) }, 'certificate renewed');
    }

    async function redirectTo(to: string): Promise<string | undefined> {
      if (options.redirectPort === undefined || !identity) return undefined;
      const isOwnName = (name: string) => isNamedIn(identity.context.cert, name);
      const redirect = await buildRedirectApp({
        address: to,
        isOwnName,
        authority: identity.authority,
        counters,
        log,
      });
      stops.push(() => redirect.close());
      return `http://${await listen(redirect, host, options.redirectPort)}`;
    }

    /** A change that cannot be sent now (no broker) holds all the same, and is sent as soon as it can be. */
    async function sendChange(changed: Policy): Promise<void> {
      policyIsUnsent = true;
      await sendPolicies();
      log.info({ site, policyVersion: changed.version, sent: !policyIsUnsent }, 'policy changed');
    }

    /** Boxes that have forgotten take it as said; a broker that lost its memory has it again. */
    async function tellErasures(): Promise<void> {
      try {
        await erasures.tellAll(site);
      } catch (error) {
        if (!(error instanceof HubError)) throw error;
        counters.add('erasures.unsent');
      }
    }

    async function sendPolicies(): Promise<void> {
      if (!policyIsUnsent) return;
      try {
        await broadcast.sendToAll();
        policyIsUnsent = false;
      } catch (error) {
        if (!(error instanceof HubError)) throw error;
        counters.add('policies.unsent');
      }
    }
  } catch (error) {
    await stopAll(stops);
    throw error;
  }
}

async function stopAll(stops: (() => Promise<void>)[]): Promise<void> {
  for (const stop of stops.splice(0).reverse()) await stop();
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** `host:port`, as it stands in a URL. */
async function listen(app: HubApp, host: string, port: number): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    throw new HubError('HTTP_PORT_TAKEN', `${host}:${port}`, { cause });
  }
  const { port: bound } = app.server.address() as AddressInfo;
  return `${inUrl(host)}:${bound}`;
}

/** IPv6 addresses stand in brackets. */
function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
