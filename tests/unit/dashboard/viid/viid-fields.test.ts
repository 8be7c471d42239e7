import { expect, test } from 'vitest';
import { viidFields, viidSettingsOf } from '../../../../dashboard/src/viid/viid-fields.ts';
import { viidSettings, viidSettingsEdit } from '../../../../hub/contract/viid.ts';

const untouched = viidSettings.parse({});

test('settings that nobody has touched come back as they were', () => {
  expect(viidSettingsOf(viidFields(untouched))).toEqual(untouched);
});

test('an empty password is not sent, so that the one that is kept holds; spaces in one belong to it', () => {
  expect('password' in viidSettingsOf(viidFields(untouched))).toBe(false);
  expect(viidSettingsOf({ ...viidFields(untouched), password: ' a b ' }).password).toBe(' a b ');
});

test('an address may be pasted with what the hub adds itself', () => {
  for (const platformUrl of ['http://10.1.2.3:8080', ' http://10.1.2.3:8080/ ', 'http://10.1.2.3:8080/VIID/'])
    expect(viidSettingsOf({ ...viidFields(untouched), platformUrl }).platformUrl).toBe(
      'http://10.1.2.3:8080',
    );
});

test('what the form holds is what the hub takes', () => {
  const fields = {
    ...viidFields(untouched),
    isOn: true,
    platformUrl: 'https://p.example',
    deviceId: '1'.repeat(20),
  };
  expect(viidSettingsEdit.parse(viidSettingsOf(fields))).toMatchObject({
    isOn: true,
    deviceId: '1'.repeat(20),
  });
});
