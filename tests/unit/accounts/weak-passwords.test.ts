import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { newReadableCode } from '../../../hub/accounts/readable-code.ts';
import { weaknessOf } from '../../../hub/accounts/weak-passwords.ts';

const li = { username: 'li-manager', displayName: '李经理', site: 'dongyuan' };

describe('refused is', () => {
  test.each([
    ['aaaaaaaaaaaa', 'few_characters'],
    ['abababababab', 'few_characters'],
    ['19880214137', 'digits_only'],
    ['13812345678', 'digits_only'],
    ['password123', 'common'],
    ['P@ssw0rd2026', 'common'],
    ['passwordpassword', 'common'],
    ['qwertyuiop', 'common'],
    ['poiuytrewq1', 'common'],
    ['1qaz2wsx3edc', 'common'],
    ['abcdefghij', 'common'],
    ['0987654321a', 'common'],
    ['admin123456', 'common'],
    ['woaini1314520', 'common'],
    ['a123456789', 'common'],
    ['gatehouse2026', 'common'],
    ['Iloveyou!!1', 'common'],
    ['li-manager1', 'name'],
    ['李经理李经理2026', 'name'],
    ['dongyuan888', 'name'],
  ])('%s: %s', (password, why) => {
    expect(weaknessOf(password, li)).toBe(why);
  });
});

test.each([
  'correct-horse-battery',
  'a-long-password',
  'a-test-password-1',
  '大门-口令-一二三',
  'tulip kettle 93 roof',
  'Vz7#qLm2!x',
])('taken is %s', (password) => {
  expect(weaknessOf(password, li)).toBeUndefined();
});

test('what the hub itself makes is never refused', () => {
  for (let made = 0; made < 300; made++) {
    expect(weaknessOf(newReadableCode(12), li)).toBeUndefined();
    expect(weaknessOf(randomBytes(12).toString('base64url'), li)).toBeUndefined();
  }
});
