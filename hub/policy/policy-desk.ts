import type { z } from 'zod';
import { type Clock, toInstant } from '../clock.ts';
import type { PolicyHistory, PolicyProposal, policyEdit } from '../contract/api.ts';
import { newId } from '../contract/ids.ts';
import type { Policy } from '../contract/policy.ts';
import { HubError } from '../errors.ts';
import {
  changesBetween,
  defaultPolicy,
  misdatedRules,
  stillApply,
  widenedRules,
  withChanges,
} from './policy-rules.ts';
import type { PolicyStore } from './policy-store.ts';

/** What a manager may set; the hub sets schema, site and version. */
export type PolicyEdit = z.infer<typeof policyEdit>;

/** Tells the boxes of a site what to flag now. */
export type PublishPolicy = (policy: Policy) => Promise<void>;

/** Who proposes or decides. */
interface Manager {
  id: string;
  displayName: string;
}

/** What became of a wish: it holds, or it waits for a second person. */
export type PolicyOutcome =
  | { kind: 'changed'; policy: Policy }
  | { kind: 'proposed'; proposal: PolicyProposal };

/** Nobody may confirm a proposal that is older. */
const proposalLastsMs = 7 * 86_400_000;
const shownProposals = 50;

/** Where the policy of a site is read and changed. */
export class PolicyDesk {
  readonly #store: PolicyStore;
  readonly #publish: PublishPolicy;
  readonly #countOthers: (than: string) => Promise<number>;
  readonly #clock: Clock;

  /** `countOthers`: how many people other than this one may confirm a proposal. */
  constructor(
    store: PolicyStore,
    publish: PublishPolicy,
    clock: Clock,
    countOthers: (than: string) => Promise<number> = async () => 0,
  ) {
    this.#store = store;
    this.#publish = publish;
    this.#clock = clock;
    this.#countOthers = countOthers;
  }

