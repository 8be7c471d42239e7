import { Button, Form, Select, Switch } from 'antd';
import { useMemo } from 'react';
import type { RosterSettings } from '../../../hub/contract/roster.ts';
import { useWords } from '../i18n/language.tsx';
import { placeOptions } from '../i18n/place-name.ts';
import type { Hours } from '../office/hours-input.tsx';
import { Icon } from '../ui/icons.tsx';
import { NumberField, SettingGroup } from './setting-fields.tsx';
import { SettingForm } from './setting-form.tsx';
import { WeeklyHours } from './weekly-hours.tsx';

type Staffed = RosterSettings['staffed'][number];
type DutyFields = Omit<RosterSettings, 'staffed'> & {
  staffed: (Omit<Staffed, 'startsAt' | 'endsAt'> & { hours: Hours })[];
};

/** How duty is counted, and when a gate must be staffed. */
export function DutySection({ gates }: { gates: readonly string[] }) {
  const words = useWords();
  const { fields, units } = words.settings;
  const zones = useMemo(() => Intl.supportedValuesOf('timeZone').map((zone) => ({ value: zone })), []);
  return (
    <SettingForm name="roster" labels={fields} toForm={dutyFields} fromForm={rosterSettingsOf}>
      <SettingGroup title={fields.timeZone} help={words.settings.zoneHelp}>
        <Form.Item name="timeZone">
          <Select showSearch options={zones} aria-label={fields.timeZone} />
        </Form.Item>
      </SettingGroup>
      <SettingGroup title={words.settings.counting}>
        <Form.Item
          name="clockInRequired"
          label={
            <span>
              {fields.clockInRequired}
              <small className="field-help">{words.settings.clockInHelp}</small>
            </span>
          }
          className="number-field switch-field"
          valuePropName="checked"
        >
          <Switch />
        </Form.Item>
        <NumberField name="graceMinutes" label={fields.graceMinutes} unit={units.minutes} min={0} max={120} />
        <NumberField
          name="forgottenHours"
          label={fields.forgottenHours}
          unit={units.hours}
          min={4}
          max={48}
        />
      </SettingGroup>
      <SettingGroup title={fields.staffed} help={words.settings.staffedHelp}>
        <StaffedList gates={gates} />
      </SettingGroup>
    </SettingForm>
  );
}

function StaffedList({ gates }: { gates: readonly string[] }) {
  const words = useWords();
  const required = [{ required: true, message: words.settings.required }];
  return (
    <Form.List name="staffed">
      {(entries, { add, remove }) => (
        <>
          {entries.map(({ key, name }) => (
            <div key={key} className="setting-entry">
              <Form.Item name={[name, 'gate']} label={words.settings.gate} rules={required}>
                <Select placeholder={words.shifts.choose} options={placeOptions(gates, words)} />
              </Form.Item>
              <WeeklyHours name={name} onRemove={() => remove(name)} />
            </div>
          ))}
          <Button
            icon={<Icon name="plus" size={18} />}
            onClick={() =>
              add({
                gate: gates.length === 1 ? gates[0] : undefined,
                weekdays: [1, 2, 3, 4, 5, 6, 7],
                hours: { startsAt: '06:00', endsAt: '22:00' },
              })
            }
          >
            {words.settings.addStaffed}
          </Button>
        </>
      )}
    </Form.List>
  );
}

function dutyFields({ staffed, ...rest }: RosterSettings): DutyFields {
  return {
    ...rest,
    staffed: staffed.map(({ startsAt, endsAt, ...hours }) => ({ ...hours, hours: { startsAt, endsAt } })),
  };
}

function rosterSettingsOf({ staffed = [], ...rest }: DutyFields): RosterSettings {
  return { ...rest, staffed: staffed.map(({ hours, ...entry }) => ({ ...entry, ...hours })) };
}
