import type { Alert, AlertStep } from '../../../hub/contract/api.ts';
import type { Language } from '../i18n/language.tsx';
import { formatHourMinute } from '../i18n/times.ts';
import type { Words } from '../i18n/zh.ts';

/** One stage that was told, in words. */
export interface ToldStep {
  stage: AlertStep['stage'];
  /** `邻门`; absent for those on duty, who are meant without saying. */
  stageName: string | undefined;
  /** `王师傅、李师傅 20:31`. */
  who: string;
  at: string;
}

/** Who was told and when, in order: `王师傅 20:31`, `班长 陈队长 20:32`. */
export function toldSteps({ steps }: Pick<Alert, 'steps'>, language: Language, words: Words): ToldStep[] {
  return steps.map(({ stage, people, at }) => ({
    stage,
    stageName: stage === 'on_duty' ? undefined : words.told.stages[stage],
    who: words.told.step(
      people.map(({ displayName }) => displayName).join(words.listComma),
      formatHourMinute(at, language),
    ),
    at,
  }));
}

/** Until the next stage is told, in milliseconds and never below 0; undefined when none will be. */
export function untilNextStep(
  { state, nextStepAt }: Pick<Alert, 'state' | 'nextStepAt'>,
  now: number,
): number | undefined {
  if (state !== 'open' || nextStepAt === undefined) return undefined;
  return Math.max(0, Date.parse(nextStepAt) - now);
}

/** `0:47`, `12:05`: what is left, to the second, as a clock that runs down. */
export function sayCountdown(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
