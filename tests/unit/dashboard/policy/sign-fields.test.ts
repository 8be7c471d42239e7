import { expect, test } from 'vitest';
import { readSignFields, type SignFields } from '../../../../dashboard/src/policy/sign-fields.ts';

const empty = { operator: '', contact: '', alternative: '', reasons: {} };

test('what this device kept is read back as it was typed', () => {
  const fields: SignFields = {
    recordDays: 30,
    wordings: { 'zh-CN': { ...empty, operator: '金苑物业' }, en: { ...empty, reasons: { 流感: 'Flu' } } },
  };
  expect(readSignFields(JSON.stringify(fields))).toEqual(fields);
  expect(readSignFields(JSON.stringify({ ...fields, recordDays: undefined })).recordDays).toBeUndefined();
});

test.each([
  undefined,
  '',
  'not json',
  'null',
  '[]',
  '{"wordings":3}',
  '{"wordings":{"en":{"operator":5,"reasons":"x"}},"recordDays":"30"}',
])('%s counts as nothing typed', (stored) => {
  const { wordings, recordDays } = readSignFields(stored);
  expect(recordDays).toBeUndefined();
  expect(wordings['zh-CN']).toEqual(empty);
  expect(wordings.en).toMatchObject({ operator: '', contact: '', alternative: '' });
});
