import { randomUUID } from 'node:crypto';
import { type ErasureReply, type GalleryEntry, templatesPerKind } from '../../hub/contract/gallery.ts';
import type { SqliteDatabase } from '../sqlite.ts';
import { entryOf, parseEntry, sealedOf } from './entry.ts';
import type { Gallery, GalleryChange, GalleryExchange, GalleryMatch, TemplateKind } from './gallery.ts';
import { SubjectLedger } from './subject-ledger.ts';
import type { TemplateBinding, TemplateSeal } from './template-seal.ts';
import { type StoredTemplate, type TemplateEdit, TemplateStore } from './template-store.ts';

/** What a gallery must know of its box and its network. */
export interface SqliteGalleryOptions extends TemplateSeal {
  box: string;
  /** Numbers per embedding. */
  dimensions: Record<TemplateKind, number>;
  /** Cosine similarity from which two strangers met at the same time are one person. */
  mergeFrom: number;
}

/** Strangers whose retention ends this near to each other, ms, were met at the same time: only they are merged. */
const sameTime = 15 * 60_000;

type Stored = TemplateBinding & { id: string };
type Kept = Extract<GalleryEntry, { state: 'kept' }>;

/** The gallery in SQLite, and what it and those of the site's other boxes tell each other. */
export class SqliteGallery implements Gallery, GalleryExchange {
  /** Rising counters of what was not taken, by reason. */
  readonly drops = { template_not_kept: 0, expiry_not_written: 0, template_of_forgotten: 0 };
  readonly #database: SqliteDatabase;
  readonly #options: SqliteGalleryOptions;
  readonly #onChange: () => void;
  readonly #store: TemplateStore;
  readonly #ledger: SubjectLedger;
  /** Subjects of other boxes whose templates do not open here. */
  readonly #closed = new Set<string>();

  /** `onChange`: there is something to publish or to confirm. */
  constructor(database: SqliteDatabase, options: SqliteGalleryOptions, onChange: () => void = () => {}) {
    this.#database = database;
    this.#options = options;
    this.#onChange = onChange;
    this.#store = new TemplateStore(database, options, options.dimensions);
    this.#ledger = new SubjectLedger(database);
  }

  get size(): number {
    return this.#store.size;
  }

  get unreadable(): number {
    return this.#store.unreadable + this.#closed.size;
  }

  nearest(embedding: Float32Array, kind: TemplateKind, now: number): GalleryMatch | undefined {
    const found = this.#store.nearest(kind, embedding, now);
    if (!found) return undefined;
    const { subject, category } = found.template;
    return { subject, category, similarity: found.similarity };
  }

