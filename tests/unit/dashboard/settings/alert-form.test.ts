import { expect, test } from 'vitest';
import { alertFields, alertSettingsOf } from '../../../../dashboard/src/settings/alert-form.ts';
import { alertSettings } from '../../../../hub/contract/alerting.ts';

const settings = alertSettings.parse({
  quietHours: [
    { flags: ['first_time'], gates: [], weekdays: [6, 7], startsAt: '23:00', endsAt: '06:00' },
    { flags: ['out_of_province'], gates: ['east-gate'], weekdays: [1], startsAt: '08:00', endsAt: '09:00' },
  ],
  neighbours: [{ gate: 'east-gate', next: ['west-gate'] }],
});

test('settings go through the form unchanged', () => {
  expect(alertSettingsOf(alertFields(settings))).toEqual(settings);
  expect(alertSettings.parse(alertSettingsOf(alertFields(alertSettings.parse({}))))).toEqual(
    alertSettings.parse({}),
  );
});

test('a gate for which nobody is chosen is helped by all others: it has no entry', () => {
  const fields = { ...alertFields(settings), neighbours: { 'east-gate': [], 'west-gate': ['east-gate'] } };
  expect(alertSettingsOf(fields).neighbours).toEqual([{ gate: 'west-gate', next: ['east-gate'] }]);
});
