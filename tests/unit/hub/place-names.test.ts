import { expect, test } from 'vitest';
import { en } from '../../../dashboard/src/i18n/en.ts';
import { placeName as dashboardPlaceName } from '../../../dashboard/src/i18n/place-name.ts';
import { zh } from '../../../dashboard/src/i18n/zh.ts';
import { placeName } from '../../../hub/place-names.ts';

test('messages and exports call a place what the dashboard calls it', () => {
  const words = Object.keys(zh.places);
  const slugs = [...words, ...words.flatMap((word) => [`${word}-gate`, `gate-${word}`, `east-${word}-2`])];
  for (const slug of slugs) {
    expect(placeName(slug, 'zh-CN')).toBe(dashboardPlaceName(slug, zh));
    expect(placeName(slug, 'en').toLowerCase()).toBe(dashboardPlaceName(slug, en).toLowerCase());
  }
  expect(placeName('east-gate', 'zh-CN')).toBe('东门');
});

test('a name with a word that nobody knows stays as it was given', () => {
  expect(placeName('tower-gate', 'zh-CN')).toBe('tower-gate');
});
