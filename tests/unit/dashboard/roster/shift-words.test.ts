import { expect, test } from 'vitest';
import { en } from '../../../../dashboard/src/i18n/en.ts';
import { zh } from '../../../../dashboard/src/i18n/zh.ts';
import {
  sayDay,
  sayGates,
  sayHours,
  sayHoursShort,
  saySpan,
} from '../../../../dashboard/src/roster/shift-words.ts';

const zone = 'Asia/Shanghai';
const span = (from: string, until: string) => ({ from: `${from}:00.000Z`, until: `${until}:00.000Z` });
const night = span('2026-03-01T14:00', '2026-03-01T22:00');

test('a day is said as each language says it', () => {
  expect(sayDay('2026-03-01', 'zh-CN', zh)).toBe('3月1日 周日');
  expect(sayDay('2026-03-01', 'en', en)).toBe('Sun 1 Mar');
});

test('hours are those of the site, and as short as can be on a chip', () => {
  expect(sayHours(night, zone)).toBe('22:00–06:00');
  expect(sayHoursShort(night, zone)).toBe('22–6');
  expect(sayHoursShort(span('2026-03-01T23:30', '2026-03-02T08:00'), zone)).toBe('7:30–16');
});

test('a span says its other day only when there is one; midnight ends the day before', () => {
  expect(saySpan(night, zone, 'zh-CN', zh)).toBe('3月1日 周日 22:00 – 次日 06:00');
  expect(saySpan(span('2026-03-01T00:00', '2026-03-01T08:00'), zone, 'en', en)).toBe('Sun 1 Mar 08:00–16:00');
  expect(saySpan(span('2026-03-01T06:00', '2026-03-01T16:00'), zone, 'en', en)).toBe('Sun 1 Mar 14:00–24:00');
  expect(saySpan(span('2026-03-01T06:00', '2026-03-03T00:00'), zone, 'en', en)).toBe(
    'Sun 1 Mar 14:00 – Tue 3 Mar 08:00',
  );
});

test('no gates are the whole site', () => {
  expect(sayGates([], zh)).toBe(zh.roster.allGates);
  expect(sayGates(['east-gate', 'west-gate'], zh)).toBe('东门、西门');
});
