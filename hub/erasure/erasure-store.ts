import type { Erasure } from '../contract/api.ts';

/** Somebody to be forgotten. */
export interface NewErasure {
  id: string;
  site: string;
  subject: string;
  reason: string;
  askedBy: { id: string; displayName: string };
  askedAt: string;
}

/** Keeps who is to be forgotten, under which names, and which boxes have done it. */
export interface ErasureStore {
  /** With all names the person had, and every box that the site has now. The one that was asked for earlier, if any was. */
  add(erasure: NewErasure): Promise<Erasure>;
  get(id: string): Promise<Erasure | undefined>;
  /** Newest first. */
  list(site: string): Promise<Erasure[]>;
  /** The erasure under which this subject is forgotten. */
  ofSubject(site: string, subject: string): Promise<Erasure | undefined>;
  /** A box has erased a subject, maybe under a name that the hub did not know. */
  confirm(confirmation: {
    erasure: string;
    box: string;
    subject: string;
    at: string;
    templates: number;
  }): Promise<void>;
  /** Two names are one person; the first is not used any more. */
  merge(site: string, subject: string, into: string, at: string): Promise<void>;
}
