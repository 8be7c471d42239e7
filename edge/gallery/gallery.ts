/** Whether a template was made from a bare or a masked face; the two have thresholds of their own. */
export type TemplateKind = 'bare' | 'masked';

/** The nearest subject to one face. */
export interface GalleryMatch {
  subject: string;
  category: 'registered' | 'stranger';
  /** Of the template that was nearest. */
  kind: TemplateKind;
  /** Cosine similarity, −1 to 1. */
  similarity: number;
}

/** Templates of one site: compare, enrol, expire, forget. Encrypted at rest (AES-256-GCM, key outside the database). */
export interface Gallery {
  /** The nearest template that has not expired; undefined when the gallery is empty. `embedding`: unit length, 192-d. */
  nearest(embedding: Float32Array, kind: TemplateKind, now: number): GalleryMatch | undefined;
  /** Adds a template; `expiresAt` in ms since the epoch. Durable when it returns, unless `drops` says that the disk refused it. */
  enrol(template: {
    subject: string;
    category: 'registered' | 'stranger';
    kind: TemplateKind;
    embedding: Float32Array;
    expiresAt: number;
  }): void;
  /** Removes every template of a subject, those that cannot be opened included, and says how many. Throws when the disk refuses. */
  forget(subject: string): number;
  /** Removes what has expired and says how many; what the disk refuses is no longer compared, and is tried again next time. */
  expire(now: number): number;
  /** Templates that can be compared. */
  readonly size: number;
  /** Templates that could not be opened with this key (GALLERY_UNREADABLE): while there are any, nobody may be called new. */
  readonly unreadable: number;
  /** Rising counters of what the disk did not take, by reason. */
  readonly drops: Readonly<Record<string, number>>;
  close(): void;
}
