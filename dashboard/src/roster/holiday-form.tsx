import { Form, Input, Modal } from 'antd';
import type { Holiday } from '../../../hub/contract/roster.ts';
import { useHub } from '../api/hub-context.ts';
import { useWords } from '../i18n/language.tsx';
import { DayInput } from './day-input.tsx';
import { useRosterChange } from './use-roster-change.tsx';

/** Names a day on which some patterns do not hold, or only they. */
export function HolidayForm({ day, onClose }: { day: string; onClose: () => void }) {
  const hub = useHub();
  const words = useWords();
  const [form] = Form.useForm<Holiday>();
  const change = useRosterChange();
  const required = [{ required: true, message: words.roster.required }];
  return (
    <Modal
      open
      style={{ top: 32 }}
      title={words.roster.titles.addHoliday}
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
        initialValues={{ day }}
        onFinish={(holiday) =>
          change.run({
            deed: () => hub.addHoliday(holiday),
            said: words.roster.done.added,
            undo: (added) => hub.removeFromRoster('holidays', (added as { id: string }).id),
            onDone: onClose,
          })
        }
      >
        <Form.Item name="day" label={words.roster.day} rules={required}>
          <DayInput />
        </Form.Item>
        <Form.Item name="name" label={words.roster.holidayName} rules={required}>
          <Input maxLength={60} placeholder={words.roster.holidayHint} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