  /** The newest version, or the default policy at version 0, which flags nothing but keeps strangers for a short time. */
  async current(site: string): Promise<Policy> {
    return (await this.#store.current(site)) ?? defaultPolicy(site);
  }

  /** A version as it was in force; undefined when the site never had it. */
  version(site: string, version: number): Promise<Policy | undefined> {
    return this.#store.version(site, version);
  }

  /**
   * What flags no more than before holds at once; what switches a rule on, or widens one, waits for a second person.
   * `basedOn` is the version the manager saw: refused with POLICY_CONFLICT when there is a newer one, with
   * POLICY_INVALID when a rule ends before it starts, with SECOND_PERSON_MISSING when nobody else could confirm.
   */
  async request(site: string, edit: PolicyEdit, manager: Manager, basedOn?: number): Promise<PolicyOutcome> {
    requireDated(edit);
    const current = await this.current(site);
    if (basedOn !== undefined && basedOn !== current.version) refuseConflict(current.version);
    const now = this.#clock.now();
    if (widenedRules(current, edit, now).length === 0) {
      return { kind: 'changed', policy: await this.change(site, edit, manager.id, current.version) };
    }
    if ((await this.#countOthers(manager.id)) === 0) throw new HubError('SECOND_PERSON_MISSING');

    const proposal: PolicyProposal = {
      id: newId(now),
      state: 'open',
      changes: changesBetween(current, edit),
      proposedBy: named(manager),
      proposedAt: toInstant(now),
      expiresAt: toInstant(now + proposalLastsMs),
    };
    await this.#store.addProposal(site, proposal);
    return { kind: 'proposed', proposal };
  }

  /** The newest, newest first. */
  async proposals(site: string): Promise<PolicyProposal[]> {
    return (await this.#store.listProposals(site, shownProposals)).map((each) => this.#ofNow(each));
  }

  /**
   * Makes what was proposed the next version and tells the boxes. Refused with SECOND_PERSON_NEEDED to whoever proposed
   * it, with PROPOSAL_OVER when it was decided or has expired, with PROPOSAL_OUTDATED when its rule was changed since.
   */
  async confirm(site: string, id: string, manager: Manager): Promise<Policy> {
    const proposal = await this.#openProposal(site, id);
    if (proposal.proposedBy.id === manager.id) throw new HubError('SECOND_PERSON_NEEDED');
    const current = await this.current(site);
    if (!stillApply(proposal.changes, current)) throw new HubError('PROPOSAL_OUTDATED');

    const next = { ...withChanges(current, proposal.changes), version: current.version + 1 };
    const outcome = await this.#store.confirm(site, this.#decided(proposal, 'confirmed', manager), next);
    if (outcome === 'decided') throw new HubError('PROPOSAL_OVER');
    if (outcome === 'conflict') refuseConflict(next.version);
    await this.#publish(next);
    return next;
  }

  /** Whoever proposed it withdraws it, anyone else rejects it. Refused with PROPOSAL_OVER. */
  async reject(site: string, id: string, manager: Manager): Promise<PolicyProposal> {
    const proposal = await this.#openProposal(site, id);
    const state = proposal.proposedBy.id === manager.id ? 'withdrawn' : 'rejected';
    const decided = this.#decided(proposal, state, manager);
    if (!(await this.#store.decide(site, decided))) throw new HubError('PROPOSAL_OVER');
    return decided;
  }

  /** Who changed what when, newest first; the cursor is a version. */
  async history(site: string, cursor: string | undefined, limit: number): Promise<PolicyHistory> {
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : parseVersion(cursor);
    const versions = await this.#store.versions(site, before, limit + 1);
    const items = versions.slice(0, limit).map(({ policy, at, by, confirmedBy }, index) => {
      const previous = versions[index + 1]?.policy ?? defaultPolicy(site);
      return { version: policy.version, at, by, confirmedBy, changes: changesBetween(previous, policy) };
    });
    return versions.length > limit ? { items, nextCursor: String(items.at(-1)!.version) } : { items };
  }

  /**
   * Saves the next version and tells the boxes, whatever it flags: for who sets up a site, and for what needs no second
   * person. Refused as in `request`.
   */
  async change(site: string, edit: PolicyEdit, changedBy: string, basedOn?: number): Promise<Policy> {
    requireDated(edit);
    const { version } = await this.current(site);
    if (basedOn !== undefined && basedOn !== version) refuseConflict(version);
    const next: Policy = { schema: 1, site, version: version + 1, ...edit };
    if (!(await this.#store.save(next, changedBy, toInstant(this.#clock.now()))))
      refuseConflict(next.version);

    await this.#publish(next);
    return next;
  }

  async #openProposal(site: string, id: string): Promise<PolicyProposal> {
    const proposal = await this.#store.findProposal(site, id);
    if (!proposal) throw new HubError('PROPOSAL_UNKNOWN');
    const { state } = this.#ofNow(proposal);
    if (state !== 'open') throw new HubError('PROPOSAL_OVER', undefined, { details: { state } });
    return proposal;
  }

  #ofNow(proposal: PolicyProposal): PolicyProposal {
    const isLate = proposal.state === 'open' && Date.parse(proposal.expiresAt) <= this.#clock.now();
    return isLate ? { ...proposal, state: 'expired' } : proposal;
  }

  #decided(proposal: PolicyProposal, state: PolicyProposal['state'], manager: Manager): PolicyProposal {
    return { ...proposal, state, decidedBy: named(manager), decidedAt: toInstant(this.#clock.now()) };
  }
}

function named({ id, displayName }: Manager): Manager {
  return { id, displayName };
}

function requireDated(edit: PolicyEdit): void {
  const misdated = misdatedRules(edit);
  if (misdated.length > 0) throw new HubError('POLICY_INVALID', undefined, { details: { rules: misdated } });
}

function parseVersion(cursor: string): number {
  if (!/^[1-9]\d{0,14}$/.test(cursor)) throw new HubError('CURSOR_INVALID');
  return Number(cursor);
}

function refuseConflict(version: number): never {
  throw new HubError('POLICY_CONFLICT', undefined, { details: { version } });
}
