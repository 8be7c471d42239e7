import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Sighting } from '../hub/contract/sighting.ts';
import type { Telemetry } from '../hub/contract/status.ts';
import { openCapture } from './capture/open-capture.ts';
import { checkClock } from './clock.ts';
import type { CameraConfig, EdgeConfig } from './config.ts';
import { EdgeError } from './errors.ts';
import { loadSiteKey } from './gallery/site-key.ts';
import { SqliteGallery } from './gallery/sqlite-gallery.ts';
import { SqliteOutbox } from './outbox/sqlite-outbox.ts';
import { readEmbeddingTraits } from './perceive/embedding-traits.ts';
import { WorkerPerceiver } from './perceive/worker-perceiver.ts';
import { Pipeline } from './pipeline.ts';
import { PolicyFile } from './policy-file.ts';
import { SightingDesk } from './sight/sighting-desk.ts';
import { openSqlite } from './sqlite.ts';
import { Tracker } from './track/tracker.ts';
import { readAuthority } from './uplink/authority.ts';
import { MqttUplink } from './uplink/mqtt-uplink.ts';
import { TelemetryReporter } from './uplink/telemetry.ts';

/** What main.ts knows and the agent must not read for itself. */
export interface AgentOptions {
  config: EdgeConfig;
  modelsFolder: string;
  ffmpegPath: string | undefined;
  version: string;
  log: Logger;
  onSighting: (sighting: Sighting) => void;
}

/** A running box. */
export interface Agent {
  /** Resolves when every source has ended (files without loop). */
  ended(): Promise<void>;
  /** Ends what is running, last started first; what is not sent stays in the outbox. */
  stop(): Promise<void>;
  /** Resolves once the outbox is empty or `timeoutMs` passed; false when something still waits. */
  drained(timeoutMs: number): Promise<boolean>;
}

const telemetryMs = 5_000;
const hourMs = 3_600_000;

/** Starts a box: the order below is the start order, and `stop` runs it backwards. */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { config, log, version } = options;
  const now = () => Date.now();
  const bootId = randomUUID();
  const stops: (() => Promise<void> | void)[] = [];

  // What a wrong clock stamps is told from the hub's by the skew in every telemetry; nothing is held back for it.
  await checkClock(now(), config.dataFolder).catch((err) => log.error({ err }, 'clock is wrong'));
  mkdirSync(config.dataFolder, { recursive: true, mode: 0o700 });

  try {
    const policyFile = new PolicyFile(join(config.dataFolder, 'policy.json'));
    if (policyFile.load() === 'unreadable') log.warn('the kept policy is unreadable; waiting for the hub’s');

    const outbox = new SqliteOutbox(openOutbox(join(config.dataFolder, 'outbox.sqlite')), () =>
      uplink.wake(),
    );
    stops.push(() => outbox.close());

    const embedding = await readEmbeddingTraits(options.modelsFolder);
    const key = await loadSiteKey(config.siteKeyFile);
    const mergeFrom = embedding.bounds.whole.plainFrom;
    const gallery = new SqliteGallery(
      openSqlite(join(config.dataFolder, 'gallery.sqlite')),
      { ...embedding, key, box: config.box, mergeFrom },
      () => uplink.wake(),
    );
    stops.push(() => gallery.close());
    if (gallery.unreadable > 0)
      log.error(
        { err: new EdgeError('GALLERY_UNREADABLE'), templates: gallery.unreadable },
        'gallery is not whole',
      );
    const expiry = setInterval(() => gallery.expire(now()), hourMs);
    stops.push(() => clearInterval(expiry));
    gallery.expire(now());

    const perceiver = new WorkerPerceiver({ modelsFolder: options.modelsFolder });
    await perceiver.start();
    stops.push(() => perceiver.stop());

    const uplink = new MqttUplink(
      {
        address: config,
        url: config.hub.url,
        ca: await readAuthority(config.hub.caFile),
        token: await readToken(config.hub.tokenFile),
        version,
        bootId,
      },
      {
        outbox,
        gallery,
        listener: {
          policyChanged: (policy) => {
            policyFile.replace(policy);
            log.info({ policyVersion: policy.version }, 'policy in force');
          },
        },
        log,
        now,
      },
    );
    uplink.start();
    stops.push(() => uplink.stop());

    const pipelines = config.cameras.map((camera) => startPipeline(camera));
    stops.push(async () => {
      await Promise.all(pipelines.map((pipeline) => pipeline.stop()));
    });

    const reporter = new TelemetryReporter({
      bootId,
      dataFolder: config.dataFolder,
      cameras: () => pipelines.map((pipeline) => pipeline.health(now())),
      outbox: () => outbox.depth(),
      drops: () =>
        sumCounters([
          outbox.drops,
          gallery.drops,
          perceiver.drops,
          uplink.counters,
          ...pipelines.map((pipeline) => pipeline.drops),
        ]),
    });
    const troubles = new Map<string, string | undefined>();
    const report = setInterval(() => void sendReport(), telemetryMs);
    stops.push(() => clearInterval(report));

    async function sendReport(): Promise<void> {
      outbox.retry();
      const telemetry = await reporter.report(now());
      uplink.report(telemetry);
      sayTroubles(telemetry.cameras);
    }

    /** Whoever looks at the log learns of a camera's trouble once, and of its end. */
    function sayTroubles(cameras: Telemetry['cameras']): void {
      for (const { camera, error } of cameras) {
        if (troubles.get(camera) === error) continue;
        troubles.set(camera, error);
        if (error) log.warn({ camera, error }, 'camera has trouble');
        else log.info({ camera }, 'camera is well again');
      }
    }

    function startPipeline(camera: CameraConfig): Pipeline {
      const { site, box } = config;
      const pipeline = new Pipeline(camera, {
        capture: openCapture({ ...camera, pace: 'realtime' }, { ffmpegPath: options.ffmpegPath }),
        perceiver,
        tracker: new Tracker(),
        gallery,
        sight: new SightingDesk(
          { site, box, gate: camera.gate, camera: camera.camera, line: camera.line },
          embedding.bounds,
        ),
        outbox,
        policy: () => policyFile.current,
        onSighting: options.onSighting,
        log,
        now,
      });
      pipeline.start();
      return pipeline;
    }

    return {
      ended: async () => {
        await Promise.all(pipelines.map((pipeline) => pipeline.ended()));
      },
      drained: (timeoutMs) => waitUntil(() => isEmpty(outbox), timeoutMs),
      stop: () => stopInReverse(stops),
    };
  } catch (error) {
    await stopInReverse(stops);
    throw error;
  }
}

function isEmpty(outbox: SqliteOutbox): boolean {
  const { sightings, evidence } = outbox.depth();
  return sightings + evidence === 0;
}

async function waitUntil(condition: () => boolean, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}

async function stopInReverse(stops: (() => Promise<void> | void)[]): Promise<void> {
  for (const stop of stops.splice(0).reverse()) await stop();
}

function openOutbox(path: string) {
  try {
    return openSqlite(path);
  } catch (cause) {
    throw new EdgeError('OUTBOX_UNREADABLE', path, { cause });
  }
}

async function readToken(path: string): Promise<string> {
  const token = await readFile(path, 'utf8').catch((cause) => {
    throw new EdgeError('CONFIG_INVALID', `hub.tokenFile: ${path} cannot be read`, { cause });
  });
  return token.trim();
}

function sumCounters(all: Record<string, number>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const counters of all)
    for (const [reason, n] of Object.entries(counters)) sum[reason] = (sum[reason] ?? 0) + n;
  return sum;
}
