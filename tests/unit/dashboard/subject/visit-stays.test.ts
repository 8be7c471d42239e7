import { expect, test } from 'vitest';
import { meanStayMs } from '../../../../dashboard/src/subject/visit-stays.ts';

test('a mean stay is of visits of which both ends were seen', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 8, minute)).toISOString();
  const visits = [
    { entry: at(0), exit: at(10) },
    { entry: at(20) },
    { exit: at(30) },
    { entry: at(40), exit: at(70 - 10) },
  ];
  expect(meanStayMs(visits)).toBe(15 * 60_000);
  expect(meanStayMs([{ entry: at(0) }])).toBeUndefined();
});
