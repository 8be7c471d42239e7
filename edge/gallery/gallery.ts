/** Whether a template was made from a bare or a masked face; the two have thresholds of their own. */
export type TemplateKind = 'bare' | 'masked';

/** The nearest subject to one face. */
export interface GalleryMatch {
  subject: string;
  category: 'registered' | 'stranger';
  /** Cosine similarity, −1 to 1. */
  similarity: number;
}

/** Templates of one site: compare, enrol, expire, forget. Encrypted at rest (AES-256-GCM, key outside the database). */
export interface Gallery {
  /** The nearest template that has not expired; undefined when the gallery is empty. `embedding`: unit length, 192-d. */
  nearest(embedding: Float32Array, kind: TemplateKind, now: number): GalleryMatch | undefined;
  /** Adds a template; `expiresAt` in ms since the epoch. Durable when it returns. */
  enrol(template: {
    subject: string;
    category: 'registered' | 'stranger';
    kind: TemplateKind;
    embedding: Float32Array;
    expiresAt: number;
  }): void;
  /** Removes every template of a subject and says how many. */
  forget(subject: string): number;
  /** Removes what has expired and says how many. */
  expire(now: number): number;
  readonly size: number;
  close(): void;
}
