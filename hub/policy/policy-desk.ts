import type { z } from 'zod';
import { type Clock, toInstant } from '../clock.ts';
import type { policyEdit } from '../contract/api.ts';
import type { Policy } from '../contract/policy.ts';
import { HubError } from '../errors.ts';
import { defaultPolicy, misdatedRules } from './policy-rules.ts';
import type { PolicyStore } from './policy-store.ts';

/** What a manager may set; the hub sets schema, site and version. */
export type PolicyEdit = z.infer<typeof policyEdit>;

/** Tells the boxes of a site what to flag now. */
export type PublishPolicy = (policy: Policy) => Promise<void>;

/** Where the policy of a site is read and changed. */
export class PolicyDesk {
  readonly #store: PolicyStore;
  readonly #publish: PublishPolicy;
  readonly #clock: Clock;

  constructor(store: PolicyStore, publish: PublishPolicy, clock: Clock) {
    this.#store = store;
    this.#publish = publish;
    this.#clock = clock;
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
   * Saves the next version and tells the boxes. `basedOn` is the version the manager saw: refused with POLICY_CONFLICT
   * when there is a newer one, with POLICY_INVALID when a rule ends before it starts.
   */
  async change(site: string, edit: PolicyEdit, changedBy: string, basedOn?: number): Promise<Policy> {
    const misdated = misdatedRules(edit);
    if (misdated.length > 0)
      throw new HubError('POLICY_INVALID', undefined, { details: { rules: misdated } });

    const { version } = await this.current(site);
    if (basedOn !== undefined && basedOn !== version) refuseConflict(version);
    const next: Policy = { schema: 1, site, version: version + 1, ...edit };
    if (!(await this.#store.save(next, changedBy, toInstant(this.#clock.now()))))
      refuseConflict(next.version);

    await this.#publish(next);
    return next;
  }
}

function refuseConflict(version: number): never {
  throw new HubError('POLICY_CONFLICT', undefined, { details: { version } });
}
