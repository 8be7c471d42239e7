import { Form, Modal } from 'antd';
import type { SingleShift } from '../../../hub/contract/roster.ts';
import type { Colleague } from '../api/hub.ts';
import { useHub } from '../api/hub-context.ts';
import { useWords } from '../i18n/language.tsx';
import { type Hours, hourPresets } from '../office/hours-input.tsx';
import { DayInput } from './day-input.tsx';
import { ShiftFields, ShiftHours } from './shift-fields.tsx';
import { daysAfter, instantOf, wallTimeAt } from './site-time.ts';
import { useRosterChange } from './use-roster-change.tsx';

/** What a new shift begins with: the hours of a gap. */
export type ShiftPreset = Pick<SingleShift, 'gates' | 'from' | 'until'>;

type Values = Pick<SingleShift, 'person' | 'role' | 'gates'> & { day: string; hours: Hours };

/** Plans one shift outside of every pattern. */
export function ShiftForm(props: {
  preset: ShiftPreset | undefined;
  people: readonly Colleague[];
  gates: readonly string[];
  today: string;
  timeZone: string;
  onClose: () => void;
}) {
  const hub = useHub();
  const words = useWords();
  const { preset, people, gates, today, timeZone, onClose } = props;
  const [form] = Form.useForm<Values>();
  const change = useRosterChange();

  function save({ day, hours, gates: chosen = [], person, role }: Values) {
    const lastDay = hours.endsAt <= hours.startsAt ? daysAfter(day, 1) : day;
    const shift: SingleShift = {
      person,
      role,
      gates: chosen,
      from: instantOf({ day, time: hours.startsAt }, timeZone),
      until: instantOf({ day: lastDay, time: hours.endsAt }, timeZone),
    };
    change.run({
      deed: () => hub.addShift(shift),
      said: words.roster.done.added,
      undo: (added) => hub.removeFromRoster('shifts', (added as { id: string }).id),
      onDone: onClose,
    });
  }

  return (
    <Modal
      open
      style={{ top: 32 }}
      title={words.roster.titles.addShift}
      okText={words.roster.save}
      cancelText={words.roster.cancel}
      confirmLoading={change.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      destroyOnHidden
    >
      <Form
        form={form}
        layout="vertical"
        className="roster-form"
        requiredMark={false}
        initialValues={startValues(preset, gates, today, timeZone)}
        onFinish={save}
      >
        <ShiftFields people={people} gates={[...new Set([...gates, ...(preset?.gates ?? [])])]} />
        <Form.Item
          name="day"
          label={words.roster.day}
          rules={[{ required: true, message: words.roster.required }]}
        >
          <DayInput />
        </Form.Item>
        <ShiftHours />
      </Form>
    </Modal>
  );
}

/** Of a gap longer than a day, its first day: a shift lasts 24 hours at most. */
function startValues(
  preset: ShiftPreset | undefined,
  gates: readonly string[],
  today: string,
  timeZone: string,
): Partial<Values> {
  if (!preset) {
    return {
      role: 'guard',
      gates: gates.length === 1 ? [...gates] : [],
      day: today,
      hours: hourPresets.day,
    };
  }
  const [from, until] = [preset.from, preset.until].map((at) => wallTimeAt(at, timeZone));
  return {
    role: 'guard',
    gates: preset.gates,
    day: from.day,
    hours: { startsAt: from.time, endsAt: until.time },
  };
}
