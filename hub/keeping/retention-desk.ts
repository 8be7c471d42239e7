import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, toInstant } from '../clock.ts';
import type { RetentionCount, RetentionReport, RetentionSettings } from '../contract/keeping.ts';
import type { Counters } from '../counters.ts';
import { HubError } from '../errors.ts';
import type { EvidenceStore } from '../ingest/evidence-store.ts';
import type { HoldDesk } from './hold-desk.ts';
import {
  type AgingKind,
  agingKinds,
  checkRetention,
  cutoff,
  defaultRetention,
  retentionFor,
} from './retention-rules.ts';
import { addBatch, noneOf, type RemovedBatch, type RetentionStore } from './retention-store.ts';

/** Rows of one unit of work: short enough that what comes from the boxes meanwhile hardly waits. */
const batchRows = 50;
/** A run rests for so many times as long as it worked: whoever waits at the gate does not wait for it. */
const restsPerWork = 3;
/** Runs that a report shows. */
const shownRuns = 20;

/** What the desk works with. */
export interface RetentionParts {
  store: RetentionStore;
  evidence: Pick<EvidenceStore, 'use'>;
  holds: Pick<HoldDesk, 'endExpired'>;
  counters: Counters;
  clock: Clock;
}

/** Says how long things are kept, removes what is older, and says what it removed. */
export class RetentionDesk {
  readonly #parts: RetentionParts;
  #stopping = false;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
  }

  /** Decides at the first start how much of the disk pictures may take; later it stays as it was decided. */
  async begin(site: string, diskFreeBytes: number): Promise<void> {
    const { store, clock } = this.#parts;
    if (await store.settings(site)) return;
    await store.saveSettings(site, retentionFor(diskFreeBytes), {
      by: 'first start',
      at: toInstant(clock.now()),
    });
  }

  async settings(site: string): Promise<{ version: number; settings: RetentionSettings }> {
    return (await this.#parts.store.settings(site)) ?? { version: 0, settings: defaultRetention };
  }

  /** Throws RETENTION_INVALID, and RETENTION_CONFLICT when somebody else was first. */
  async change(site: string, settings: RetentionSettings, by: string, basedOn?: number): Promise<number> {
    const { store, clock } = this.#parts;
    const change = { by, at: toInstant(clock.now()), ...(basedOn === undefined ? {} : { basedOn }) };
    return store.saveSettings(site, checkRetention(settings), change);
  }

  async report(site: string): Promise<RetentionReport> {
    const { store, evidence, clock } = this.#parts;
    const { version, settings } = await this.settings(site);
    const due: RetentionCount[] = [];
    for (const kind of agingKinds) due.push(await store.due(kind, cutoff(kind, settings, clock.now())));
    const { pictures, bytes } = await evidence.use();
    return { version, settings, evidence: { pictures, bytes }, due, runs: await store.runs(shownRuns) };
  }

  /** Removes all that is older than the settings allow, and writes down what went. */
  async enforce(site: string): Promise<void> {
    const { store, holds, clock } = this.#parts;
    const begun = clock.now();
    await holds.endExpired();
    const { settings } = await this.settings(site);
    const removed: RetentionCount[] = [];
    for (const kind of agingKinds) {
      const before = cutoff(kind, settings, begun);
      let total = noneOf(kind, (await store.due(kind, before)).held);
      for (;;) {
        const batch = await thenRest(() => this.#removeBatch(kind, before));
        total = addBatch(total, batch);
        if (batch.count < batchRows || this.#stopping) break;
      }
      removed.push(total);
    }
    await this.#record(begun, removed);
  }

  /** An audit trail that somebody has changed is left as it is; the rest goes on. */
  async #removeBatch(kind: AgingKind, before: string): Promise<RemovedBatch> {
    try {
      return await this.#parts.store.removeBatch(kind, before, batchRows);
    } catch (error) {
      if (!(error instanceof HubError && error.code === 'AUDIT_BROKEN')) throw error;
      this.#parts.counters.add('retention.audit_broken');
      return { count: 0 };
    }
  }

  /** Removes the oldest pictures that no hold keeps, as long as there are more than the settings allow. */
  async enforceBound(site: string): Promise<void> {
    const { store, evidence, clock } = this.#parts;
    const { settings } = await this.settings(site);
    const begun = clock.now();
    let over = (await evidence.use()).bytes - settings.evidenceMaxBytes;
    if (over <= 0) return;
    let total = noneOf('pictures_over_bound', await store.heldPictures());
    while (over > 0 && !this.#stopping) {
      const batch = await thenRest(() => store.removeOldestPictures(over, batchRows));
      if (batch.count === 0) break;
      total = addBatch(total, batch);
      over -= batch.bytes;
    }
    await this.#record(begun, [total]);
  }

  /** A run in hand ends after its batch; what is left goes after the next start. */
  stop(): void {
    this.#stopping = true;
  }

  async #record(begun: number, removed: RetentionCount[]): Promise<void> {
    const { store, counters, clock } = this.#parts;
    for (const { kind, count } of removed) if (count > 0) counters.add(`retention.${kind}`, count);
    if (removed.every(({ count, held }) => count === 0 && held === 0)) return;
    const kept = removed.filter(({ count, held }) => count > 0 || held > 0);
    await store.record({ at: toInstant(begun), tookMs: clock.now() - begun, removed: kept });
  }
}

async function thenRest<T extends RemovedBatch>(work: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  const batch = await work();
  if (batch.count === batchRows) await sleep(restsPerWork * (performance.now() - begun));
  return batch;
}
