import { expect, test } from 'vitest';
import { en } from '../../../../dashboard/src/i18n/en.ts';
import { zh } from '../../../../dashboard/src/i18n/zh.ts';
import {
  countWords,
  fewestDays,
  isShorter,
  mostDays,
  spanOf,
} from '../../../../dashboard/src/keeping/retention-words.ts';
import { holdOf, incidentOf } from '../../../../dashboard/src/keeping/use-holds.ts';
import { type LegalHold, retentionSettings } from '../../../../hub/contract/keeping.ts';
import { checkRetention, defaultRetention } from '../../../../hub/keeping/retention-rules.ts';

test('a run is told by kind, nothing of which is said that was not removed, and what holds keep', () => {
  const removed = [
    { kind: 'pictures' as const, count: 1200, held: 2 },
    { kind: 'alerts' as const, count: 0, held: 1 },
    { kind: 'sightings' as const, count: 3, held: 0 },
  ];
  expect(countWords(removed, en)).toBe('1,200 pictures, 3 sightings, 3 on hold');
  expect(countWords(removed, zh)).toBe('图片 1,200、出入记录 3、封存中 3');
  expect(countWords([], en)).toBe('');
});

test('a run reaches from the oldest to the newest of all kinds', () => {
  const at = (day: number) => `2026-03-0${day}T00:00:00.000Z`;
  const counts = [
    { kind: 'pictures' as const, count: 1, held: 0, oldest: at(3), newest: at(4) },
    { kind: 'alerts' as const, count: 1, held: 0, oldest: at(2), newest: at(3) },
    { kind: 'persons' as const, count: 0, held: 1 },
  ];
  expect(spanOf(counts)).toEqual({ oldest: at(2), newest: at(4) });
  expect(spanOf([])).toBeUndefined();
});

test('what the form lets through, the hub takes; a day more, it refuses', () => {
  const sightingDays = 40;
  for (const field of ['evidenceDays', 'personDays'] as const) {
    const most = {
      ...defaultRetention,
      sightingDays,
      personDays: 1,
      evidenceDays: 1,
      [field]: mostDays(field, sightingDays),
    };
    expect(checkRetention(most)).toBe(most);
    expect(() => checkRetention({ ...most, [field]: most[field] + 1 })).toThrow();
  }
  const audit = { ...defaultRetention, auditDays: fewestDays('auditDays') };
  expect(retentionSettings.safeParse(audit).success).toBe(true);
  expect(retentionSettings.safeParse({ ...audit, auditDays: audit.auditDays - 1 }).success).toBe(false);
});

test('a shorter time or less room is a warning, more is none', () => {
  expect(isShorter(defaultRetention, { ...defaultRetention, alertDays: 89 })).toBe(true);
  expect(isShorter(defaultRetention, { ...defaultRetention, evidenceMaxBytes: 1e9 })).toBe(true);
  expect(isShorter(defaultRetention, { ...defaultRetention, alertDays: 91 })).toBe(false);
});

test('a hold is placed on the alert with all that it stands for, and is found from every sighting of it', () => {
  expect(incidentOf({ id: 's', alert: 'a' })).toEqual({ kind: 'alert', id: 'a' });
  expect(incidentOf({ id: 's' })).toEqual({ kind: 'sighting', id: 's' });
  const hold = { about: { kind: 'alert', id: 'a' } } as LegalHold;
  expect(holdOf({ id: 'other', alert: 'a' }, [hold])).toBe(hold);
  expect(holdOf({ id: 'other' }, [hold])).toBeUndefined();
});
