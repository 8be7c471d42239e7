import type { AuditTrail } from '../accounts/audit-trail.ts';
import { type Clock, toInstant } from '../clock.ts';
import type { Sighting } from '../contract/sighting.ts';
import type { ViidSettings, ViidStatus } from '../contract/viid.ts';
import type { Counters } from '../counters.ts';
import { HubError } from '../errors.ts';
import type { DeadLetterStore } from '../ingest/dead-letter.ts';
import type { EvidenceStore } from '../ingest/evidence-store.ts';
import type { SightingLog } from '../trajectory/sighting-log.ts';
import { type ObjectStatus, ViidClient } from './viid-client.ts';
import { type SightingPicture, toFace, toMotorVehicle } from './viid-objects.ts';
import type { ViidQueue, WaitingItem } from './viid-queue.ts';
import { kindsThatLeave, type ViidSetting, type ViidSettingsDesk } from './viid-settings.ts';

/** What the exporter works with. */
export interface ViidExporterParts {
  settings: Pick<ViidSettingsDesk, 'read'>;
  queue: ViidQueue;
  sightings: Pick<SightingLog, 'get'>;
  evidence: Pick<EvidenceStore, 'read'>;
  deadLetters: Pick<DeadLetterStore, 'add'>;
  audit: Pick<AuditTrail, 'record'>;
  counters: Counters;
  clock: Clock;
}

/** Things in one request: with their pictures some megabytes. */
const batchSize = 10;

/** Back-off after failures: 5 s, doubled up to 5 min. */
const firstWaitMs = 5_000;
const longestWaitMs = 5 * 60_000;

/** Failures in a row after which we register anew, whatever they were. */
const failuresToRegister = 3;

/** How often a thing is sent that the platform answers with nothing or with an error that may pass. */
const mostAttempts = 5;
const postponedMs = 60_000;

/** How long it is remembered what was sent, so that a late revision does not send it again. */
const rememberedMs = 30 * 24 * 3_600_000;

/** Answers that may be different the next time: other error, device busy, device error, rebooting (ConfirmStatusType). */
const passing = new Set([1, 2, 3, 9]);

const farewellMs = 1_500;

/** A thing as it is sent, and the sighting it is. */
interface Outgoing {
  item: WaitingItem;
  id: string;
  object: object;
}

/** How each kind is sent. */
const lists = {
  vehicle: {
    path: '/VIID/MotorVehicles',
    wrap: (objects: object[]) => ({ MotorVehicleListObject: { MotorVehicleObject: objects } }),
  },
  person: {
    path: '/VIID/Faces',
    wrap: (objects: object[]) => ({ FaceListObject: { FaceObject: objects } }),
  },
};

/**
 * Sends what waits to a platform of GA/T 1400: registers, keeps itself alive, sends in batches and backs off. At least
 * once: a thing leaves the queue only when the platform has answered for it, and has the same id when it is sent again.
 */
export class ViidExporter {
  readonly #parts: ViidExporterParts;
  #abort = new AbortController();
  #client: ViidClient | undefined;
  #version: number | undefined;
  #isRegistered = false;
  #registeredAt: number | undefined;
  #answeredAt: number | undefined;
  #keepaliveAt = 0;
  #farewell: (() => Promise<void>) | undefined;
  #nextTryAt = 0;
  #failures = 0;
  #problem: ViidStatus['problem'];

  constructor(parts: ViidExporterParts) {
    this.#parts = parts;
  }

