import { z } from 'zod';
import { alertQuery, sightingQuery } from './api.ts';
import { instant } from './ids.ts';
import { isTimeZone } from './roster.ts';

/** Languages of headings and words, as BCP 47 tags. */
const exportLanguage = z.enum(['zh-CN', 'en']);
export type ExportLanguage = z.infer<typeof exportLanguage>;

/** CSV for every program, XLSX for office suites. */
export type ExportFormat = 'csv' | 'xlsx';

const presentation = {
  language: exportLanguage.default('zh-CN'),
  timeZone: z
    .string()
    .max(60)
    .refine(isTimeZone, 'is not a time zone, e.g. Asia/Shanghai or +08:00')
    .optional()
    .describe('of the column with local time; the site’s when absent'),
};

/** The log as a table: the filters of the search, and how it is written. */
export const sightingExportQuery = sightingQuery.omit({ cursor: true, limit: true }).extend({
  ...presentation,
  subjects: z
    .enum(['true', 'false'])
    .default('false')
    .describe('true: with the pseudonymous ids of people, recorded as such'),
});
export type SightingExportQuery = z.infer<typeof sightingExportQuery>;

/** Alerts as a table: the filters of the list and the time they were opened, and how it is written. */
export const alertExportQuery = alertQuery.omit({ cursor: true, limit: true }).extend({
  from: instant.optional().describe('opened at or after'),
  to: instant.optional().describe('opened before'),
  ...presentation,
});
export type AlertExportQuery = z.infer<typeof alertExportQuery>;
