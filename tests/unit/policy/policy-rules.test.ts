import { describe, expect, test } from 'vitest';
import type { Campaign, Policy } from '../../../hub/contract/policy.ts';
import {
  countEndingSoon,
  defaultPolicy,
  misdatedRules,
  widenedRules,
} from '../../../hub/policy/policy-rules.ts';

const day = 86_400_000;
const now = Date.parse('2026-03-10T00:00:00.000Z');
const at = (days: number) => new Date(now + days * day).toISOString();
const rule: Campaign = { enabled: true, reason: 'r', owner: 'o', startsAt: at(-5), endsAt: at(10) };
const watch = (provinces: string[], change: Partial<Campaign> = {}) => ({ ...rule, ...change, provinces });
const policy = (change: Partial<Policy>): Policy => ({ ...defaultPolicy('demo'), ...change });

describe('flagging more wants a second person', () => {
  test.each<[string, Partial<Policy>, Partial<Policy>, string[]]>([
    ['a rule that was not there', {}, { mask: rule }, ['mask']],
    ['one that was off', { mask: { ...rule, enabled: false } }, { mask: rule }, ['mask']],
    ['a later end', { mask: rule }, { mask: { ...rule, endsAt: at(11) } }, ['mask']],
    [
      'an earlier start that is still to come',
      { mask: { ...rule, startsAt: at(3) } },
      { mask: rule },
      ['mask'],
    ],
    ['one that was over', { mask: { ...rule, endsAt: at(-1) } }, { mask: rule }, ['mask']],
    [
      'another province',
      { watchedProvinces: [watch(['鄂'])] },
      { watchedProvinces: [watch(['鄂', '皖'])] },
      ['watchedProvinces'],
    ],
    [
      'another province instead',
      { watchedProvinces: [watch(['鄂'])] },
      { watchedProvinces: [watch(['皖'])] },
      ['watchedProvinces'],
    ],
    [
      'a gap that is closed',
      { watchedProvinces: [watch(['鄂'], { endsAt: at(2) }), watch(['鄂'], { startsAt: at(3) })] },
      { watchedProvinces: [watch(['鄂'])] },
      ['watchedProvinces'],
    ],
    [
      'another home under its rule',
      { outOfProvince: rule },
      { outOfProvince: rule, homeProvince: '浙' },
      ['outOfProvince'],
    ],
    ['two at once', {}, { mask: rule, firstTime: rule }, ['mask', 'firstTime']],
  ])('%s', (_what, before, after, widened) => {
    expect(widenedRules(policy(before), policy(after), now)).toEqual(widened);
  });
});

describe('flagging no more than before wants nobody', () => {
  test.each<[string, Partial<Policy>, Partial<Policy>]>([
    ['a rule taken out', { mask: rule }, {}],
    ['switched off', { mask: rule }, { mask: { ...rule, enabled: false } }],
    ['an earlier end', { mask: rule }, { mask: { ...rule, endsAt: at(1) } }],
    ['another reason and owner', { mask: rule }, { mask: { ...rule, reason: 'x', owner: 'y' } }],
    ['a start that moves in what is over', { mask: rule }, { mask: { ...rule, startsAt: at(-9) } }],
    ['a province less', { watchedProvinces: [watch(['鄂', '皖'])] }, { watchedProvinces: [watch(['皖'])] }],
    [
      'one rule split in two',
      { watchedProvinces: [watch(['鄂', '皖'])] },
      { watchedProvinces: [watch(['皖']), watch(['鄂'])] },
    ],
    [
      'two rules that meet made one',
      { watchedProvinces: [watch(['鄂'], { startsAt: at(2) }), watch(['鄂'], { endsAt: at(2) })] },
      { watchedProvinces: [watch(['鄂'])] },
    ],
    ['a rule that is off already', {}, { mask: { ...rule, enabled: false } }],
    ['one that is over already', {}, { mask: { ...rule, endsAt: at(-1) } }],
    ['another home while no rule asks', {}, { homeProvince: '浙' }],
  ])('%s', (_what, before, after) => {
    expect(widenedRules(policy(before), policy(after), now)).toEqual([]);
  });
});

test('rules in force that end within three days are counted, each watched province by itself', () => {
  const soon = { ...rule, endsAt: at(3) };
  expect(countEndingSoon(policy({ mask: soon, firstTime: rule }), now)).toBe(1);
  expect(
    countEndingSoon(
      policy({ watchedProvinces: [watch(['鄂'], soon), watch(['皖'], soon), watch(['豫'])] }),
      now,
    ),
  ).toBe(2);
  for (const change of [{ enabled: false }, { startsAt: at(1) }, { endsAt: at(0) }]) {
    expect(countEndingSoon(policy({ mask: { ...soon, ...change } }), now)).toBe(0);
  }
});

test('one of several watched provinces that ends before it starts is refused', () => {
  const wrong = watch(['鄂'], { endsAt: at(-6) });
  expect(misdatedRules(policy({ watchedProvinces: [watch(['皖']), wrong] }))).toEqual(['watchedProvinces']);
});
