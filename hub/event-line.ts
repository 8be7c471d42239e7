import { subjectOf } from './alerts/alert.ts';
import { type AlertContext, judge } from './alerts/judgement.ts';
import type { BoxMessage, Publish } from './broker/broker.ts';
import { type Clock, toInstant } from './clock.ts';
import { newId } from './contract/ids.ts';
import type { Receipt, Sighting } from './contract/sighting.ts';
import type { BoxStatus, Telemetry } from './contract/status.ts';
import { type BoxAddress, boxTopic, parseTopic } from './contract/topics.ts';
import type { Counters } from './counters.ts';
import type { ErasureDesk } from './erasure/erasure-desk.ts';
import { HubError, type HubErrorCode } from './errors.ts';
import type { Announcer } from './event-log.ts';
import type { BoxStore } from './ingest/box-store.ts';
import type { DeadLetterStore } from './ingest/dead-letter.ts';
import { decodeMessage, type Refusal } from './ingest/decode-message.ts';
import type { EvidenceStore } from './ingest/evidence-store.ts';
import type { LatencyWindow } from './ingest/latency-window.ts';
import type { SightingStore } from './ingest/sighting-store.ts';

/** Bytes of a refused message that are kept to look at. */
const keptExcerptBytes = 4096;

/** What the event line works with. */
export interface EventLineParts {
  sightings: SightingStore;
  evidence: EvidenceStore;
  boxes: BoxStore;
  erasures: Pick<ErasureDesk, 'admit' | 'takeReply' | 'hear'>;
  deadLetters: DeadLetterStore;
  announcer: Announcer;
  /** Sends a receipt; what is lost on the way is sent again when the box repeats itself. */
  publish: Publish;
  /** Hands a box that is heard for the first time what it must know, such as its policy. */
  greet: (box: BoxAddress) => Promise<void>;
  /** The rules, the people and what is quiet, as they are at the moment of asking. */
  alerting: () => AlertContext;
  counters: Counters;
  /** Milliseconds from the frame that decided to the commit. */
  lensToCommit: LatencyWindow;
  clock: Clock;
  /** Told of what nobody foresaw; what is foreseen is counted. */
  reportFailure?: (error: unknown) => void;
}

/**
 * One message from a box, start to finish: decode → record → identify → judge → commit → receipt → announce.
 *
 * A broker acknowledges a message only after `receive` resolves, so what is acknowledged is committed, or refused for
 * good and kept as a dead letter. When `receive` rejects (a full disk), nothing was taken and the box sends it again.
 * The same message may come any number of times, and revisions in any order.
 */
export class EventLine {
  readonly #parts: EventLineParts;
  readonly #greeted = new Set<string>();
  /** What is about to be sent, by topic. */
  readonly #receipts = new Map<string, Receipt>();

  constructor(parts: EventLineParts) {
    this.#parts = parts;
  }

  async receive(message: BoxMessage): Promise<void> {
    try {
      await this.#take(message);
    } catch (error) {
      const foreseen = error instanceof HubError;
      this.#parts.counters.add(foreseen ? `ingest.${error.code}` : 'ingest.failed');
      if (!foreseen) this.#parts.reportFailure?.(error);
      throw error;
    }
  }

  async #take(message: BoxMessage): Promise<void> {
    const decoded = decodeMessage(message);
    if (decoded.kind === 'refused') return this.#refuse(message, decoded);

