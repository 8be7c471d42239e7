import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyBaseLogger } from 'fastify';
import packageFile from '../package.json' with { type: 'json' };
import { Accounts } from './accounts/accounts.ts';
import { LogInThrottle } from './accounts/log-in-throttle.ts';
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
import { HubError } from './errors.ts';
import { EventLine } from './event-line.ts';
import type { HubApp } from './http/hub-app.ts';
import { LatencyWindow } from './ingest/latency-window.ts';
import { PolicyBroadcast } from './policy/policy-broadcast.ts';
import { PolicyDesk } from './policy/policy-desk.ts';
import { RecurringWork } from './recurring-work.ts';
import type { DutyDesk } from './roster/duty-desk.ts';
import type { HandOverDesk } from './roster/hand-over-desk.ts';
import type { RosterDesk } from './roster/roster-desk.ts';
import { readSiteHealth } from './site-health.ts';
import { openStore } from './store/open-store.ts';
import { SqlAccountStore } from './store/sql-account-store.ts';
import { SqlAuditTrail } from './store/sql-audit-trail.ts';

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
  /** The built dashboard. */
  dashboardFolder?: string;
  log: FastifyBaseLogger;
}

/** A running hub. */
export interface Hub {
  /** Where the page is: `http://host:port`. */
  address: string;
  /** Where boxes connect: `mqtt://host:port`, or the URL of the external broker. */
  mqttAddress: string;
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
const builtDashboard = join(dirname(fileURLToPath(import.meta.url)), '../dashboard/dist');

/** Starts a hub: store → stream → desks → event line → broker → recurring work → HTTP; `stop` runs it backwards. */
export async function startHub(options: HubOptions): Promise<Hub> {
  const { dataFolder, site, host = embeddedBrokerDefaults.host, log } = options;
  const { version } = packageFile;
  const clock = systemClock;
  const startedAt = clock.now();
  const counters = new Counters();
  const lensToCommit = new LatencyWindow();
  const stops: (() => Promise<void>)[] = [];

  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    const store = await openStore({
      database: join(dataFolder, 'hub.sqlite'),
      evidence: join(dataFolder, 'evidence'),
    });
    stops.push(() => store.close());
    const audit = new SqlAuditTrail(store.database);
    const accounts = new Accounts(new SqlAccountStore(store.database), new LogInThrottle(), clock);

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
    const policy = new PolicyDesk(store.policies, sendChange, clock);

    const erasures = new ErasureDesk(store.erasures, broker.publish, clock);

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
    let policyIsUnsent = true;
    await sendPolicies();
    await tellErasures();

    const recurring = new RecurringWork(
      [
        { everyMs: secondMs, work: () => desks.alerts.escalateUnanswered() },
        { everyMs: 15 * secondMs, work: () => desks.gaps.look() },
        { everyMs: minuteMs, work: () => desks.roster.refresh() },
        { everyMs: minuteMs, work: () => desks.alerts.expireUntouched() },
        { everyMs: minuteMs, work: sendPolicies },
        { everyMs: 60 * minuteMs, work: tellErasures },
        { everyMs: 60 * minuteMs, work: () => accounts.removeExpiredSessions() },
      ],
      (error) => log.error({ err: error }, 'recurring work failed'),
    );
    recurring.start();
    stops.push(() => recurring.stop());

    const app = await buildApp({
      site,
      version,
      accounts,
      audit,
      ...desks,
      sightings: store.log,
      evidence: store.evidence,
      boxes: store.boxes,
      deadLetters: store.deadLetters,
      policies: policy,
      erasures,
      stream,
      counters,
      clock,
      isWell: () => broker.connected,
      readSiteHealth: () =>
        readSiteHealth({ version, startedAt, dataFolder, broker, store, counters, lensToCommit, clock }),
      dashboardFolder: options.dashboardFolder ?? builtDashboard,
      log,
    });
    stops.push(() => app.close());
    const address = await listen(app, host, options.port);

    return {
      address,
      mqttAddress: options.externalBroker?.url ?? `mqtt://${inUrl(host)}:${(broker as EmbeddedBroker).port}`,
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
        tokenHash: (box) => store.boxes.tokenHash(box),
        retained: store.retained,
        counters,
      });
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

async function listen(app: HubApp, host: string, port: number): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    throw new HubError('HTTP_PORT_TAKEN', `${host}:${port}`, { cause });
  }
  const { port: bound } = app.server.address() as AddressInfo;
  return `http://${inUrl(host)}:${bound}`;
}

/** IPv6 addresses stand in brackets. */
function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
