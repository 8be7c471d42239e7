import { expect, test } from 'vitest';
import { alertSeverity, flagVerdict, sortedFlags } from '../../../../dashboard/src/guard/severity.ts';
import { flag } from '../../../../hub/contract/policy.ts';

test('every flag of the contract has a place in the order', () => {
  expect(sortedFlags(flag.options).toSorted()).toEqual(flag.options.toSorted());
});

test('the weightiest flag comes first and gives the alert its severity', () => {
  expect(sortedFlags(['first_time', 'mask_not_worn'])).toEqual(['mask_not_worn', 'first_time']);
  expect(alertSeverity({ flags: ['province_uncertain', 'out_of_province'] })).toBe('normal');
  expect(alertSeverity({ flags: [] })).toBe('low');
});

test('a flag names the verdict that it was raised for', () => {
  expect([
    flagVerdict('first_time'),
    flagVerdict('mask_worn_improperly'),
    flagVerdict('watched_province'),
  ]).toEqual(['familiarity', 'mask', 'province']);
});
