import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import type { ErasureCertificate } from '../../../hub/contract/api.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { formatDayTime } from '../i18n/times.ts';
import { copyText } from '../ui/copy-text.ts';
import { Icon } from '../ui/icons.tsx';

const erasuresKey = ['erasures'] as const;
/** While boxes have not confirmed. */
const lookAgainMs = 5_000;

/** Has all boxes forget a person's face, and shows the certificate: which of them have done it. */
export function Erasure({ subject }: { subject: string }) {
  const hub = useHub();
  const { words } = useSpeech();
  const [asking, setAsking] = useState(false);
  const found = useQuery({
    queryKey: erasuresKey,
    queryFn: hub.erasures,
    refetchInterval: ({ state }) =>
      certificateOf(state.data, subject)?.isComplete === false ? lookAgainMs : false,
  });
  if (!found.data) return null;
  const certificate = certificateOf(found.data, subject);
  return (
    <section className="erasure card panel">
      <h2>{words.erasure.title}</h2>
      {certificate ? (
        <Certificate certificate={certificate} />
      ) : (
        <>
          <p className="muted small">{words.erasure.help}</p>
          <button type="button" className="button" onClick={() => setAsking(true)}>
            {words.erasure.ask}
          </button>
        </>
      )}
      {asking && <AskForm subject={subject} onClose={() => setAsking(false)} />}
    </section>
  );
}

function AskForm({ subject, onClose }: { subject: string; onClose: () => void }) {
  const hub = useHub();
  const { words } = useSpeech();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<{ reason: string }>();
  const forget = useMutation({
    mutationFn: (reason: string) => hub.forget(subject, reason),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: erasuresKey });
      onClose();
    },
    onError: (error) => void message.error(refusalWords(error, words)),
  });
  return (
    <Modal
      open
      title={words.erasure.confirmTitle}
      okText={words.erasure.forget}
      okButtonProps={{ danger: true, loading: forget.isPending }}
      cancelText={words.erasure.cancel}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={({ reason }) => forget.mutate(reason.trim())}
      >
        <p className="erasure-warning">{words.erasure.confirmHelp}</p>
        <Form.Item
          name="reason"
          label={words.erasure.reason}
          rules={[{ required: true, whitespace: true, message: words.policy.required }]}
        >
          <Input.TextArea rows={2} maxLength={500} autoFocus placeholder={words.erasure.reasonHint} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function Certificate({ certificate }: { certificate: ErasureCertificate }) {
  const { language, words } = useSpeech();
  const { message } = App.useApp();
  const waiting = certificate.boxes.filter(({ confirmedAt }) => confirmedAt === undefined).length;

  async function copy() {
    const isCopied = await copyText(JSON.stringify(certificate, undefined, 2));
    void (isCopied ? message.success(words.erasure.copied) : message.warning(words.erasure.copyFailed));
  }

  return (
    <>
      <p className="erasure-state" data-complete={certificate.isComplete}>
        <Icon name={certificate.isComplete ? 'check' : 'clock'} size={20} />
        {certificate.isComplete ? words.erasure.complete : words.erasure.waiting(waiting)}
      </p>
      <p className="muted small">
        {words.erasure.asked(certificate.askedBy.displayName, formatDayTime(certificate.askedAt, language))}
        <br />
        {certificate.reason}
      </p>
      <dl className="erasure-boxes">
        {certificate.boxes.map(({ box, confirmedAt, templates = 0 }) => (
          <div key={box}>
            <dt>{box}</dt>
            <dd className={confirmedAt ? undefined : 'muted'}>
              {confirmedAt
                ? words.erasure.confirmed(formatDayTime(confirmedAt, language), templates)
                : words.erasure.notYet}
            </dd>
          </div>
        ))}
      </dl>
      <button type="button" className="button" onClick={() => void copy()}>
        <Icon name="copy" size={20} />
        {words.erasure.copy}
      </button>
    </>
  );
}

function certificateOf(erasures: readonly ErasureCertificate[] | undefined, subject: string) {
  return erasures?.find(({ subjects }) => subjects.includes(subject));
}
