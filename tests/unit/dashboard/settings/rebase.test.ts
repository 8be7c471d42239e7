import { expect, test } from 'vitest';
import { rebase } from '../../../../dashboard/src/settings/rebase.ts';

const base = { cooldownMinutes: 10, storm: { after: 8, withinSeconds: 60 }, quietHours: [] as string[] };

test('what I changed stays mine, what I left alone becomes theirs', () => {
  const mine = { ...base, cooldownMinutes: 5 };
  const theirs = { ...base, quietHours: ['night'] };
  expect(rebase(base, mine, theirs)).toEqual({
    value: { ...base, cooldownMinutes: 5, quietHours: ['night'] },
    clashes: [],
  });
});

test('a field that both changed is mine and is named', () => {
  const mine = { ...base, cooldownMinutes: 5 };
  const theirs = { ...base, cooldownMinutes: 20 };
  expect(rebase(base, mine, theirs)).toEqual({ value: mine, clashes: ['cooldownMinutes'] });
});

test('the same change on both sides is no clash, and the order of keys is no change', () => {
  const same = { ...base, cooldownMinutes: 5 };
  expect(rebase(base, same, { ...same }).clashes).toEqual([]);
  const reordered = { ...base, storm: { withinSeconds: 60, after: 8 } };
  const theirs = { ...base, storm: { after: 12, withinSeconds: 60 } };
  expect(rebase(base, reordered, theirs)).toEqual({ value: theirs, clashes: [] });
});
