import type { PolicyProposal } from '../contract/api.ts';
import type { Policy } from '../contract/policy.ts';

/** A version of a policy as it was saved. */
export interface PolicyVersion {
  policy: Policy;
  /** ISO 8601 UTC. */
  at: string;
  /** Display name where the person is known. */
  by: string;
  confirmedBy?: string;
}

/** Keeps every version of every site's policy, and what is proposed. Each call is one whole unit of work. */
export interface PolicyStore {
  /** The newest version, undefined when the site never had one. */
  current(site: string): Promise<Policy | undefined>;
  /** A version as it was in force; undefined when the site never had it. */
  version(site: string, version: number): Promise<Policy | undefined>;
  /** Saves a version; false when that version exists already, because someone else was faster. */
  save(policy: Policy, changedBy: string, at: string): Promise<boolean>;
  /** Versions up to `before`, newest first. */
  versions(site: string, before: number, limit: number): Promise<PolicyVersion[]>;

  addProposal(site: string, proposal: PolicyProposal): Promise<void>;
  findProposal(site: string, id: string): Promise<PolicyProposal | undefined>;
  /** Newest first. */
  listProposals(site: string, limit: number): Promise<PolicyProposal[]>;
  /** Saves what was decided; false when somebody else decided before. */
  decide(site: string, proposal: PolicyProposal): Promise<boolean>;
  /** Saves what was confirmed and the version that it leads to, or neither. */
  confirm(
    site: string,
    proposal: PolicyProposal,
    policy: Policy,
  ): Promise<'confirmed' | 'decided' | 'conflict'>;
}
