import type { Policy } from '../contract/policy.ts';

/** The rules of a policy that have a beginning and an end. */
const ruleNames = ['mask', 'firstTime', 'outOfProvince', 'watchedProvinces'] as const;

/** One of the rules of a policy. */
export type RuleName = (typeof ruleNames)[number];

/** What holds before a manager decides anything: nothing is flagged, strangers are forgotten after 14 days. */
export function defaultPolicy(site: string): Policy {
  return { schema: 1, site, version: 0, homeProvince: '苏', strangerRetentionDays: 14 };
}

/** Rules that would end before they start. */
export function misdatedRules(policy: Pick<Policy, RuleName>): RuleName[] {
  return ruleNames.filter((rule) => {
    const campaign = policy[rule];
    return campaign !== undefined && Date.parse(campaign.endsAt) <= Date.parse(campaign.startsAt);
  });
}
