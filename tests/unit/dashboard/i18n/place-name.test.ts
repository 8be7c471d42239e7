import { expect, test } from 'vitest';
import { en } from '../../../../dashboard/src/i18n/en.ts';
import { namedPlace, placeName } from '../../../../dashboard/src/i18n/place-name.ts';
import { zh } from '../../../../dashboard/src/i18n/zh.ts';

test('names made of known words are said in the language of the page', () => {
  expect(placeName('east-gate', zh)).toBe('东门');
  expect(placeName('west-gate-vehicle-in', zh)).toBe('西门车行入口');
  expect(placeName('east-gate', en)).toBe('East gate');
  expect(placeName('gate-2', zh)).toBe('门2');
  expect(placeName('box-west', zh)).toBe('西盒子');
});

test('a name with one unknown word is left as it was given', () => {
  expect(placeName('east-gate-zhang', zh)).toBe('east-gate-zhang');
  expect(namedPlace('盒子', 'nuc7', zh)).toBe('盒子 nuc7');
});
