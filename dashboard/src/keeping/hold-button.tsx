import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, DatePicker, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import type { TrajectoryEntry } from '../../../hub/contract/api.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { formatDayTime } from '../i18n/times.ts';
import { Icon } from '../ui/icons.tsx';
import { holdOf, holdsKey, incidentOf, useHolds } from './use-holds.ts';
import './hold-button.css';

/** Keeps the incident that a sighting belongs to, or says that it is kept. */
export function HoldButton({ entry }: { entry: Pick<TrajectoryEntry, 'id' | 'alert'> }) {
  const { language, words } = useSpeech();
  const [asking, setAsking] = useState(false);
  const hold = holdOf(entry, useHolds());
  if (hold) {
    const { placedBy, placedAt, reason } = hold;
    const told = `${reason}\n${words.hold.by(placedBy.displayName, formatDayTime(placedAt, language))}`;
    return (
      <span className="chip on-hold" title={told}>
        <Icon name="hold" size={16} />
        {words.hold.placed}
      </span>
    );
  }
  return (
    <>
      <button
        type="button"
        className="hold-button"
        title={words.hold.title}
        aria-label={words.hold.title}
        data-testid="hold-button"
        onClick={() => setAsking(true)}
      >
        <Icon name="hold" size={20} />
      </button>
      {asking && <HoldForm entry={entry} onClose={() => setAsking(false)} />}
    </>
  );
}

interface Answers {
  reason: string;
  /** A day of the picker (dayjs); the hold ends when that day does. */
  until?: { endOf(unit: 'day'): { toDate(): Date } } | null;
}

function HoldForm(props: { entry: Pick<TrajectoryEntry, 'id' | 'alert'>; onClose: () => void }) {
  const hub = useHub();
  const { words } = useSpeech();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<Answers>();
  const place = useMutation({
    mutationFn: ({ reason, until }: Answers) =>
      hub.placeHold({
        about: incidentOf(props.entry),
        reason: reason.trim(),
        ...(until ? { until: until.endOf('day').toDate().toISOString() } : {}),
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: holdsKey });
      props.onClose();
      void message.success(words.hold.done);
    },
    onError: (error) => void message.error(refusalWords(error, words)),
  });
  return (
    <Modal
      open
      title={words.hold.title}
      okText={words.hold.place}
      okButtonProps={{ loading: place.isPending }}
      cancelText={words.keeping.cancel}
      onOk={() => form.submit()}
      onCancel={props.onClose}
    >
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(answers) => place.mutate(answers)}>
        <p className="muted hold-help">{words.hold.help}</p>
        <Form.Item
          name="reason"
          label={words.hold.reason}
          rules={[{ required: true, whitespace: true, message: words.keeping.required }]}
        >
          <Input.TextArea rows={2} maxLength={500} autoFocus placeholder={words.hold.reasonHint} />
        </Form.Item>
        <Form.Item name="until" label={words.hold.until} extra={words.hold.untilHelp}>
          <DatePicker style={{ width: 200 }} disabledDate={isPast} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

/** Before today. */
function isPast(day: { endOf(unit: 'day'): { valueOf(): number } }): boolean {
  return day.endOf('day').valueOf() < Date.now();
}
