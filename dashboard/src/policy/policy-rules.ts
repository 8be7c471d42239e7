import type { Policy } from '../../../hub/contract/policy.ts';
import type { PolicyEdit } from '../api/hub.ts';
import type { IconName } from '../ui/icons.tsx';

/** The rules that a policy can hold, in the order of the page. */
export const ruleNames = ['mask', 'firstTime', 'watchedProvinces', 'outOfProvince'] as const;
export type RuleName = (typeof ruleNames)[number];

/** What each rule is about, as a picture. */
export const ruleIcons: Record<RuleName, IconName> = {
  mask: 'mask',
  firstTime: 'newcomer',
  watchedProvinces: 'vehicle',
  outOfProvince: 'vehicle',
};

/** A rule as the form holds it; only one of them names provinces. */
export interface Rule {
  enabled: boolean;
  reason: string;
  owner: string;
  startsAt: string;
  endsAt: string;
  provinces?: string[];
}

/** Where a rule stands in time. */
export type RuleState = 'none' | 'off' | 'planned' | 'running' | 'ended';

/** `now` in milliseconds. */
export function ruleState(rule: Rule | undefined, now: number): RuleState {
  if (!rule) return 'none';
  if (Date.parse(rule.endsAt) <= now) return 'ended';
  if (!rule.enabled) return 'off';
  return Date.parse(rule.startsAt) > now ? 'planned' : 'running';
}

const soonMs = 3 * 86_400_000;

/** True when a running rule ends within three days: someone should decide whether it goes on. */
export function endsSoon(rule: Rule, now: number): boolean {
  return ruleState(rule, now) === 'running' && Date.parse(rule.endsAt) - now < soonMs;
}

/** A new rule: from now for thirty days. */
export function newRule(name: RuleName, owner: string, now: number): Rule {
  const rule = {
    enabled: true,
    reason: '',
    owner,
    startsAt: new Date(now).toISOString(),
    endsAt: new Date(now + 30 * 86_400_000).toISOString(),
  };
  return name === 'watchedProvinces' ? { ...rule, provinces: [] } : rule;
}

/** The rules of one name: watched provinces are a list, the others at most one. */
export function rulesOf(policy: Policy, name: RuleName): readonly Rule[] {
  const set = policy[name] as Rule | Rule[] | undefined;
  if (set === undefined) return [];
  return Array.isArray(set) ? set : [set];
}

/** The policy with one rule put in the place of the one at `index`, added behind the last, or taken out. */
export function withRule(policy: Policy, name: RuleName, index: number, rule: Rule | undefined): PolicyEdit {
  const { schema: _schema, site: _site, version: _version, [name]: _old, ...rest } = policy;
  const rules = rulesOf(policy, name).toSpliced(index, 1, ...(rule ? [rule] : []));
  if (rules.length === 0) return rest as PolicyEdit;
  return { ...rest, [name]: name === 'watchedProvinces' ? rules : rules[0] } as PolicyEdit;
}

/** The policy with its general settings changed. */
export function withGeneral(
  policy: Policy,
  general: Pick<Policy, 'homeProvince' | 'strangerRetentionDays'>,
): PolicyEdit {
  const { schema: _schema, site: _site, version: _version, ...rest } = policy;
  return { ...rest, ...general };
}

/** Which fields two rules differ in. */
export function changedFields(before: Rule | undefined, after: Rule): (keyof Rule)[] {
  const fields: (keyof Rule)[] = ['enabled', 'reason', 'owner', 'startsAt', 'endsAt', 'provinces'];
  return fields.filter((field) => String(before?.[field] ?? '') !== String(after[field] ?? ''));
}

/** A rule that is not the same in two versions; without `before` it came, without `after` it went. */
export interface RuleDifference {
  before: Rule | undefined;
  after: Rule | undefined;
  fields: (keyof Rule)[];
}

/** What differs between two versions of a rule, or of a list of rules; what changed places is the same. */
export function ruleDifferences(before: unknown, after: unknown): RuleDifference[] {
  const [gone, come] = [without(before, after), without(after, before)];
  const pairs = Array.from({ length: Math.max(gone.length, come.length) }, (_, at) => [gone[at], come[at]]);
  return pairs.map(([was, is]) => ({ before: was, after: is, fields: is ? changedFields(was, is) : [] }));
}

function without(rules: unknown, others: unknown): Rule[] {
  return listed(rules).filter((rule) => !listed(others).some((other) => isSameRule(rule, other)));
}

function isSameRule(one: Rule, other: Rule): boolean {
  return changedFields(one, other).length === 0;
}

function listed(rules: unknown): Rule[] {
  if (rules === undefined || rules === null) return [];
  return (Array.isArray(rules) ? rules : [rules]) as Rule[];
}
