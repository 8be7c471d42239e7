import { createHmac } from 'node:crypto';
import type { Publish } from '../broker/broker.ts';
import { type Clock, toInstant } from '../clock.ts';
import type { Erasure, ErasureCertificate, HeldFromErasure } from '../contract/api.ts';
import type { ErasureReply, GalleryEntry } from '../contract/gallery.ts';
import { newOpaqueId } from '../contract/ids.ts';
import type { Sighting } from '../contract/sighting.ts';
import { type BoxAddress, galleryTopic } from '../contract/topics.ts';
import { HubError } from '../errors.ts';
import type { Announcer } from '../event-log.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { anonymous, unlinked } from './anonymous.ts';
import { certify, isOwnCertificate } from './certificate.ts';
import type { Eraser } from './eraser.ts';
import type { ErasureStore } from './erasure-store.ts';
import { forgottenName, isPerson } from './subject-name.ts';
import type { Tombstone, Tombstones } from './tombstones.ts';

/** Told on the line until no box can still have a template: longer than any may be kept. */
const toldMs = 400 * 86_400_000;

/** What the desk works with. */
export interface ErasureDeskParts {
  store: ErasureStore;
  /** One for each part that keeps subjects. */
  erasers: Eraser[];
  tombstones: Tombstones;
  keys: KeyRing;
  publish: Publish;
  announcer: Announcer;
  clock: Clock;
}

/** A sighting as it may be kept, and the pictures it named that may not. */
export interface Admitted {
  sighting: Sighting;
  forgottenPictures: string[];
}

/** Forgets people and vehicles, on the hub and persons on every box of the site, and says who has done it. */
export class ErasureDesk {
  readonly #parts: ErasureDeskParts;

  constructor(parts: ErasureDeskParts) {
    this.#parts = parts;
  }

  /**
   * Asked twice it is one erasure, which then reaches up to now. The tombstone is on the disk before anything is
   * removed, so that a crash in between is made good at the next start. What cannot be sent now is sent by `tellAll`.
   */
  async ask(
    site: string,
    subject: string,
    reason: string,
    askedBy: { id: string; displayName: string },
  ): Promise<ErasureCertificate> {
    const { store, keys, clock } = this.#parts;
    const askedAt = toInstant(clock.now());
    const forgotten = forgottenName(keys, subject);
    const isKnownToBoxes = isPerson(forgotten);
    const asked = { id: newOpaqueId(), site, subject: forgotten, isKnownToBoxes, reason, askedBy, askedAt };
    const erasure = await store.add(asked);
    await this.#bury(site, erasure);
    await this.#carryOut(site, erasure, isKnownToBoxes ? [] : [subject]);
    await this.#tell(site, erasure).catch(ignoreUnreachable);
    return this.certificate(erasure.id);
  }

  /** Throws ERASURE_UNKNOWN. */
  async certificate(id: string): Promise<ErasureCertificate> {
    const erasure = await this.#parts.store.get(id);
    if (!erasure) throw new HubError('ERASURE_UNKNOWN');
    return this.#certify(erasure);
  }

  /** Of a person or a plate; undefined when nobody asked for it. */
  async ofSubject(site: string, subject: string): Promise<ErasureCertificate | undefined> {
    const { store, keys } = this.#parts;
    const erasure = await store.ofSubject(site, forgottenName(keys, subject));
    return erasure && this.#certify(erasure);
  }

