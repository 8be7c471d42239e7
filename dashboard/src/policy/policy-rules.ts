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

/** The policy with one rule put in the place of the old one, or taken out. */
export function withRule(policy: Policy, name: RuleName, rule: Rule | undefined): PolicyEdit {
  const { schema: _schema, site: _site, version: _version, [name]: _old, ...rest } = policy;
  return (rule ? { ...rest, [name]: rule } : rest) as PolicyEdit;
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
