import { expect, test } from 'vitest';
import { sayCountdown, toldSteps, untilNextStep } from '../../../../dashboard/src/guard/step-words.ts';
import { en } from '../../../../dashboard/src/i18n/en.ts';
import { formatHourMinute } from '../../../../dashboard/src/i18n/times.ts';
import { zh } from '../../../../dashboard/src/i18n/zh.ts';
import type { AlertStep } from '../../../../hub/contract/api.ts';
import { anAlert, at } from '../builders.ts';

const step = (stage: AlertStep['stage'], seconds: number, ...names: string[]): AlertStep => ({
  stage,
  at: at(seconds),
  why: 'unanswered',
  people: names.map((displayName) => ({ id: displayName, displayName })),
});

test('who was told is said in order, with the stage where it is not those on duty', () => {
  const alert = anAlert({ steps: [step('on_duty', 0, 'Li', 'Hu'), step('shift_leader', 60, 'Chen')] });
  const [first, second] = toldSteps(alert, 'en', en);
  expect(first).toMatchObject({ stageName: undefined, who: `Li, Hu ${formatHourMinute(at(0), 'en')}` });
  expect(second).toMatchObject({ stageName: 'leader', who: `Chen ${formatHourMinute(at(60), 'en')}` });
  expect(toldSteps(alert, 'zh-CN', zh)[1].stageName).toBe('班长');
});

test('the time until the next stage runs down to nothing, and stops once somebody has answered', () => {
  const alert = anAlert({ nextStepAt: at(60) });
  expect(untilNextStep(alert, Date.parse(at(13)))).toBe(47_000);
  expect(untilNextStep(alert, Date.parse(at(90)))).toBe(0);
  expect(untilNextStep({ ...alert, state: 'acknowledged' }, Date.parse(at(13)))).toBeUndefined();
  expect(untilNextStep(anAlert(), Date.parse(at(13)))).toBeUndefined();
});

test('the countdown shows minutes and seconds, and no zero before its time', () => {
  expect(sayCountdown(47_000)).toBe('0:47');
  expect(sayCountdown(725_000)).toBe('12:05');
  expect(sayCountdown(400)).toBe('0:01');
});
