import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { AlertStore } from '../alerts/alert-store.ts';
import type { Broker } from '../broker/broker.ts';
import type { Counters } from '../counters.ts';
import type { BoxStore } from '../ingest/box-store.ts';
import type { DeadLetterStore } from '../ingest/dead-letter.ts';
import type { LatencyWindow } from '../ingest/latency-window.ts';
import { expose, type Metric, type Sample } from './exposition.ts';

/** What the metrics are read from. */
export interface HubMetricsParts {
  version: string;
  /** ms since the epoch. */
  startedAt: number;
  counters: Counters;
  lensToCommit: LatencyWindow;
  broker: Pick<Broker, 'connected'>;
  store: { alerts: AlertStore; boxes: BoxStore; deadLetters: DeadLetterStore; databaseBytes(): number };
  tablets: () => number;
  /** When the certificate ends, ms since the epoch; undefined without TLS. */
  certificateExpiresAt: () => number | undefined;
}

const prefix = 'gatehouse_hub';

/** The hub's numbers for Prometheus. They name gates and reasons, never people, plates or boxes' secrets. */
export class HubMetrics {
  readonly #parts: HubMetricsParts;
  readonly #loopDelay = monitorEventLoopDelay({ resolution: 20 });

  constructor(parts: HubMetricsParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#loopDelay.enable();
  }

  async stop(): Promise<void> {
    this.#loopDelay.disable();
  }

  /** The text that Prometheus scrapes. */
  async read(): Promise<string> {
    const { version, startedAt, counters, lensToCommit, broker, store, tablets, certificateExpiresAt } =
      this.#parts;
    const [boxes, live, deadLetters] = await Promise.all([
      store.boxes.list(),
      store.alerts.countLive(),
      store.deadLetters.count(),
    ]);
    const online = boxes.filter(({ status }) => status?.online).length;
    const certificateEnd = certificateExpiresAt();
    return expose([
      gauge('info', 'Version of the hub.', [{ labels: { version }, value: 1 }]),
      gauge('start_time_seconds', 'When the hub started, since the epoch.', [{ value: startedAt / 1000 }]),
      ...countersOf(counters.read()),
      {
        name: `${prefix}_lens_to_commit_seconds`,
        help: 'From the frame that decided to the commit.',
        type: 'histogram',
        histogram: lensToCommit.histogram,
        scale: 0.001,
      },
      gauge(
        'alerts',
        'Alerts that nobody has dealt with yet.',
        live.map(({ state, gate, count }) => ({ labels: { state, gate }, value: count })),
      ),
      gauge('boxes', 'Boxes that were admitted or heard of.', [
        { labels: { state: 'online' }, value: online },
        { labels: { state: 'offline' }, value: boxes.length - online },
      ]),
      gauge('tablets', 'Live streams that are open.', [{ value: tablets() }]),
      gauge('broker_connected', '1 while the broker takes messages.', [{ value: broker.connected ? 1 : 0 }]),
      gauge('dead_letters', 'Messages kept because they were refused for good.', [{ value: deadLetters }]),
      gauge('database_bytes', 'Bytes of the database.', [{ value: store.databaseBytes() }]),
      gauge('resident_memory_bytes', 'Resident memory of the hub.', [{ value: process.memoryUsage.rss() }]),
      gauge('event_loop_delay_seconds', 'How late the event loop was since the last scrape.', this.#delays()),
      ...(certificateEnd === undefined
        ? []
        : [
            gauge('certificate_end_time_seconds', 'When the certificate ends, since the epoch.', [
              { value: certificateEnd / 1000 },
            ]),
          ]),
    ]);
  }

  #delays(): Sample[] {
    const seconds = (nanoseconds: number) => (Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0);
    const samples = ([50, 99, 100] as const).map((percentile) => ({
      labels: { quantile: String(percentile / 100) },
      value: seconds(this.#loopDelay.percentile(percentile)),
    }));
    this.#loopDelay.reset();
    return samples;
  }
}

function gauge(name: string, help: string, samples: Sample[]): Metric {
  return { name: `${prefix}_${name}`, help, type: 'gauge', samples };
}

/** `refused.BOX_NOT_AUTHORIZED` becomes `gatehouse_hub_refused_total{reason="BOX_NOT_AUTHORIZED"}`. */
function countersOf(counts: Record<string, number>): Metric[] {
  const families = Map.groupBy(Object.entries(counts), ([name]) => name.split('.')[0]);
  return [...families].map(([family, entries]) => ({
    name: `${prefix}_${family.toLowerCase().replace(/[^a-z0-9_]/g, '_')}_total`,
    help: `Counted since the start: ${family}.`,
    type: 'counter' as const,
    samples: entries.map(([name, value]) => {
      const reason = name.slice(family.length + 1);
      return { ...(reason && { labels: { reason } }), value };
    }),
  }));
}
