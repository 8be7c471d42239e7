import { expect, test } from 'vitest';
import {
  formatAgo,
  formatDay,
  formatDayTime,
  formatHourMinute,
  formatLength,
  isNewDay,
  localDay,
} from '../../../../dashboard/src/i18n/times.ts';

test('ages are said in their largest unit, and the future is now', () => {
  expect(formatAgo(12_400, 'zh-CN')).toBe('12 秒前');
  expect(formatAgo(12_400, 'en')).toBe('12 sec. ago');
  expect(formatAgo(-5000, 'zh-CN')).toBe('刚刚');
});

test('lengths are said in two units at most', () => {
  expect(formatLength(90_000, 'zh-CN')).toBe('1 分钟');
  expect(formatLength(2 * 3_600_000 + 5 * 60_000, 'zh-CN')).toBe('2 小时 5 分钟');
  expect(formatLength(26 * 3_600_000, 'en')).toBe('1 day 2 hr');
});

test('a day is the day of this device', () => {
  expect(localDay(new Date(2026, 2, 1, 0, 5).toISOString())).toBe('2026-03-01');
});

test('what is told by the clock of the site is on its day and at its hour, wherever the page is open', () => {
  const newYear = '2025-12-31T18:35:00.000Z';
  const timeZone = 'Asia/Shanghai';
  expect(localDay(newYear, timeZone)).toBe('2026-01-01');
  expect(formatHourMinute(newYear, 'zh-CN', timeZone)).toBe('02:35');
  expect(formatDay(newYear, 'zh-CN', timeZone)).toBe('1月1日 周四');
  expect(formatDay(newYear, 'en', timeZone)).toBe('Thu, Jan 1');
  const now = Date.parse('2026-06-01T00:00:00.000Z');
  expect(formatDayTime(newYear, 'zh-CN', { now, timeZone })).toBe('1月1日 02:35');
  expect(formatDayTime(newYear, 'zh-CN', { now, timeZone: 'UTC' })).toBe('2025年12月31日 18:35');
});

test('a line for the day comes before the first row and where the day changes', () => {
  const [evening, midnight] = ['2026-03-01T15:59:00.000Z', '2026-03-01T16:00:00.000Z'];
  expect(isNewDay(evening, undefined)).toBe(true);
  expect(isNewDay(evening, midnight, 'Asia/Shanghai')).toBe(true);
  expect(isNewDay(evening, midnight, 'UTC')).toBe(false);
});
