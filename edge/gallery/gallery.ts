import type { ErasureReply } from '../../hub/contract/gallery.ts';

/** Whether a template was made from the whole of a bare face, or from what a mask leaves of it; the two have thresholds of their own. */
export type TemplateKind = 'whole' | 'upper';

/** The nearest subject to one face. */
export interface GalleryMatch {
  subject: string;
  category: 'registered' | 'stranger';
  /** Cosine similarity, −1 to 1. */
  similarity: number;
}

/** Templates of one site: compare, enrol, expire. Encrypted at rest (AES-256-GCM, key outside the database). */
export interface Gallery {
  /** The nearest template of this kind that has not expired; undefined when there is none. `embedding`: unit length. */
  nearest(embedding: Float32Array, kind: TemplateKind, now: number): GalleryMatch | undefined;
  /**
   * Adds a template; `expiresAt` in ms since the epoch. Durable when it returns, unless `drops` says that the disk refused it
   * or that the subject has been forgotten meanwhile. A subject that was merged into another gets it under that one.
   */
  enrol(template: {
    subject: string;
    category: 'registered' | 'stranger';
    kind: TemplateKind;
    embedding: Float32Array;
    expiresAt: number;
  }): void;
  /** Removes what has expired and says how many; what the disk refuses is no longer compared, and is tried again next time. */
  expire(now: number): number;
  /** Templates that can be compared. */
  readonly size: number;
  /** Templates here and subjects of other boxes that this key or network does not open: while there are any, nobody may be called new. */
  readonly unreadable: number;
  /** Rising counters of what was not taken, by reason. */
  readonly drops: Readonly<Record<string, number>>;
  close(): void;
}

/** A change that the other boxes of the site do not have yet. */
export interface GalleryChange {
  /** Rises with every change. */
  number: number;
  subject: string;
  /** A `galleryEntry` as JSON; empty when nothing is kept of the subject any more. */
  payload: string;
}

/** What a gallery tells the other boxes of its site, and what it takes from them. */
export interface GalleryExchange {
  /** Oldest first. */
  pending(limit: number): GalleryChange[];
  /** The broker has it. */
  published(change: GalleryChange): void;
  /** What another box, or the hub, says of a subject. Throws when it is no `galleryEntry` of this subject, or the disk refuses. */
  take(subject: string, payload: Uint8Array, now: number): void;
  /** Erasures carried out that the hub does not know of yet. */
  unconfirmed(): ErasureReply[];
  confirmed(reply: ErasureReply): void;
}
