import type { Policy } from '../contract/policy.ts';

/** Keeps every version of every site's policy. */
export interface PolicyStore {
  /** The newest version, undefined when the site never had one. */
  current(site: string): Promise<Policy | undefined>;
  /** A version as it was in force; undefined when the site never had it. */
  version(site: string, version: number): Promise<Policy | undefined>;
  /** Saves a version; false when that version exists already, because someone else was faster. */
  save(policy: Policy, changedBy: string, at: string): Promise<boolean>;
}
