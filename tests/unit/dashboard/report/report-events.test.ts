import { expect, test } from 'vitest';
import { zh } from '../../../../dashboard/src/i18n/zh.ts';
import { reportEvents } from '../../../../dashboard/src/report/report-events.ts';
import { anAlert } from '../builders.ts';

const at = (second: number) => `2026-03-01T08:00:${String(second).padStart(2, '0')}.000Z`;
const someone = (displayName: string) => ({ id: '0195500c-0000-7000-8000-000000000001', displayName });

test('what happened to an alert stands in the order in which it happened, with names and notes', () => {
  const events = reportEvents(
    anAlert({
      state: 'resolved',
      openedAt: at(0),
      steps: [
        { stage: 'on_duty', at: at(0), why: 'opened', people: [someone('张三'), someone('李四')] },
        { stage: 'next_gate', at: at(30), why: 'unanswered', people: [] },
      ],
      acknowledged: { ...someone('张三'), at: at(20) },
      resolved: { ...someone('张三'), at: at(50), disposition: 'let_in', note: '业主亲友' },
    }),
    zh,
  );
  expect(events).toEqual([
    { at: at(0), what: '触发告警', who: '' },
    { at: at(0), what: '通知当班人员', who: '张三、李四' },
    { at: at(20), what: '接手', who: '张三' },
    { at: at(30), what: '通知邻门', who: '无人可通知' },
    { at: at(50), what: '处理完毕：放行', who: '张三', note: '业主亲友' },
  ]);
});

test('an alert that nobody took ends with that', () => {
  const events = reportEvents(
    anAlert({ state: 'expired', openedAt: at(0), updatedAt: at(59), steps: [] }),
    zh,
  );
  expect(events.at(-1)).toEqual({ at: at(59), what: '无人接手，已过期', who: '' });
});

test('an alert that a person corrected away is not said to have been taken back by the box', () => {
  const ended = (withdrawnReason: string) =>
    reportEvents(anAlert({ state: 'withdrawn', openedAt: at(0), updatedAt: at(9), withdrawnReason }), zh).at(
      -1,
    );
  expect(ended('corrected_by_person')?.what).toBe('人工更正，已撤回');
  expect(ended('corrected_by_box')?.what).toBe('设备改判，已撤回');
});