    if (decoded.kind === 'gallery') {
      if (decoded.entry) await this.#parts.erasures.hear(decoded.site, decoded.entry);
      return;
    }
    this.#greetOnce(decoded.from);
    switch (decoded.kind) {
      case 'sighting':
        return this.#takeSighting(message, decoded.from, decoded.sighting);
      case 'evidence':
        return this.#takeEvidence(message, decoded.from, decoded.id, decoded.jpeg);
      case 'status':
        return this.#takeStatus(decoded.from, decoded.status);
      case 'telemetry':
        return this.#takeTelemetry(decoded.from, decoded.telemetry);
      case 'reply':
        this.#parts.counters.add('ingest.replies');
        return this.#parts.erasures.takeReply(decoded.from, decoded.reply);
    }
  }

  async #takeSighting(message: BoxMessage, from: BoxAddress, seen: Sighting): Promise<void> {
    const { sightings, evidence, erasures, announcer, alerting, counters, lensToCommit, clock } = this.#parts;
    const { sighting, forgottenPictures } = await erasures.admit(seen);
    const { id, revision } = sighting;
    const now = clock.now();
    const receivedAt = toInstant(now);

    const outcome = await sightings.commit(sighting, subjectOf(sighting), receivedAt, (against, current) =>
      judge(current, against, alerting(), newId(now), receivedAt),
    );
    if (outcome.kind === 'conflict') {
      return this.#refuse(message, refuseSighting(from, sighting, 'REVISION_CONFLICT'));
    }
    counters.add(`ingest.sightings.${outcome.kind}`);
    if (sighting !== seen) counters.add('ingest.sightings.forgotten');
    if (forgottenPictures.length > 0) await evidence.forget(forgottenPictures);
    if (outcome.kind !== 'committed') return this.#sendReceipt(from, { sightings: [{ id, revision }] });

    announcer.announce(outcome.events);
    lensToCommit.record(clock.now() - Date.parse(sighting.decidedAt));
    const refused = outcome.mismatched.map((picture) =>
      refuseEvidence(from, picture, 'EVIDENCE_HASH_MISMATCH'),
    );
    for (const refusal of refused) await this.#bury(message, refusal);
    this.#sendReceipt(from, {
      sightings: [{ id, revision }],
      refused: refused.flatMap(({ item }) => item ?? []),
    });
  }

  async #takeEvidence(message: BoxMessage, from: BoxAddress, id: string, jpeg: Uint8Array): Promise<void> {
    const { evidence, counters, clock } = this.#parts;
    const outcome = await evidence.keep({ id, from, jpeg, receivedAt: toInstant(clock.now()) });
    if (outcome === 'mismatch') {
      return this.#refuse(message, refuseEvidence(from, id, 'EVIDENCE_HASH_MISMATCH'));
    }
    counters.add(`ingest.evidence.${outcome}`);
    this.#sendReceipt(from, { evidence: [id] });
  }

  async #takeStatus(from: BoxAddress, status: BoxStatus): Promise<void> {
    const { boxes, announcer, clock } = this.#parts;
    announcer.announce(await boxes.recordStatus(from, status, toInstant(clock.now())));
  }

  async #takeTelemetry(from: BoxAddress, telemetry: Telemetry): Promise<void> {
    const { boxes, announcer, clock } = this.#parts;
    announcer.announce(await boxes.recordTelemetry(from, telemetry, toInstant(clock.now())));
  }

  /** Never taken: kept as a dead letter, and named in a receipt so that the box stops sending it. */
  async #refuse(message: BoxMessage, refusal: Refusal): Promise<void> {
    await this.#bury(message, refusal);
    if (refusal.from && refusal.item) this.#sendReceipt(refusal.from, { refused: [refusal.item] });
  }

  async #bury({ topic, payload }: BoxMessage, { code, reason }: Refusal): Promise<void> {
    const { deadLetters, counters, clock } = this.#parts;
    const isPicture = parseTopic(topic)?.channel === 'evidence';
    const excerpt = payload.subarray(0, isPicture ? 0 : keptExcerptBytes);
    const receivedAt = toInstant(clock.now());
    await deadLetters.add({ receivedAt, topic, code, reason, bytes: payload.byteLength, excerpt });
    counters.add(`refused.${code}`);
  }

  /**
   * What one commit brought for one box is named in one receipt. Not awaited: over an external broker the answer to this
   * publish can only be read after the message in hand has been acknowledged. A receipt that is lost is sent again when
   * the box repeats itself.
   */
  #sendReceipt(to: BoxAddress, { sightings = [], evidence = [], refused = [] }: Partial<Receipt>): void {
    const topic = boxTopic(to, 'receipts');
    const waiting = this.#receipts.get(topic);
    if (!waiting) {
      this.#receipts.set(topic, { schema: 1, sightings, evidence, refused });
      setImmediate(() => this.#publishReceipt(topic));
      return;
    }
    waiting.sightings.push(...sightings);
    waiting.evidence.push(...evidence);
    waiting.refused.push(...refused);
  }

  #publishReceipt(topic: string): void {
    const { publish, counters } = this.#parts;
    const payload = JSON.stringify(this.#receipts.get(topic));
    this.#receipts.delete(topic);
    publish(topic, payload, { qos: 1, retain: false }).catch(() => counters.add('receipts.unsent'));
  }

  #greetOnce(box: BoxAddress): void {
    const name = `${box.site}/${box.box}`;
    if (this.#greeted.has(name)) return;
    this.#greeted.add(name);
    this.#parts.greet(box).catch(() => {
      this.#greeted.delete(name);
      this.#parts.counters.add('greetings.unsent');
    });
  }
}

function refuseSighting(from: BoxAddress, { id, revision }: Sighting, code: HubErrorCode): Refusal {
  const reason = 'id: another track of this site has it';
  return { kind: 'refused', code, reason, from, item: { kind: 'sighting', id, revision, code } };
}

function refuseEvidence(from: BoxAddress, id: string, code: HubErrorCode): Refusal {
  const reason = `evidence ${id}: its bytes are not those that were named`;
  return { kind: 'refused', code, reason, from, item: { kind: 'evidence', id, code } };
}
