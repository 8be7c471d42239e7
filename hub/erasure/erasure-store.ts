import type { Erasure, HeldFromErasure } from '../contract/api.ts';
import type { Tombstone } from './tombstones.ts';

/** Somebody to be forgotten, under a name that may be kept. */
export interface NewErasure {
  id: string;
  site: string;
  subject: string;
  /** Whether boxes may know the subject: they do persons. */
  isKnownToBoxes: boolean;
  reason: string;
  askedBy: { id: string; displayName: string };
  askedAt: string;
}

/** Keeps who is to be forgotten, under which names, which boxes have done it, and what the hub itself removed. */
export interface ErasureStore {
  /**
   * With all names the subject had, and every box that the site has now. The one that was asked for earlier, if any
   * was, then reaching up to now.
   */
  add(erasure: NewErasure): Promise<Erasure>;
  /** As a tombstone has it, when the database is from before; true when that changed anything. */
  restore(tombstone: Tombstone): Promise<boolean>;
  get(id: string): Promise<Erasure | undefined>;
  /** Newest first. */
  list(site: string): Promise<Erasure[]>;
  /** Of all sites, as tombstones. */
  tombstones(): Promise<Tombstone[]>;
  /** The erasure under which this subject is forgotten. */
  ofSubject(site: string, subject: string): Promise<Erasure | undefined>;
  /** Everybody who is forgotten at a site, by name, and up to when: ISO 8601 UTC. */
  forgotten(site: string): Promise<ReadonlyMap<string, string>>;
  /** The plates in all that the hub keeps, in steps, for finding those whose digest is forgotten. */
  plates(): AsyncIterable<string[]>;
  /** The hub has gone through all it keeps. */
  carriedOut(erasure: string, at: string, held: HeldFromErasure | undefined): Promise<void>;
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