  enrol({ embedding, ...template }: TemplateBinding & { embedding: Float32Array }): void {
    const subject = this.#ledger.nameOf(template.subject);
    if (this.#ledger.fateOf(subject)?.state === 'forgotten') {
      this.drops.template_of_forgotten++;
      return;
    }
    const stored = { ...template, subject, expiresAt: Math.round(template.expiresAt), id: randomUUID() };
    this.#orCount('template_not_kept', () =>
      this.#store.change((edit) => {
        edit.add(stored, embedding);
        this.#makeRoom(edit, subject);
        this.#ledger.markForPublishing(subject);
      }),
    );
    this.#onChange();
  }

  expire(now: number): number {
    const expired = this.#store.expired(now);
    this.#store.takeOut(expired.map(({ row }) => row));
    const removed = this.#orCount('expiry_not_written', () =>
      this.#store.change((edit) => {
        edit.remove(expired);
        for (const { subject } of expired) this.#ledger.markForPublishing(subject);
        this.#ledger.expire(now);
        return expired.length;
      }),
    );
    if (expired.length > 0) this.#onChange();
    return removed ?? 0;
  }

  pending(limit: number): GalleryChange[] {
    return this.#ledger
      .toPublish(limit)
      .map(({ number, subject }) => ({ number, subject, payload: this.#payloadOf(subject) }));
  }

  published({ number }: GalleryChange): void {
    this.#ledger.published(number);
  }

  unconfirmed(): ErasureReply[] {
    return this.#ledger.toConfirm();
  }

  confirmed({ erasure, subject }: ErasureReply): void {
    this.#ledger.confirmed(erasure, subject);
  }

  take(subject: string, payload: Uint8Array, now: number): void {
    const entry = parseEntry(subject, payload);
    const fate = this.#ledger.fateOf(subject);
    if (entry?.state !== 'kept') this.#closed.delete(subject);
    if (!entry) {
      // Somebody's templates of it expired; whoever still has some says so.
      if (fate || this.#store.ofSubject(subject).some(({ expiresAt }) => expiresAt > now))
        this.#tell(subject);
    } else if (entry.state === 'forgotten') this.#forget(subject, entry.erasure, now);
    else if (fate?.state === 'forgotten') this.#tell(subject);
    else if (entry.state === 'merged') this.#merge(subject, entry.into, Date.parse(entry.at), now);
    else this.#keep(entry, now);
  }

  close(): void {
    this.#store.clear();
    this.#database.close();
  }

  /** What is new of another box's templates; what that box did not have is told in turn. */
  #keep(entry: Kept, now: number): void {
    const name = this.#ledger.nameOf(entry.subject);
    const mine = this.#store.ofSubject(name);
    const live = entry.templates.filter(({ expiresAt }) => Date.parse(expiresAt) > now);
    const opened = live
      .filter(({ id }) => !this.#store.has(id))
      .map((message) => {
        const sealed = sealedOf(entry, message);
        return {
          template: { ...sealed, subject: name, id: message.id },
          embedding: this.#store.open(sealed),
        };
      });
    const fresh = opened.flatMap(({ template, embedding }) => (embedding ? [{ template, embedding }] : []));
    if (fresh.length < opened.length) this.#closed.add(entry.subject);
    else this.#closed.delete(entry.subject);

    const twin = mine.length === 0 && entry.category === 'stranger' ? this.#twinOf(fresh, now) : undefined;
    if (fresh.length > 0)
      this.#store.change((edit) => {
        for (const { template, embedding } of fresh) edit.add(bindingOf(template), embedding);
        this.#makeRoom(edit, name);
      });
    // An echo of this box's own words needs no answer: what came after them is marked already.
    const told = new Set(live.map(({ id }) => id));
    const hasMore = name !== entry.subject || this.#store.ofSubject(name).some(({ id }) => !told.has(id));
    if (hasMore && entry.box !== this.#options.box) this.#tell(name, entry.subject);
    if (twin === undefined) return;
    const [lesser, greater] = [name, twin].sort();
    this.#merge(greater!, lesser!, now, now);
  }

  /** The stranger that every one of these faces is nearest to, if they are plainly one person, met at the same time. */
  #twinOf(fresh: { template: Stored; embedding: Float32Array }[], now: number): string | undefined {
    const whole = fresh.filter(({ template }) => template.kind === 'whole');
    const found = whole.map(({ template, embedding }) => {
      const nearest = this.#store.nearest('whole', embedding, now);
      const isTwin =
        nearest !== undefined &&
        nearest.template.category === 'stranger' &&
        Math.abs(nearest.template.expiresAt - template.expiresAt) <= sameTime;
      return isTwin ? nearest : undefined;
    });
    const subject = found[0]?.template.subject;
    if (subject === undefined || found.some((each) => each?.template.subject !== subject)) return undefined;
    const mean = found.reduce((sum, each) => sum + (each?.similarity ?? 0), 0) / found.length;
    return mean >= this.#options.mergeFrom ? subject : undefined;
  }

  /** From now on `subject` is known as `into`, which is the lesser, so that two boxes that notice at once agree. */
  #merge(subject: string, into: string, at: number, now: number): void {
    const name = this.#ledger.nameOf(into);
    const end = this.#ledger.fateOf(name);
    if (end?.state === 'forgotten') this.#forget(subject, end.erasure, now);
    if (end || name === subject || this.#ledger.nameOf(subject) === name) return;
    const moved = this.#store.ofSubject(subject);
    this.#store.change((edit) => {
      edit.remove(moved);
      for (const template of moved) {
        const embedding = this.#store.open(template);
        if (embedding) edit.add(bindingOf({ ...template, subject: name }), embedding);
      }
      this.#makeRoom(edit, name);
      this.#ledger.decide(subject, { state: 'merged', into: name, at });
      this.#ledger.markForPublishing(subject);
      if (moved.length > 0) this.#ledger.markForPublishing(name);
    });
    this.#onChange();
  }

  /** With it goes all that is known to be the same person. */
  #forget(subject: string, erasure: string, now: number): void {
    const name = this.#ledger.nameOf(subject);
    const all = [...new Set([subject, name, ...this.#ledger.mergedInto(name)])];
    const unknown = all.filter((each) => this.#ledger.fateOf(each)?.state !== 'forgotten');
    if (unknown.length === 0) return;
    this.#store.change((edit) => {
      for (const each of unknown) {
        const templates = this.#store.ofSubject(each);
        edit.remove(templates);
        this.#ledger.decide(each, { state: 'forgotten', erasure, at: now });
        this.#ledger.markForConfirming(erasure, each, now, templates.length);
        if (each !== subject) this.#ledger.markForPublishing(each);
      }
    });
    for (const each of unknown) this.#closed.delete(each);
    this.#onChange();
  }

  #tell(...subjects: string[]): void {
    for (const subject of new Set(subjects)) this.#ledger.markForPublishing(subject);
    this.#onChange();
  }

  #payloadOf(subject: string): string {
    return entryOf(subject, this.#options.box, this.#ledger.fateOf(subject), this.#store.ofSubject(subject));
  }

  /** Past the limit those that expire first make room, in an order that every box finds. */
  #makeRoom(edit: TemplateEdit, subject: string): void {
    const templates = this.#store.ofSubject(subject);
    for (const kind of ['whole', 'upper'])
      edit.remove(
        templates
          .filter((template) => template.kind === kind)
          .sort((a, b) => b.expiresAt - a.expiresAt || (a.id < b.id ? -1 : 1))
          .slice(templatesPerKind),
      );
  }

  /** A full or failing disk must not stop the decisions at the gate: what was not written is counted. */
  #orCount<Value>(reason: keyof SqliteGallery['drops'], write: () => Value): Value | undefined {
    try {
      return write();
    } catch (error) {
      if (!isDiskTrouble(error)) throw error;
      this.drops[reason]++;
      return undefined;
    }
  }
}

function bindingOf({ id, subject, category, kind, expiresAt }: Stored | StoredTemplate): Stored {
  return { id, subject, category, kind, expiresAt };
}

function isDiskTrouble(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return ['SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_READONLY', 'SQLITE_BUSY'].some((kind) =>
    code.startsWith(kind),
  );
}
