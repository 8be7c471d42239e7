import { createHash } from 'node:crypto';
import type { Publish } from '../broker/broker.ts';
import { type Clock, toInstant } from '../clock.ts';
import type { Erasure, ErasureCertificate } from '../contract/api.ts';
import type { ErasureReply, GalleryEntry } from '../contract/gallery.ts';
import { newOpaqueId } from '../contract/ids.ts';
import { type BoxAddress, galleryTopic } from '../contract/topics.ts';
import { HubError } from '../errors.ts';
import type { ErasureStore } from './erasure-store.ts';

/** Told on the line until no box can still have a template: longer than any may be kept. */
const toldMs = 400 * 86_400_000;

/** Forgets people on every box of the site, and says who has done it. */
export class ErasureDesk {
  readonly #store: ErasureStore;
  readonly #publish: Publish;
  readonly #clock: Clock;

  constructor(store: ErasureStore, publish: Publish, clock: Clock) {
    this.#store = store;
    this.#publish = publish;
    this.#clock = clock;
  }

  /** Asked twice it is one erasure. What cannot be sent now is sent by `tellAll`. */
  async ask(
    site: string,
    subject: string,
    reason: string,
    askedBy: { id: string; displayName: string },
  ): Promise<ErasureCertificate> {
    const askedAt = toInstant(this.#clock.now());
    const erasure = await this.#store.add({ id: newOpaqueId(), site, subject, reason, askedBy, askedAt });
    await this.#tell(site, erasure).catch(ignoreUnreachable);
    return certify(erasure);
  }

  /** Throws ERASURE_UNKNOWN. */
  async certificate(id: string): Promise<ErasureCertificate> {
    const erasure = await this.#store.get(id);
    if (!erasure) throw new HubError('ERASURE_UNKNOWN');
    return certify(erasure);
  }

  async list(site: string): Promise<ErasureCertificate[]> {
    return (await this.#store.list(site)).map(certify);
  }

  /** What boxes must know, also after the broker lost its memory. Throws BROKER_UNREACHABLE. */
  async tellAll(site: string): Promise<void> {
    const since = toInstant(this.#clock.now() - toldMs);
    for (const erasure of await this.#store.list(site))
      if (erasure.askedAt > since) await this.#tell(site, erasure);
  }

  /** A box has erased a subject: if under another name, that one is forgotten everywhere too. */
  async takeReply({ box }: BoxAddress, { erasure, subject, at, templates }: ErasureReply): Promise<void> {
    await this.#store.confirm({ erasure, box, subject, at, templates });
  }

  /** What a box says of its gallery: nobody brings back who was forgotten. */
  async hear(site: string, entry: GalleryEntry): Promise<void> {
    if (entry.state === 'forgotten') return;
    const forgotten = await this.#store.ofSubject(site, entry.subject);
    if (forgotten) return this.#tellOf(site, forgotten, entry.subject);
    if (entry.state === 'merged') await this.#store.merge(site, entry.subject, entry.into, entry.at);
  }

  async #tell(site: string, erasure: Erasure): Promise<void> {
    for (const subject of erasure.subjects) await this.#tellOf(site, erasure, subject);
  }

  async #tellOf(site: string, { id, askedAt }: Erasure, subject: string): Promise<void> {
    const entry: GalleryEntry = { schema: 1, state: 'forgotten', subject, erasure: id, at: askedAt };
    await this.#publish(galleryTopic(site, subject), JSON.stringify(entry), { qos: 1, retain: true });
  }
}

/** The hash is that of everything else in the certificate, as JSON in this order. */
function certify(erasure: Erasure): ErasureCertificate {
  const isComplete = erasure.boxes.every(({ confirmedAt }) => confirmedAt !== undefined);
  const said = { ...erasure, covers: 'face_templates' as const, isComplete };
  return { ...said, sha256: createHash('sha256').update(JSON.stringify(said)).digest('hex') };
}

function ignoreUnreachable(error: unknown): void {
  if (!(error instanceof HubError)) throw error;
}
