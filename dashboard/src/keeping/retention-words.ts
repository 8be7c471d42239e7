import type { RetentionCount, RetentionSettings } from '../../../hub/contract/keeping.ts';
import type { Words } from '../i18n/zh.ts';

/** The kinds that a person sets days for, in the order of the page. */
export const dayFields = ['evidenceDays', 'personDays', 'sightingDays', 'alertDays', 'auditDays'] as const;
export type DayField = (typeof dayFields)[number];

/** Fewest days of a kind: records of processing are kept for three years. */
export function fewestDays(field: DayField): number {
  return field === 'auditDays' ? 1096 : 1;
}

/** Most days of a kind while the log is kept for so many: what a sighting owns goes with it or before it. */
export function mostDays(field: DayField, sightingDays: number): number {
  return field === 'evidenceDays' || field === 'personDays' ? sightingDays : 3653;
}

/** Whether a change removes things that are kept now. */
export function isShorter(before: RetentionSettings, after: RetentionSettings): boolean {
  return (
    dayFields.some((field) => after[field] < before[field]) ||
    after.evidenceMaxBytes < before.evidenceMaxBytes
  );
}

/** `图片 12、出入记录 3`; what holds keep is said after it. */
export function countWords(counts: readonly RetentionCount[], words: Words): string {
  const removed = counts.filter(({ count }) => count > 0);
  const held = counts.reduce((sum, each) => sum + each.held, 0);
  return [
    ...removed.map(({ kind, count }) => words.keeping.count(words.keeping.kinds[kind], count)),
    ...(held > 0 ? [words.keeping.held(held)] : []),
  ].join(words.listComma);
}

/** From the oldest to the newest of all that was removed; undefined when nothing was. */
export function spanOf(counts: readonly RetentionCount[]): { oldest: string; newest: string } | undefined {
  const oldest = counts.flatMap((each) => each.oldest ?? []).sort();
  const newest = counts.flatMap((each) => each.newest ?? []).sort();
  return oldest.length > 0 && newest.length > 0
    ? { oldest: oldest[0], newest: newest[newest.length - 1] }
    : undefined;
}
