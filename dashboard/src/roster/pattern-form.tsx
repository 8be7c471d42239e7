import { Button, Form, Modal, Segmented } from 'antd';
import type { ListedPattern, ShiftPattern } from '../../../hub/contract/roster.ts';
import type { Colleague } from '../api/hub.ts';
import { useHub } from '../api/hub-context.ts';
import { useWords } from '../i18n/language.tsx';
import { type Hours, hourPresets } from '../office/hours-input.tsx';
import { WeekdaysInput } from '../office/weekdays-input.tsx';
import { DayInput } from './day-input.tsx';
import { ShiftFields, ShiftHours } from './shift-fields.tsx';
import { useRosterChange } from './use-roster-change.tsx';

type Values = Omit<ShiftPattern, 'startsAt' | 'endsAt'> & { hours: Hours };

/** Plans somebody every week, or changes such a plan. */
export function PatternForm(props: {
  pattern: ListedPattern | undefined;
  people: readonly Colleague[];
  gates: readonly string[];
  today: string;
  onClose: () => void;
}) {
  const hub = useHub();
  const words = useWords();
  const { pattern, people, gates, today, onClose } = props;
  const [form] = Form.useForm<Values>();
  const change = useRosterChange();
  const gatesOffered = [...new Set([...gates, ...(pattern?.gates ?? [])])];

  function save({ hours, lastDay, gates: chosen = [], ...rest }: Values) {
    const next: ShiftPattern = { ...rest, ...hours, gates: chosen, ...(lastDay ? { lastDay } : {}) };
    if (!pattern) {
      return change.run({ deed: () => hub.addPattern(next), said: words.roster.done.added, onDone: onClose });
    }
    const { id, ...before } = pattern;
    change.run({
      deed: () => hub.changePattern(id, next),
      said: words.roster.done.changed,
      undo: () => hub.changePattern(id, before),
      onDone: onClose,
    });
  }

  function remove({ id, ...before }: ListedPattern) {
    change.run({
      deed: () => hub.removeFromRoster('patterns', id),
      said: words.roster.done.removed,
      undo: () => hub.addPattern(before),
      onDone: onClose,
    });
  }

  return (
    <Modal
      open
      style={{ top: 32 }}
      title={pattern ? words.roster.titles.editPattern : words.roster.titles.addPattern}
      onCancel={onClose}
      destroyOnHidden
      footer={[
        pattern && (
          <Button
            key="remove"
            danger
            type="text"
            className="form-remove"
            title={words.roster.removePatternHelp}
            onClick={() => remove(pattern)}
          >
            {words.roster.removePattern}
          </Button>
        ),
        <Button key="cancel" onClick={onClose}>
          {words.roster.cancel}
        </Button>,
        <Button key="save" type="primary" loading={change.isPending} onClick={() => form.submit()}>
          {words.roster.save}
        </Button>,
      ]}
    >
      <Form
        form={form}
        layout="vertical"
        className="roster-form"
        requiredMark={false}
        initialValues={pattern ? valuesOf(pattern) : newValues(gates, today)}
        onFinish={save}
      >
        <ShiftFields people={people} gates={gatesOffered} />
        <ShiftHours />
        <Form.Item
          name="weekdays"
          label={words.roster.weekdays}
          rules={[{ required: true, message: words.roster.needsWeekday }]}
        >
          <WeekdaysInput presets />
        </Form.Item>
        <div className="roster-form-row">
          <Form.Item
            name="firstDay"
            label={words.roster.firstDay}
            rules={[{ required: true, message: words.roster.required }]}
          >
            <DayInput />
          </Form.Item>
          <Form.Item
            name="lastDay"
            label={words.roster.lastDay}
            dependencies={['firstDay']}
            extra={words.roster.lastDayHelp}
            rules={[
              ({ getFieldValue }) => ({
                validator: (_, day: string | undefined) =>
                  !day || day >= String(getFieldValue('firstDay'))
                    ? Promise.resolve()
                    : Promise.reject(new Error(words.roster.endsFirst)),
              }),
            ]}
          >
            <DayInput />
          </Form.Item>
        </div>
        <Form.Item name="onHolidays" label={words.roster.onHolidays}>
          <Segmented
            block
            options={(['as_usual', 'off', 'only'] as const).map((value) => ({
              value,
              label: words.roster.holidayRules[value],
            }))}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function valuesOf({ startsAt, endsAt, ...rest }: ListedPattern): Partial<Values> {
  const { id: _, ...pattern } = rest;
  return { ...pattern, hours: { startsAt, endsAt } };
}

/** Where there is one gate it is meant; the whole week is the commonest plan. */
function newValues(gates: readonly string[], today: string): Partial<Values> {
  return {
    role: 'guard',
    gates: gates.length === 1 ? [...gates] : [],
    hours: hourPresets.day,
    weekdays: [1, 2, 3, 4, 5, 6, 7],
    firstDay: today,
    onHolidays: 'as_usual',
  };
}