  /** Does what is due and resolves when nothing more is; called again and again. What is foreseen is counted, not thrown. */
  async round(): Promise<void> {
    const { settings, queue, clock } = this.#parts;
    try {
      const setting = await settings.read();
      const kinds = kindsThatLeave(setting.value);
      if (setting.version !== this.#version) await this.#begin(setting);
      if (!this.#client || kinds.length === 0 || clock.now() < this.#nextTryAt) return;
      await this.#present(this.#client, setting.value);
      while (!this.#abort.signal.aborted) {
        const due = await queue.due(toInstant(clock.now()), kinds, batchSize);
        if (due.length === 0) break;
        await this.#send(this.#client, due, setting.value);
      }
      this.#failures = 0;
      this.#problem = undefined;
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      if (!this.#abort.signal.aborted) this.#fail(error);
    }
  }

  async status(): Promise<ViidStatus> {
    const { settings, queue } = this.#parts;
    const { value, account } = await settings.read();
    const kinds = kindsThatLeave(value);
    const said = (at: number | undefined) => (at === undefined ? undefined : toInstant(at));
    return {
      state: account === undefined ? 'off' : this.#isRegistered ? 'registered' : 'unregistered',
      facesLeave: kinds.includes('person'),
      ...(this.#isRegistered && { registeredAt: said(this.#registeredAt) }),
      answeredAt: said(this.#answeredAt),
      ...(await queue.counts()),
      problem: this.#problem,
    };
  }

  /** Forgets what was settled long ago. */
  async tidy(): Promise<void> {
    const { queue, clock } = this.#parts;
    await queue.prune(toInstant(clock.now() - rememberedMs));
  }

  /** Breaks off what is in hand; it is sent again after the next start. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#sayFarewell();
  }

  /** Settings that changed mean another platform, or another self: register anew, without waiting. */
  async #begin({ version, account }: ViidSetting): Promise<void> {
    await this.#sayFarewell();
    this.#version = version;
    this.#client = account && new ViidClient(account, this.#abort.signal);
    this.#farewell = account && (() => new ViidClient(account, AbortSignal.timeout(farewellMs)).unregister());
    this.#nextTryAt = 0;
    this.#failures = 0;
    this.#problem = undefined;
  }

  /** Out of courtesy: a platform that hears nothing more finds out by itself. */
  async #sayFarewell(): Promise<void> {
    if (!this.#isRegistered) return;
    this.#isRegistered = false;
    try {
      await this.#farewell?.();
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      this.#parts.counters.add('viid.farewell_unheard');
    }
  }

  async #present(client: ViidClient, { keepaliveSeconds }: ViidSettings): Promise<void> {
    const { clock } = this.#parts;
    if (!this.#isRegistered) {
      await client.register();
      this.#isRegistered = true;
      this.#registeredAt = clock.now();
    } else if (clock.now() >= this.#keepaliveAt) {
      await client.keepalive();
    } else {
      return;
    }
    this.#answeredAt = clock.now();
    this.#keepaliveAt = clock.now() + keepaliveSeconds * 1000;
  }

  async #send(client: ViidClient, due: WaitingItem[], value: ViidSettings): Promise<void> {
    const kind = due[0].kind;
    const outgoing: Outgoing[] = [];
    for (const item of due.filter((each) => each.kind === kind)) {
      const made = await this.#make(item, value);
      if (made) outgoing.push(made);
    }
    if (outgoing.length > 0) await this.#post(client, kind, outgoing, value);
  }

  /** Undefined when there is nothing to send any more, which is counted. */
  async #make(item: WaitingItem, value: ViidSettings): Promise<Outgoing | undefined> {
    const { queue, sightings, counters } = this.#parts;
    const entry = await sightings.get(item.sighting, 'all');
    if (!entry) {
      await queue.drop([item.sighting]);
      counters.add('viid.passed_retention');
      return undefined;
    }
    const { timeZone, cameras, deviceId = '' } = value;
    const camera = cameras.find((each) => each.camera === entry.camera);
    const as = { deviceId: camera?.deviceId ?? deviceId, timeZone };
    const pictures = await this.#pictures(entry);
    if (item.kind === 'vehicle') {
      const object = toMotorVehicle(entry, pictures, as);
      return { item, id: object.MotorVehicleID, object };
    }
    const face = toFace(entry, pictures, as);
    if (face) return { item, id: face.FaceID, object: face };
    await queue.drop([item.sighting]);
    counters.add('viid.without_face');
    return undefined;
  }

  async #pictures({ evidence }: Sighting): Promise<SightingPicture[]> {
    const kept = await Promise.all(
      evidence.map(async (each) => ({
        evidence: each,
        jpeg: (await this.#parts.evidence.read(each.id, 'all'))?.jpeg,
      })),
    );
    return kept.flatMap(({ evidence: each, jpeg }) => (jpeg ? [{ evidence: each, jpeg }] : []));
  }

  async #post(
    client: ViidClient,
    kind: Sighting['kind'],
    outgoing: Outgoing[],
    value: ViidSettings,
  ): Promise<void> {
    const { path, wrap } = lists[kind];
    await this.#recordLeaving(path, outgoing.length, value);
    let said: ObjectStatus[];
    try {
      said = await client.post(path, wrap(outgoing.map(({ object }) => object)));
    } catch (error) {
      if (!(error instanceof HubError) || error.code !== 'VIID_REFUSED') throw error;
      if (outgoing.length === 1) return this.#refuse(outgoing[0], path, error.message);
      // One of them may be at fault: each on its own.
      for (const each of outgoing) await this.#post(client, kind, [each], value);
      return;
    }
    this.#answeredAt = this.#parts.clock.now();
    for (const [at, each] of outgoing.entries())
      await this.#settle(each, path, statusOf(each, at, outgoing, said));
  }

