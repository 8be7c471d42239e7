import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import type { LegalHold } from '../../../hub/contract/keeping.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { formatDayTime } from '../i18n/times.ts';
import { holdsKey, useHolds } from './use-holds.ts';

/** What is on hold, why and by whom; lifted here. */
export function Holds() {
  const { language, words } = useSpeech();
  const [lifting, setLifting] = useState<LegalHold>();
  const holds = useHolds();
  return (
    <section className="card panel holds">
      <h2>{words.keeping.holds}</h2>
      {holds?.length === 0 && <p className="muted">{words.hold.none}</p>}
      <ol>
        {holds?.map((hold) => (
          <li key={hold.id}>
            <strong>{hold.reason}</strong>
            <span className="muted small">
              {words.hold.about[hold.about.kind]}
              {words.dot}
              {words.hold.by(hold.placedBy.displayName, formatDayTime(hold.placedAt, language))}
              {words.dot}
              {hold.until ? words.hold.ends(formatDayTime(hold.until, language)) : words.hold.open}
            </span>
            <button type="button" className="button" onClick={() => setLifting(hold)}>
              {words.hold.lift}
            </button>
          </li>
        ))}
      </ol>
      {lifting && <LiftForm hold={lifting} onClose={() => setLifting(undefined)} />}
    </section>
  );
}

function LiftForm({ hold, onClose }: { hold: LegalHold; onClose: () => void }) {
  const hub = useHub();
  const { words } = useSpeech();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<{ reason: string }>();
  const lift = useMutation({
    mutationFn: (reason: string) => hub.liftHold(hold.id, reason),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: holdsKey });
      onClose();
      void message.success(words.hold.lifted);
    },
    onError: (error) => void message.error(refusalWords(error, words)),
  });
  return (
    <Modal
      open
      title={words.hold.liftTitle}
      okText={words.hold.lift}
      okButtonProps={{ danger: true, loading: lift.isPending }}
      cancelText={words.keeping.cancel}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={({ reason }) => lift.mutate(reason.trim())}
      >
        <p className="muted hold-help">{words.hold.liftHelp}</p>
        <Form.Item
          name="reason"
          label={words.hold.reason}
          rules={[{ required: true, whitespace: true, message: words.keeping.required }]}
        >
          <Input.TextArea rows={2} maxLength={500} autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  );
}