  async list(site: string): Promise<ErasureCertificate[]> {
    return (await this.#parts.store.list(site)).map((erasure) => this.#certify(erasure));
  }

  /** Whether this hub has signed exactly this certificate. */
  isOurs(certificate: ErasureCertificate): boolean {
    return isOwnCertificate(this.#parts.keys, certificate);
  }

  /** What boxes must know, also after the broker lost its memory. Throws BROKER_UNREACHABLE. */
  async tellAll(site: string): Promise<void> {
    const { store, clock } = this.#parts;
    const since = toInstant(clock.now() - toldMs);
    for (const erasure of await store.list(site))
      if (erasure.askedAt > since) await this.#tell(site, erasure);
  }

  /**
   * Before the hub takes anything: a database that is older than an erasure learns of it again, and a list of tombstones
   * that is older than the database is brought up. Gives how many erasures the database had not known.
   */
  async reconcile(): Promise<number> {
    const { store, tombstones } = this.#parts;
    const buried = await tombstones.read();
    let missing = 0;
    for (const tombstone of buried) if (await store.restore(tombstone)) missing++;
    const texts = new Set(buried.map((tombstone) => JSON.stringify(tombstone)));
    for (const tombstone of await store.tombstones())
      if (!texts.has(JSON.stringify(tombstone))) await tombstones.add(tombstone);
    return missing;
  }

  /** Goes through all that is kept for everyone who was forgotten: what came late, or was under a hold, goes now. */
  async carryOutAll(): Promise<void> {
    const { store, keys } = this.#parts;
    const all = await store.tombstones();
    const names = new Set(all.flatMap(({ subjects }) => subjects).filter((name) => !isPerson(name)));
    const plates = new Map<string, string>();
    if (names.size > 0)
      for await (const some of store.plates())
        for (const plate of some) {
          const name = forgottenName(keys, plate);
          if (names.has(name)) plates.set(name, plate);
        }
    for (const { id, site, subjects } of all) {
      const erasure = await store.get(id);
      if (erasure)
        await this.#carryOut(
          site,
          erasure,
          subjects.flatMap((name) => plates.get(name) ?? []),
        );
    }
  }

  /** A sighting that arrives: what is of somebody forgotten is nobody's from the beginning. */
  async admit(sighting: Sighting): Promise<Admitted> {
    const { store, keys } = this.#parts;
    const forgotten = await store.forgotten(sighting.site);
    if (forgotten.size === 0) return { sighting, forgottenPictures: [] };
    const until = [sighting.subject, sighting.plate && forgottenName(keys, sighting.plate.text)]
      .flatMap((name) => (name === undefined ? [] : (forgotten.get(name) ?? [])))
      .sort()
      .at(-1);
    if (until === undefined) return { sighting, forgottenPictures: [] };
    if (sighting.occurredAt <= until)
      return { sighting: anonymous(sighting), forgottenPictures: sighting.evidence.map(({ id }) => id) };
    return {
      sighting: sighting.subject === undefined ? sighting : unlinked(sighting),
      forgottenPictures: [],
    };
  }

  /** A box has erased a subject: if under another name, that one is forgotten everywhere too. */
  async takeReply({ site, box }: BoxAddress, reply: ErasureReply): Promise<void> {
    const { store } = this.#parts;
    const { erasure: id, subject, at, templates } = reply;
    const before = await store.get(id);
    if (!before) return;
    await store.confirm({ erasure: id, box, subject, at, templates });
    if (before.subjects.includes(subject)) return;
    const erasure = (await store.get(id)) ?? before;
    await this.#bury(site, erasure);
    await this.#carryOut(site, erasure, []);
  }

  /** What a box says of its gallery: nobody brings back who was forgotten. */
  async hear(site: string, entry: GalleryEntry): Promise<void> {
    const { store } = this.#parts;
    if (entry.state === 'forgotten') return;
    const forgotten = await store.ofSubject(site, entry.subject);
    if (forgotten) return this.#tellOf(site, forgotten, entry.subject);
    if (entry.state === 'merged') await store.merge(site, entry.subject, entry.into, entry.at);
  }

  async #carryOut(site: string, erasure: Erasure, plates: string[]): Promise<void> {
    const { store, erasers, keys, announcer, clock } = this.#parts;
    const at = toInstant(clock.now());
    const who = {
      erasure: erasure.id,
      site,
      persons: erasure.subjects.filter(isPerson),
      plates,
      until: erasure.until,
      at,
      digest: (ids: string[]) =>
        createHmac('sha256', keys.key('tombstone'))
          .update([...ids].sort().join('\n'))
          .digest('hex'),
    };
    const held: HeldFromErasure = { sightings: 0, alerts: 0, pictures: 0 };
    let removed = 0;
    for (const eraser of erasers) {
      const outcome = await eraser.erase(who);
      removed += outcome.removed;
      announcer.announce(outcome.events);
      for (const kind of ['sightings', 'alerts', 'pictures'] as const)
        held[kind] += outcome.held?.[kind] ?? 0;
    }
    const left = Object.values(held).some((count) => count > 0) ? held : undefined;
    const isNews = removed > 0 || JSON.stringify(left) !== JSON.stringify(erasure.held);
    if (erasure.carriedOutAt === undefined || isNews) await store.carriedOut(erasure.id, at, left);
  }

  #bury(site: string, erasure: Erasure): Promise<void> {
    return this.#parts.tombstones.add(tombstoneOf(site, erasure));
  }

  #certify(erasure: Erasure): ErasureCertificate {
    const { keys, erasers } = this.#parts;
    return certify(keys, erasure, [...new Set(erasers.flatMap(({ kinds }) => kinds))]);
  }

  async #tell(site: string, erasure: Erasure): Promise<void> {
    for (const subject of erasure.subjects.filter(isPerson)) await this.#tellOf(site, erasure, subject);
  }

  async #tellOf(site: string, { id, askedAt }: Erasure, subject: string): Promise<void> {
    const entry: GalleryEntry = { schema: 1, state: 'forgotten', subject, erasure: id, at: askedAt };
    await this.#parts.publish(galleryTopic(site, subject), JSON.stringify(entry), { qos: 1, retain: true });
  }
}

/** What of an erasure must outlive the database. */
export function tombstoneOf(site: string, erasure: Omit<Tombstone, 'site'>): Tombstone {
  const { id, subject, subjects, reason, askedBy, askedAt, until } = erasure;
  return { id, site, subject, subjects, reason, askedBy, askedAt, until };
}

function ignoreUnreachable(error: unknown): void {
  if (!(error instanceof HubError)) throw error;
}
