import { expect, test } from 'vitest';
import { zh } from '../../../../dashboard/src/i18n/zh.ts';
import { toCsv } from '../../../../dashboard/src/log/log-csv.ts';
import { aPassing } from '../builders.ts';

test('rows are words, one line each, with a mark that spreadsheets know as UTF-8', () => {
  const csv = toCsv([aPassing({ flags: ['mask_not_worn'] })], zh);
  expect(csv.startsWith('\uFEFF时间,')).toBe(true);
  expect(csv.trimEnd().split('\r\n')).toHaveLength(2);
  expect(csv).toContain('东门');
  expect(csv).toContain('未戴口罩');
});

test('what a spreadsheet would take for a formula or a new cell is disarmed', () => {
  const csv = toCsv([aPassing({ subject: '=1+1,"x"' })], zh);
  expect(csv).toContain(`"'=1+1,""x"""`);
});
