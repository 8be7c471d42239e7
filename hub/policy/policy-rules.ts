import { isDeepStrictEqual } from 'node:util';
import type { PolicyChange } from '../contract/api.ts';
import type { Campaign, Policy } from '../contract/policy.ts';

/** What a manager may set. */
const policyFields = [
  'homeProvince',
  'mask',
  'firstTime',
  'outOfProvince',
  'watchedProvinces',
  'strangerRetentionDays',
] as const;

/** The rules of a policy that have a beginning and an end. */
const ruleNames = ['mask', 'firstTime', 'outOfProvince', 'watchedProvinces'] as const;

/** One of the rules of a policy. */
export type RuleName = (typeof ruleNames)[number];

type Rules = Pick<Policy, RuleName | 'homeProvince'>;

/** A rule that ends within this many milliseconds is warned of. */
const endingSoonMs = 3 * 86_400_000;

/** What holds before a manager decides anything: nothing is flagged, strangers are forgotten after 14 days. */
export function defaultPolicy(site: string): Policy {
  return { schema: 1, site, version: 0, homeProvince: '苏', strangerRetentionDays: 14 };
}

/** Rules that would end before they start. */
export function misdatedRules(policy: Pick<Policy, RuleName>): RuleName[] {
  return ruleNames.filter((rule) =>
    campaignsOf(policy, rule).some(({ startsAt, endsAt }) => Date.parse(endsAt) <= Date.parse(startsAt)),
  );
}

/**
 * Rules that would flag from `now` (ms) on what the policy before does not: switched on, longer, or with more provinces.
 * What flags less, or says another reason or owner, is not among them.
 */
export function widenedRules(before: Rules, after: Rules, now: number): RuleName[] {
  return ruleNames.filter((rule) => {
    const had = watchesOf(before, rule, now);
    return watchesOf(after, rule, now).some((watch) => !isWithin(watch, had));
  });
}

/** How many rules are in force at `now` (ms) and will not be in three days. */
export function countEndingSoon(policy: Policy, now: number): number {
  const campaigns = ruleNames.flatMap((rule) => campaignsOf(policy, rule));
  return campaigns.filter(({ enabled, startsAt, endsAt }) => {
    const leftMs = Date.parse(endsAt) - now;
    return enabled && Date.parse(startsAt) <= now && leftMs > 0 && leftMs <= endingSoonMs;
  }).length;
}

/** What differs, field by field. */
export function changesBetween(before: Partial<Policy> | undefined, after: Partial<Policy>): PolicyChange[] {
  return policyFields
    .filter((field) => !isDeepStrictEqual(before?.[field], after[field]))
    .map((field) => ({ field, before: before?.[field], after: after[field] }));
}

/** Whether these changes still say what they change: nobody has touched their fields since. */
export function stillApply(changes: PolicyChange[], policy: Policy): boolean {
  return changes.every(({ field, before }) => isDeepStrictEqual(policy[field], before));
}

/** The policy after the changes. */
export function withChanges(policy: Policy, changes: PolicyChange[]): Policy {
  const changed = Object.fromEntries(changes.map(({ field, after }) => [field, after]));
  return { ...policy, ...changed };
}

/** What is flagged from when until when, ms since the epoch. */
interface Watch {
  what: string;
  from: number;
  until: number;
}

/** What a rule flags from `now` on, one for each thing that it can flag by itself. */
function watchesOf(policy: Rules, rule: RuleName, now: number): Watch[] {
  return campaignsOf(policy, rule)
    .filter(({ enabled }) => enabled)
    .map((campaign) => ({
      whats: whatsOf(policy, rule, campaign),
      from: Math.max(now, Date.parse(campaign.startsAt)),
      until: Date.parse(campaign.endsAt),
    }))
    .filter(({ from, until }) => from < until)
    .flatMap(({ whats, from, until }) => whats.map((what) => ({ what, from, until })));
}

/** With another home province other plates are flagged. */
function whatsOf(policy: Rules, rule: RuleName, campaign: Campaign & { provinces?: string[] }): string[] {
  if (rule === 'outOfProvince') return [`other than ${policy.homeProvince}`];
  return campaign.provinces ?? [''];
}

function campaignsOf(
  policy: Pick<Policy, RuleName>,
  rule: RuleName,
): (Campaign & { provinces?: string[] })[] {
  const set = policy[rule];
  if (set === undefined) return [];
  return Array.isArray(set) ? set : [set];
}

/** Whether the whole span is covered by the others together. */
function isWithin({ what, from, until }: Watch, others: Watch[]): boolean {
  let covered = from;
  const same = others.filter((other) => other.what === what).toSorted((one, other) => one.from - other.from);
  for (const other of same) if (other.from <= covered) covered = Math.max(covered, other.until);
  return covered >= until;
}
