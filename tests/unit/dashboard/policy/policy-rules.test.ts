import { expect, test } from 'vitest';
import {
  changedFields,
  endsSoon,
  newRule,
  type Rule,
  ruleDifferences,
  ruleState,
  withRule,
} from '../../../../dashboard/src/policy/policy-rules.ts';
import { provinceCharacters, provinceName } from '../../../../dashboard/src/policy/provinces.ts';
import { policyEdit } from '../../../../hub/contract/api.ts';
import { type Policy, provinces } from '../../../../hub/contract/policy.ts';
import { at } from '../builders.ts';

const now = Date.parse(at(0));
const day = 86_400;
const rule: Rule = {
  enabled: true,
  reason: '通知',
  owner: '王主任',
  startsAt: at(-day),
  endsAt: at(day * 10),
};
const policy: Policy = {
  schema: 1,
  site: 'demo',
  version: 3,
  homeProvince: '豫',
  strangerRetentionDays: 14,
  mask: rule,
};

test('a rule is planned, running, then ended; switched off it is off until it ends', () => {
  expect(ruleState(undefined, now)).toBe('none');
  expect(ruleState({ ...rule, startsAt: at(1) }, now)).toBe('planned');
  expect(ruleState(rule, now)).toBe('running');
  expect(ruleState({ ...rule, enabled: false }, now)).toBe('off');
  expect(ruleState({ ...rule, endsAt: at(0) }, now)).toBe('ended');
});

test('only a running rule in its last three days ends soon', () => {
  expect(endsSoon({ ...rule, endsAt: at(day * 2) }, now)).toBe(true);
  expect(endsSoon(rule, now)).toBe(false);
  expect(endsSoon({ ...rule, enabled: false, endsAt: at(day) }, now)).toBe(false);
});

test('what is sent to the hub is an edit that its contract takes', () => {
  const edited = withRule(policy, 'watchedProvinces', 0, { ...rule, provinces: ['皖'] });
  expect(policyEdit.safeParse(edited).success).toBe(true);
  expect(edited.mask).toEqual(rule);
  expect('mask' in withRule(policy, 'mask', 0, undefined)).toBe(false);
});

test('of several rules about provinces one is changed, added or taken out, and the others stay', () => {
  const [first, second, third] = ['皖', '鄂', '粤'].map((each) => ({ ...rule, provinces: [each] }));
  const two = { ...policy, watchedProvinces: [first, second] };
  expect(withRule(two, 'watchedProvinces', 1, third).watchedProvinces).toEqual([first, third]);
  expect(withRule(two, 'watchedProvinces', 2, third).watchedProvinces).toEqual([first, second, third]);
  expect(withRule(two, 'watchedProvinces', 0, undefined).watchedProvinces).toEqual([second]);
  const one = { ...policy, watchedProvinces: [first] };
  expect('watchedProvinces' in withRule(one, 'watchedProvinces', 0, undefined)).toBe(false);
});

test('between two versions every rule that came, went or changed is said, and no other', () => {
  const [first, second] = ['皖', '鄂'].map((each) => ({ ...rule, provinces: [each] }));
  const longer = { ...first, endsAt: at(day * 20) };
  expect(ruleDifferences([first, second], [second, longer])).toEqual([
    { before: first, after: longer, fields: ['endsAt'] },
  ]);
  expect(ruleDifferences(undefined, rule)).toMatchObject([{ before: undefined, after: rule }]);
  expect(ruleDifferences([first, second], [second])).toMatchObject([{ before: first, after: undefined }]);
  expect(ruleDifferences(rule, { ...rule })).toEqual([]);
});

test('a new rule lasts thirty days and still wants a reason', () => {
  const fresh = newRule('watchedProvinces', '王主任', now);
  expect(Date.parse(fresh.endsAt) - now).toBe(30 * day * 1000);
  expect(fresh.reason).toBe('');
  expect(fresh.provinces).toEqual([]);
});

test('before saving, exactly what differs is shown', () => {
  expect(changedFields(rule, { ...rule, owner: '李书记' })).toEqual(['owner']);
  expect(changedFields(rule, { ...rule })).toEqual([]);
});

test('our provinces are those of the contract, each with its name in both languages', () => {
  expect(provinceCharacters).toEqual([...provinces]);
  for (const each of provinceCharacters) {
    expect(provinceName(each, 'zh-CN').length).toBeGreaterThan(2);
    expect(provinceName(each, 'en').length).toBeGreaterThan(4);
  }
});
