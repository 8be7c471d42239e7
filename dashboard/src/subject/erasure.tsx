import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import type { ErasureCertificate } from '../../../hub/contract/api.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { formatDayTime } from '../i18n/times.ts';
import type { Words } from '../i18n/zh.ts';
import { copyText } from '../ui/copy-text.ts';
import { Icon } from '../ui/icons.tsx';

const erasureKey = (subject: string) => ['erasure', subject] as const;
/** While boxes have not confirmed. */
const lookAgainMs = 5_000;

/** Forgets a person or a vehicle, and shows the certificate: what was removed and which boxes have done it. */
export function Erasure({ subject, kind }: { subject: string; kind?: 'person' | 'vehicle' }) {
  const hub = useHub();
  const { words } = useSpeech();
  const [asking, setAsking] = useState(false);
  const found = useQuery({
    queryKey: erasureKey(subject),
    queryFn: () => hub.erasureOf(subject),
    refetchInterval: ({ state }) => (state.data?.isComplete === false ? lookAgainMs : false),
  });
  const certificate = found.data;
  if (certificate === undefined || (certificate === null && kind === undefined)) return null;
  const isVehicle = kind === 'vehicle';
  return (
    <section className="erasure card panel">
      <h2>{words.erasure.title}</h2>
      {certificate && <Certificate certificate={certificate} />}
      {/* A vehicle that was forgotten may come again, and be forgotten again. */}
      {kind !== undefined && (!certificate || isVehicle) && (
        <>
          <p className="muted small">{isVehicle ? words.erasure.helpVehicle : words.erasure.help}</p>
          <button type="button" className="button" onClick={() => setAsking(true)}>
            {isVehicle ? words.erasure.askVehicle : words.erasure.ask}
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
    onSuccess: async (certificate) => {
      queries.setQueryData(erasureKey(subject), certificate);
      onClose();
      await queries.invalidateQueries({ queryKey: ['trajectory', subject] });
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
  const { held } = certificate;

  async function copy() {
    const isCopied = await copyText(JSON.stringify(certificate, undefined, 2));
    void (isCopied ? message.success(words.erasure.copied) : message.warning(words.erasure.copyFailed));
  }

  return (
    <>
      <p className="erasure-state" data-complete={certificate.isComplete}>
        <Icon name={certificate.isComplete ? 'check' : 'clock'} size={20} />
        {stateWords(certificate, words)}
      </p>
      {held && <p className="muted small">{words.erasure.held(held.sightings, held.pictures)}</p>}
      <p className="muted small">
        {words.erasure.asked(certificate.askedBy.displayName, formatDayTime(certificate.askedAt, language))}
        <br />
        {certificate.reason}
      </p>
      <dl className="erasure-boxes">
        <div>
          <dt>{words.erasure.hub}</dt>
          <dd className={certificate.carriedOutAt ? undefined : 'muted'}>
            {certificate.carriedOutAt ? removedWords(certificate, words) : words.erasure.notYet}
          </dd>
        </div>
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
      <p className="muted small">{words.erasure.stays}</p>
      <button type="button" className="button" onClick={() => void copy()}>
        <Icon name="copy" size={20} />
        {words.erasure.copy}
      </button>
    </>
  );
}

function stateWords({ isComplete, held, boxes }: ErasureCertificate, words: Words): string {
  if (isComplete) return words.erasure.complete;
  if (held) return words.erasure.heldTitle;
  return words.erasure.waiting(boxes.filter(({ confirmedAt }) => confirmedAt === undefined).length);
}

function removedWords({ removed }: ErasureCertificate, words: Words): string {
  if (removed.length === 0) return words.erasure.nothing;
  return removed
    .map(({ kind, count }) => words.erasure.removed(words.erasure.kinds[kind] ?? kind, count))
    .join(words.listComma);
}
