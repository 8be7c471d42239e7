import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select, Switch } from 'antd';
import type { ReactNode } from 'react';
import { useHub } from '../api/hub-context.ts';
import { useWords } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { useSession } from '../session/use-session.ts';
import { NumberField, SettingGroup } from '../settings/setting-fields.tsx';
import { SettingForm } from '../settings/setting-form.tsx';
import { Icon } from '../ui/icons.tsx';
import { viidFields, viidSettingsOf } from './viid-fields.ts';
import { ViidStatusCard } from './viid-status.tsx';
import './viid.css';

/** What leaves for the platform of GA/T 1400: how it is doing for managers, and the settings for admins. */
export function ViidSection() {
  const words = useWords();
  const { session } = useSession();
  return (
    <>
      <ViidStatusCard />
      {session?.person.role === 'admin' ? (
        <ViidForm />
      ) : (
        <p className="viid-note muted">{words.viid.adminsOnly}</p>
      )}
    </>
  );
}

function ViidForm() {
  const words = useWords();
  const { fields, groups } = words.viid;
  const hub = useHub();
  // The same answer that the form begins with.
  const { data } = useQuery({ queryKey: ['settings', 'viid'], queryFn: () => hub.setting('viid') });
  return (
    <SettingForm name="viid" labels={fields} toForm={viidFields} fromForm={viidSettingsOf}>
      <SettingGroup title={groups.connection} help={words.viid.connectionHelp}>
        <SwitchField name="isOn" label={fields.isOn} help={words.viid.tested} />
        <NeededField
          name="platformUrl"
          label={fields.platformUrl}
          pattern={{ pattern: /^\s*https?:\/\/[^\s/]+/i, message: words.viid.badUrl }}
        >
          <Input inputMode="url" placeholder={words.viid.urlHint} autoComplete="off" maxLength={200} />
        </NeededField>
        <NeededField
          name="deviceId"
          label={fields.deviceId}
          pattern={{ pattern: /^\s*\d{20}\s*$/, message: words.viid.badId }}
        >
          <Input inputMode="numeric" placeholder={words.viid.idHint} autoComplete="off" maxLength={24} />
        </NeededField>
        <NeededField name="username" label={fields.username}>
          <Input placeholder={words.viid.usernameHint} autoComplete="off" maxLength={64} />
        </NeededField>
        <NeededField name="password" label={fields.password} isKept={data?.hasPassword === true}>
          <Input.Password
            placeholder={data?.hasPassword ? words.viid.passwordKept : words.viid.passwordNew}
            autoComplete="new-password"
            maxLength={200}
          />
        </NeededField>
      </SettingGroup>
      <SettingGroup title={groups.leaves} help={words.viid.leavesHelp}>
        <SwitchField name="motorVehicles" label={fields.motorVehicles} />
        <SwitchField name="faces" label={fields.faces} help={words.viid.facesHelp} />
        <Form.Item noStyle dependencies={['faces']}>
          {({ getFieldValue }) =>
            getFieldValue('faces') ? (
              <Form.Item
                name="facesBasis"
                label={fields.facesBasis}
                rules={[{ required: true, whitespace: true, min: 10, message: words.viid.basisTooShort }]}
              >
                <Input.TextArea rows={2} maxLength={500} placeholder={words.viid.basisHint} />
              </Form.Item>
            ) : (
              <Form.Item name="facesBasis" hidden>
                <Input />
              </Form.Item>
            )
          }
        </Form.Item>
      </SettingGroup>
      <SettingGroup title={groups.cameras} help={words.viid.camerasHelp}>
        <CameraList />
      </SettingGroup>
      <SettingGroup title={groups.details}>
        <Form.Item name="timeZone" label={fields.timeZone}>
          <Select showSearch options={Intl.supportedValuesOf('timeZone').map((zone) => ({ value: zone }))} />
        </Form.Item>
        <NumberField
          name="keepaliveSeconds"
          label={fields.keepaliveSeconds}
          unit={words.settings.units.seconds}
          min={30}
          max={300}
        />
      </SettingGroup>
    </SettingForm>
  );
}

/** A field that may stay empty until the export is switched on. */
function NeededField(props: {
  name: string;
  label: string;
  pattern?: { pattern: RegExp; message: string };
  /** What was given before holds while the field is empty. */
  isKept?: boolean;
  children: ReactNode;
}) {
  const words = useWords();
  const { name, label, pattern, isKept = false, children } = props;
  return (
    <Form.Item
      name={name}
      label={label}
      dependencies={['isOn']}
      rules={[
        ({ getFieldValue }) => ({
          required: getFieldValue('isOn') === true && !isKept,
          message: words.viid.required,
        }),
        ...(pattern ? [pattern] : []),
      ]}
    >
      {children}
    </Form.Item>
  );
}

function SwitchField({ name, label, help }: { name: string; label: string; help?: string }) {
  return (
    <Form.Item
      name={name}
      label={
        <span>
          {label}
          {help && <small className="field-help">{help}</small>}
        </span>
      }
      className="number-field switch-field"
      valuePropName="checked"
    >
      <Switch />
    </Form.Item>
  );
}

function CameraList() {
  const hub = useHub();
  const words = useWords();
  const { data } = useQuery({ queryKey: ['health'], queryFn: hub.siteHealth });
  const cameras = (data?.boxes ?? []).flatMap(({ telemetry }) => telemetry?.cameras ?? []);
  const required = [{ required: true, message: words.settings.required }];
  return (
    <Form.List name="cameras">
      {(entries, { add, remove }) => (
        <>
          {entries.map(({ key, name }) => (
            <div key={key} className="setting-entry">
              <Form.Item name={[name, 'camera']} label={words.viid.camera} rules={required}>
                <Select
                  showSearch
                  placeholder={words.shifts.choose}
                  options={cameras.map(({ camera }) => ({ value: camera, label: placeName(camera, words) }))}
                />
              </Form.Item>
              <Form.Item
                name={[name, 'deviceId']}
                label={words.viid.groups.cameras}
                rules={[...required, { pattern: /^\d{20}$/, message: words.viid.badId }]}
              >
                <Input inputMode="numeric" placeholder={words.viid.idHint} maxLength={20} />
              </Form.Item>
              <Button danger type="text" onClick={() => remove(name)}>
                {words.settings.remove}
              </Button>
            </div>
          ))}
          <Button icon={<Icon name="plus" size={18} />} onClick={() => add({})}>
            {words.viid.addCamera}
          </Button>
        </>
      )}
    </Form.List>
  );
}
