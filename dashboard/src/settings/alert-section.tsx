import { Button, Form, Select } from 'antd';
import type { Flag } from '../../../hub/contract/policy.ts';
import { flagIcon } from '../guard/severity.ts';
import { useWords } from '../i18n/language.tsx';
import { placeName, placeOptions } from '../i18n/place-name.ts';
import { Icon } from '../ui/icons.tsx';
import { alertFields, alertSettingsOf } from './alert-form.ts';
import { NumberField, SettingGroup } from './setting-fields.tsx';
import { SettingForm } from './setting-form.tsx';
import { WeeklyHours } from './weekly-hours.tsx';

const flags: readonly Flag[] = [
  'watched_province',
  'mask_not_worn',
  'out_of_province',
  'mask_worn_improperly',
  'first_time',
  'province_uncertain',
];

/** How loudly alerts ring, who is told next and when, and when they stay quiet. */
export function AlertSection({ gates }: { gates: readonly string[] }) {
  const words = useWords();
  const { fields, units } = words.settings;
  return (
    <SettingForm name="alerting" labels={fields} toForm={alertFields} fromForm={alertSettingsOf}>
      <SettingGroup title={words.settings.ringing}>
        <NumberField
          name="cooldownMinutes"
          label={fields.cooldownMinutes}
          unit={units.minutes}
          min={0}
          max={240}
        />
        <NumberField
          name="expireAfterMinutes"
          label={fields.expireAfterMinutes}
          unit={units.minutes}
          min={5}
          max={720}
        />
        <NumberField
          name="sameMomentSeconds"
          label={fields.sameMomentSeconds}
          unit={units.seconds}
          min={0}
          max={30}
        />
      </SettingGroup>
      <SettingGroup title={fields.escalateAfterSeconds} help={words.settings.escalateHelp}>
        {flags.map((flag) => (
          <NumberField
            key={flag}
            name={['escalateAfterSeconds', flag]}
            label={
              <span className="flag-label">
                <Icon name={flagIcon(flag)} size={18} />
                {words.flags[flag]}
              </span>
            }
            unit={units.seconds}
            min={10}
            max={3600}
          />
        ))}
      </SettingGroup>
      <SettingGroup title={fields.storm} help={words.settings.stormHelp}>
        <NumberField
          name={['storm', 'after']}
          label={words.settings.stormAfter}
          unit={units.alerts}
          min={3}
          max={100}
        />
        <NumberField
          name={['storm', 'withinSeconds']}
          label={words.settings.stormWithin}
          unit={units.seconds}
          min={10}
          max={600}
        />
      </SettingGroup>
      <SettingGroup title={fields.quietHours} help={words.settings.quietHelp}>
        <QuietHoursList gates={gates} />
      </SettingGroup>
      {gates.length > 1 && (
        <SettingGroup title={fields.neighbours} help={words.settings.neighboursHelp}>
          {gates.map((gate) => (
            <Form.Item
              key={gate}
              name={['neighbours', gate]}
              label={words.settings.neighboursOf(placeName(gate, words))}
            >
              <Select
                mode="multiple"
                placeholder={words.settings.allOthers}
                options={placeOptions(
                  gates.filter((other) => other !== gate),
                  words,
                )}
              />
            </Form.Item>
          ))}
        </SettingGroup>
      )}
    </SettingForm>
  );
}

function QuietHoursList({ gates }: { gates: readonly string[] }) {
  const words = useWords();
  const required = [{ required: true, message: words.settings.required }];
  return (
    <Form.List name="quietHours">
      {(entries, { add, remove }) => (
        <>
          {entries.map(({ key, name }) => (
            <div key={key} className="setting-entry">
              <Form.Item
                name={[name, 'flags']}
                className="setting-wide"
                label={words.settings.quietFlags}
                rules={required}
              >
                <Select
                  mode="multiple"
                  placeholder={words.shifts.choose}
                  options={flags.map((flag) => ({ value: flag, label: words.flags[flag] }))}
                />
              </Form.Item>
              <Form.Item name={[name, 'gates']} label={words.settings.gates}>
                <Select
                  mode="multiple"
                  placeholder={words.settings.everyGate}
                  options={placeOptions(gates, words)}
                />
              </Form.Item>
              <WeeklyHours name={name} onRemove={() => remove(name)} />
            </div>
          ))}
          <Button
            icon={<Icon name="plus" size={18} />}
            onClick={() =>
              add({
                flags: [],
                gates: [],
                weekdays: [1, 2, 3, 4, 5, 6, 7],
                hours: { startsAt: '23:00', endsAt: '06:00' },
              })
            }
          >
            {words.settings.addQuiet}
          </Button>
        </>
      )}
    </Form.List>
  );
}