  async #settle(each: Outgoing, path: string, said: ObjectStatus | undefined): Promise<void> {
    const { queue, counters, clock } = this.#parts;
    const now = clock.now();
    if (said?.code === 0) {
      await queue.markSent([each.item.sighting], toInstant(now));
      counters.add('viid.sent');
    } else if ((said === undefined || passing.has(said.code)) && each.item.attempts + 1 < mostAttempts) {
      await queue.postpone([each.item.sighting], toInstant(now + postponedMs));
      counters.add('viid.postponed');
    } else {
      await this.#refuse(each, path, said ? `status ${said.code} ${said.text}` : 'no answer for it');
    }
  }

  /** Never taken: kept with the reason among the dead letters, and out of the way of the others. */
  async #refuse({ item, object }: Outgoing, path: string, reason: string): Promise<void> {
    const { queue, deadLetters, counters, clock } = this.#parts;
    const receivedAt = toInstant(clock.now());
    await deadLetters.add({
      receivedAt,
      topic: path,
      code: 'VIID_REFUSED',
      reason: `sighting ${item.sighting}: ${reason}`,
      bytes: JSON.stringify(object).length,
      excerpt: new Uint8Array(),
    });
    await queue.markRefused(item.sighting, receivedAt);
    counters.add('viid.refused');
  }

  /** Before it leaves, as for every export. Nobody did it: the hub does what an admin has switched on. */
  async #recordLeaving(path: string, things: number, { platformUrl = '' }: ViidSettings): Promise<void> {
    const { audit, clock } = this.#parts;
    await audit.record({
      at: toInstant(clock.now()),
      action: 'exported',
      target: path,
      address: new URL(platformUrl).host,
      details: { things },
    });
  }

  #fail(error: HubError): void {
    const { counters, clock } = this.#parts;
    const now = clock.now();
    this.#failures += 1;
    const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** (this.#failures - 1));
    this.#nextTryAt = now + waitMs;
    if (error.code === 'VIID_LOG_IN_REFUSED' || this.#failures >= failuresToRegister)
      this.#isRegistered = false;
    this.#problem = { code: error.code, reason: error.message, at: toInstant(now) };
    counters.add(`viid.${error.code}`);
  }
}

/** By its id; platforms that leave ids out answer in order, or once for all. */
function statusOf(
  { id }: Outgoing,
  at: number,
  all: Outgoing[],
  said: ObjectStatus[],
): ObjectStatus | undefined {
  const own = said.find((each) => each.id === id);
  if (own) return own;
  const unnamed = said.filter((each) => each.id === undefined);
  if (unnamed.length === all.length) return unnamed[at];
  return said.length === 1 && unnamed.length === 1 ? unnamed[0] : undefined;
}
