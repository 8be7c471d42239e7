import { expect, test } from 'vitest';
import { groupByDay } from '../../../../dashboard/src/subject/timeline.ts';
import { aPassing } from '../builders.ts';

const on = (day: number, hour: number) =>
  aPassing({ occurredAt: new Date(2026, 2, day, hour).toISOString() });

test('sightings fall into the days of this device, in their order', () => {
  const entries = [on(2, 9), on(2, 0), on(1, 23)];
  expect(groupByDay(entries)).toEqual([
    { day: '2026-03-02', entries: [entries[0], entries[1]] },
    { day: '2026-03-01', entries: [entries[2]] },
  ]);
  expect(groupByDay([])).toEqual([]);
});
