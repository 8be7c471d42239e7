import { statfs } from 'node:fs/promises';
import type { Broker } from './broker/broker.ts';
import { type Clock, toInstant } from './clock.ts';
import type { SiteHealth } from './contract/api.ts';
import type { Policy } from './contract/policy.ts';
import type { Counters } from './counters.ts';
import type { BoxStore } from './ingest/box-store.ts';
import type { DeadLetterStore } from './ingest/dead-letter.ts';
import type { EvidenceStore } from './ingest/evidence-store.ts';
import type { LatencyWindow } from './ingest/latency-window.ts';
import type { RetentionDesk } from './keeping/retention-desk.ts';
import { countEndingSoon } from './policy/policy-rules.ts';

/** What health is read from. */
export interface SiteHealthParts {
  site: string;
  version: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
  dataFolder: string;
  broker: Broker;
  store: { boxes: BoxStore; deadLetters: DeadLetterStore; evidence: EvidenceStore; databaseBytes(): number };
  /** The policy of the site. */
  readPolicy: () => Promise<Policy>;
  retention: Pick<RetentionDesk, 'settings'>;
  counters: Counters;
  lensToCommit: LatencyWindow;
  clock: Clock;
}

/** How the hub and its boxes are doing now. */
export async function readSiteHealth(parts: SiteHealthParts): Promise<SiteHealth> {
  const { version, startedAt, dataFolder, broker, store, readPolicy, counters, lensToCommit, clock } = parts;
  const now = clock.now();
  const { settings } = await parts.retention.settings(parts.site);
  const disk = await statfs(dataFolder);
  return {
    at: toInstant(now),
    hub: {
      version,
      uptimeSeconds: (now - startedAt) / 1000,
      broker: broker.kind,
      brokerConnected: broker.connected,
      databaseBytes: store.databaseBytes(),
      diskFreeBytes: disk.bavail * disk.bsize,
      counters: counters.read(),
      lensToCommitMs: lensToCommit.summary(),
      evidence: { ...(await store.evidence.use()), maxBytes: settings.evidenceMaxBytes },
    },
    boxes: await store.boxes.list(),
    deadLetters: await store.deadLetters.count(),
    rulesEndingSoon: countEndingSoon(await readPolicy(), now),
  };
}
