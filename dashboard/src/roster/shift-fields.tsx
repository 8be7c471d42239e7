import { Form, Segmented, Select } from 'antd';
import type { PlannedShift } from '../../../hub/contract/roster.ts';
import type { Colleague } from '../api/hub.ts';
import { useWords } from '../i18n/language.tsx';
import { placeOptions } from '../i18n/place-name.ts';
import { HoursInput, hoursRule } from '../office/hours-input.tsx';

/** Who, in what duty, and where: the fields that every shift has. */
export function ShiftFields(props: { people: readonly Colleague[]; gates: readonly string[] }) {
  const words = useWords();
  const { people, gates } = props;
  const role = Form.useWatch<PlannedShift['role'] | undefined>('role');
  return (
    <>
      <Form.Item
        name="person"
        label={words.roster.person}
        rules={[{ required: true, message: words.roster.required }]}
      >
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={words.shifts.choose}
          options={people.map(({ id, displayName, role: each }) => ({
            value: id,
            label: each === 'guard' ? displayName : `${displayName} · ${words.roles[each]}`,
          }))}
        />
      </Form.Item>
      <Form.Item name="role" label={words.roster.role} extra={words.roster.roleHelp[role ?? 'guard']}>
        <Segmented
          block
          options={(['guard', 'leader', 'on_call'] as const).map((value) => ({
            value,
            label: words.roster.rows[value],
          }))}
        />
      </Form.Item>
      <Form.Item
        name="gates"
        label={words.roster.gates}
        extra={role === 'guard' ? undefined : words.roster.gatesHelp}
        rules={role === 'guard' ? [{ required: true, message: words.roster.needsGate }] : []}
      >
        <Select
          mode="multiple"
          placeholder={role === 'guard' ? words.shifts.choose : words.roster.allGates}
          options={placeOptions(gates, words)}
        />
      </Form.Item>
    </>
  );
}

/** The hours of a shift, with the usual ones as one tap. */
export function ShiftHours() {
  const words = useWords();
  return (
    <Form.Item name="hours" label={words.roster.hours} rules={[hoursRule(words.roster.required)]}>
      <HoursInput presets />
    </Form.Item>
  );
}
