import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlertDesk } from '../../../hub/alerts/alert-desk.ts';
import { hashBoxToken } from '../../../hub/broker/box-token.ts';
import type { Broker } from '../../../hub/broker/broker.ts';
import { EmbeddedBroker } from '../../../hub/broker/embedded-broker.ts';
import { ExternalBroker } from '../../../hub/broker/external-broker.ts';
import { type Clock, toInstant } from '../../../hub/clock.ts';
import type { BoxAddress } from '../../../hub/contract/topics.ts';
import { Counters } from '../../../hub/counters.ts';
import { openDutyAndAlerts } from '../../../hub/duty-and-alerts.ts';
import { ErasureDesk } from '../../../hub/erasure/erasure-desk.ts';
import { tombstonesOf } from '../../../hub/erasure/tombstones.ts';
import { EventLine } from '../../../hub/event-line.ts';
import type { LoggedEvent } from '../../../hub/event-log.ts';
import { LatencyWindow } from '../../../hub/ingest/latency-window.ts';
import { openKeyRing } from '../../../hub/keys/key-file.ts';
import { PolicyBroadcast } from '../../../hub/policy/policy-broadcast.ts';
import { PolicyDesk } from '../../../hub/policy/policy-desk.ts';
import type { DutyDesk } from '../../../hub/roster/duty-desk.ts';
import { openStore, type Store } from '../../../hub/store/open-store.ts';

/** The hub between broker and API, with what a test looks at. */
export interface RunningHub {
  store: Store;
  line: EventLine;
  broker: Broker;
  /** `mqtt://` address of the embedded broker. */
  url: string;
  announced: LoggedEvent[];
  counters: Counters;
  lensToCommit: LatencyWindow;
  alerts: AlertDesk;
  duty: DutyDesk;
  policies: PolicyDesk;
  erasures: ErasureDesk;
  clock: MovableClock;
  stop(): Promise<void>;
}

interface MovableClock extends Clock {
  at: number;
}

/** Half a minute after the sightings that the builder makes. */
const startOfTest = '2026-03-01T08:00:30.000Z';

/** Box that is admitted, with its token. */
export const eastBox: BoxAddress = { site: 'demo', box: 'east-box' };
export const westBox: BoxAddress = { site: 'demo', box: 'west-box' };
export const boxToken = 'a-token-for-tests';

/** Starts a hub on a folder; over the embedded broker on a free port, or over a broker by URL. */
export async function runHub(folder: string, brokerUrl?: string): Promise<RunningHub> {
  const clock: MovableClock = { at: Date.parse(startOfTest), now: () => clock.at };
  const keys = openKeyRing(join(folder, 'hub.key'));
  const store = await openStore({
    database: join(folder, 'hub.sqlite'),
    evidence: join(folder, 'evidence'),
    keys,
  });
  const announced: LoggedEvent[] = [];
  const announcer = { announce: (events: LoggedEvent[]) => void announced.push(...events) };
  const counters = new Counters();
  const lensToCommit = new LatencyWindow();
  const broker = brokerUrl
    ? new ExternalBroker({ url: brokerUrl, clientId: 'gatehouse-hub', counters })
    : new EmbeddedBroker({
        host: '127.0.0.1',
        port: 0,
        maxPacketBytes: 8 * 1024 * 1024,
        tokenHash: (box) => store.boxes.tokenHash(box),
        retained: store.retained,
        counters,
      });
  const policy = new PolicyBroadcast(store.policies, store.boxes, broker.publish);
  const erasures = new ErasureDesk({
    store: store.erasures,
    erasers: store.erasers,
    tombstones: tombstonesOf(folder, keys),
    keys,
    publish: broker.publish,
    announcer,
    clock,
  });
  const people = async () => [];
  const desks = await openDutyAndAlerts({ site: 'demo', store, people, announcer, clock });
  const line = new EventLine({
    ...store,
    erasures,
    announcer,
    publish: broker.publish,
    greet: (box) => policy.sendTo(box),
    alerting: () => desks.alerting.context(),
    counters,
    lensToCommit,
    clock,
  });
  for (const box of [eastBox, westBox])
    await store.boxes.admit(box, hashBoxToken(boxToken), toInstant(clock.at));
  await broker.start((message) => line.receive(message));
  await policy.sendToAll().catch(() => counters.add('policies.unsent'));
  return {
    store,
    line,
    broker,
    url: broker instanceof EmbeddedBroker ? `mqtt://127.0.0.1:${broker.port}` : (brokerUrl ?? ''),
    announced,
    counters,
    lensToCommit,
    alerts: desks.alerts,
    duty: desks.duties,
    policies: new PolicyDesk(store.policies, () => policy.sendToAll(), clock),
    erasures,
    clock,
    stop: async () => {
      await broker.stop();
      await store.close();
    },
  };
}

/** A folder that is removed with `remove`. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'gatehouse-hub-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
