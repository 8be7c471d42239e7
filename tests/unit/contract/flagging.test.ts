import { describe, expect, test } from 'vitest';
import { flagsOf, isInForce, watchedProvinces } from '../../../hub/contract/flagging.ts';
import type { Flag, Policy } from '../../../hub/contract/policy.ts';
import type { Sighting } from '../../../hub/contract/sighting.ts';
import { aPolicy, start } from '../sight/observations.ts';

function verdicts(changes: {
  mask?: NonNullable<Sighting['verdicts']['mask']>['verdict'];
  familiarity?: NonNullable<Sighting['verdicts']['familiarity']>['verdict'];
  province?: NonNullable<Sighting['verdicts']['province']>['verdict'];
  votes?: number;
}): Sighting['verdicts'] {
  const { mask, familiarity, province, votes = 5 } = changes;
  return {
    ...(mask && { mask: { verdict: mask, confidence: 0.9, votes } }),
    ...(familiarity && { familiarity: { verdict: familiarity, confidence: 0.9, votes } }),
    ...(province && { province: { verdict: province, confidence: 0.9, votes } }),
  };
}

const rule = aPolicy().mask as NonNullable<Policy['mask']>;

describe('a rule is in force', () => {
  test.each([
    ['a millisecond before its start', Date.parse(rule.startsAt) - 1, false],
    ['at its start', Date.parse(rule.startsAt), true],
    ['a millisecond before its end', Date.parse(rule.endsAt) - 1, true],
    ['at its end', Date.parse(rule.endsAt), false],
  ])('%s: %d is %s', (_, at, expected) => {
    expect(isInForce(rule, at)).toBe(expected);
    expect(flagsOf(verdicts({ mask: 'not_worn' }), aPolicy(), at, false)).toEqual(
      expected ? ['mask_not_worn'] : [],
    );
  });

  test('only when enabled, and only when there is one', () => {
    expect(isInForce({ ...rule, enabled: false }, start)).toBe(false);
    expect(isInForce(undefined, start)).toBe(false);
  });
});

test('provinces are watched only while their rule is in force', () => {
  expect(watchedProvinces(aPolicy(), start)).toEqual(['鄂']);
  expect(watchedProvinces(aPolicy(), Date.parse(rule.endsAt))).toEqual([]);
  expect(watchedProvinces(undefined, start)).toEqual([]);
});

test('each watched province ends with its own rule', () => {
  const ended = { ...rule, endsAt: rule.startsAt, provinces: ['皖'] };
  const policy = aPolicy({
    watchedProvinces: [ended, { ...rule, provinces: ['鄂'] }, { ...rule, provinces: ['豫', '粤'] }],
  });
  expect(watchedProvinces(policy, start)).toEqual(['鄂', '豫', '粤']);
  const off = { ...rule, enabled: false, provinces: ['鄂'] };
  expect(
    flagsOf(verdicts({ province: 'watched' }), aPolicy({ watchedProvinces: [off, ended] }), start, true),
  ).toEqual([]);
});

const flagOf: [Parameters<typeof verdicts>[0], Flag[]][] = [
  [{ mask: 'not_worn' }, ['mask_not_worn']],
  [{ mask: 'worn_improperly' }, ['mask_worn_improperly']],
  [{ mask: 'worn' }, []],
  [{ mask: 'cannot_tell' }, []],
  [{ familiarity: 'first_time' }, ['first_time']],
  [{ familiarity: 'registered' }, []],
  [{ familiarity: 'seen_before' }, []],
  [{ familiarity: 'cannot_tell' }, []],
  [{ province: 'out_of_province' }, ['out_of_province']],
  [{ province: 'watched' }, ['watched_province']],
  [{ province: 'home' }, []],
  [{ province: 'not_applicable' }, []],
  [{ mask: 'not_worn', familiarity: 'first_time' }, ['mask_not_worn', 'first_time']],
  [{}, []],
];

describe('under a policy with every rule in force', () => {
  test.each(flagOf)('%j is flagged %j', (changes, expected) => {
    expect(flagsOf(verdicts(changes), aPolicy(), start, false)).toEqual(expected);
  });

  test.each(flagOf)('without a policy %j is flagged nothing', (changes) => {
    expect(flagsOf(verdicts(changes), undefined, start, true)).toEqual([]);
  });

  test.each([
    ['mask', { mask: 'not_worn' }],
    ['firstTime', { familiarity: 'first_time' }],
    ['outOfProvince', { province: 'out_of_province' }],
    ['watchedProvinces', { province: 'watched' }],
  ] as const)('without the rule %s nothing of it is flagged', (name, changes) => {
    expect(flagsOf(verdicts(changes), aPolicy({ [name]: undefined }), start, true)).toEqual([]);
  });
});

describe('an uncertain province', () => {
  test.each([
    [7, false, false],
    [8, false, true],
    [1, true, false],
    [2, true, true],
  ])('read %i times, ended %s: flagged %s', (votes, hasEnded, expected) => {
    const flags = flagsOf(verdicts({ province: 'uncertain', votes }), aPolicy(), start, hasEnded);
    expect(flags).toEqual(expected ? ['province_uncertain'] : []);
  });

  test('is flagged under either province rule, and under none of them never', () => {
    const uncertain = verdicts({ province: 'uncertain', votes: 20 });
    const flagsUnder = (changes: Partial<Policy>) => flagsOf(uncertain, aPolicy(changes), start, true);
    expect(flagsUnder({ outOfProvince: undefined })).toEqual(['province_uncertain']);
    expect(flagsUnder({ watchedProvinces: undefined })).toEqual(['province_uncertain']);
    expect(flagsUnder({ outOfProvince: undefined, watchedProvinces: undefined })).toEqual([]);
  });
});
