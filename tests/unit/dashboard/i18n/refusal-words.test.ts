import { expect, test } from 'vitest';
import { HubRefusal, isUnreachable } from '../../../../dashboard/src/api/hub.ts';
import { en } from '../../../../dashboard/src/i18n/en.ts';
import { refusalWords } from '../../../../dashboard/src/i18n/refusal-words.ts';
import { zh } from '../../../../dashboard/src/i18n/zh.ts';
import { hubErrors } from '../../../../hub/errors.ts';

const refusal = (status: number, code: string, remedy = 'Do this.') =>
  new HubRefusal(status, { code, message: 'No.', remedy });

test('a refusal is said in our words for its code', () => {
  expect(refusalWords(refusal(401, 'LOG_IN_REFUSED'), zh)).toBe(zh.errors.byCode.LOG_IN_REFUSED);
});

test('a code without words of ours is said by its remedy in English, by its status in Chinese', () => {
  expect(refusalWords(refusal(409, 'NEW_CODE'), en)).toBe('Do this.');
  expect(refusalWords(refusal(409, 'NEW_CODE'), zh)).toBe(zh.errors.byStatus[409]);
});

test('Chinese words exist for every refusal that a person can meet on a page', () => {
  const met = Object.entries(hubErrors).filter(([, { status }]) =>
    [401, 403, 404, 409, 429].includes(status),
  );
  expect(met.length).toBeGreaterThan(10);
  for (const [code, { status }] of met)
    expect(zh.errors.byCode[code] ?? zh.errors.byStatus[status], code).toBeTruthy();
});

test('codes that we have words for are codes of the hub', () => {
  const ours = Object.keys(zh.errors.byCode).filter((code) => code !== 'HUB_UNREACHABLE');
  expect(ours.length).toBeGreaterThan(5);
  expect(ours.filter((code) => !(code in hubErrors))).toEqual([]);
});

test('only a hub that was not reached is asked again', () => {
  expect(isUnreachable(refusal(0, 'HUB_UNREACHABLE'))).toBe(true);
  expect(isUnreachable(refusal(409, 'ALERT_OVER'))).toBe(false);
});
