import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Modal, Select, Switch } from 'antd';
import { useState } from 'react';
import type { Device, Pairing, Session } from '../../../hub/contract/api.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { refusalWords } from '../i18n/refusal-words.ts';
import { formatAgo, formatDate, formatLength } from '../i18n/times.ts';
import { OfficeTheme } from '../office/office-theme.tsx';
import { Loading, Note, Refused } from '../office/query-note.tsx';
import { Icon } from '../ui/icons.tsx';
import { QrCode } from '../ui/qr-code.tsx';
import { useNow } from '../ui/use-now.ts';
import './tablets-page.css';

const devicesKey = ['devices'] as const;

/** Tablets that belong to a gate: pair one by a code, revoke a lost one, and say whether guards need one. */
export function TabletsPage({ session }: { session: Session }) {
  return (
    <OfficeTheme>
      <Tablets session={session} />
    </OfficeTheme>
  );
}

function Tablets({ session }: { session: Session }) {
  const hub = useHub();
  const { words } = useSpeech();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [pairing, setPairing] = useState(false);
  const found = useQuery({
    queryKey: devicesKey,
    queryFn: hub.devices,
    refetchInterval: pairing ? 3000 : 30_000,
  });
  const rule = useMutation({
    mutationFn: hub.setDeviceRules,
    onSettled: () => queries.invalidateQueries({ queryKey: devicesKey }),
    onError: (error) => void message.error(refusalWords(error, words)),
  });
  const mayRule = session.person.role === 'admin' && !session.person.gates;

  if (found.isPending) return <Loading />;
  if (!found.data) return <Refused error={found.error} onRetry={() => void found.refetch()} />;
  const { items, guardsOnlyOnPairedTablets } = found.data;
  return (
    <div className="office tablets">
      <div className="office-head">
        <h1>{words.tablets.title}</h1>
        <p>{words.tablets.intro}</p>
        <span className="office-head-end">
          <button
            type="button"
            className="button button-primary"
            data-testid="pair-tablet"
            onClick={() => setPairing(true)}
          >
            <Icon name="tablet" size={22} />
            {words.tablets.pair}
          </button>
        </span>
      </div>
      {items.length === 0 ? (
        <Note icon="tablet" title={words.tablets.none} help={words.tablets.noneHelp} />
      ) : (
        <ul className="tablet-list card">
          {items.map((device) => (
            <Tablet key={device.id} device={device} />
          ))}
        </ul>
      )}
      <section className="card panel tablet-rule">
        <Switch
          id="only-paired"
          checked={guardsOnlyOnPairedTablets}
          disabled={!mayRule}
          loading={rule.isPending}
          onChange={(on) => rule.mutate(on)}
        />
        <div>
          <label htmlFor="only-paired">{words.tablets.only}</label>
          <p className="muted small">
            {words.tablets.onlyHelp} {!mayRule && words.tablets.onlyAdmin}
          </p>
        </div>
      </section>
      {pairing && <PairingSheet session={session} onClose={() => setPairing(false)} />}
    </div>
  );
}

function Tablet({ device }: { device: Device }) {
  const hub = useHub();
  const { language, words } = useSpeech();
  const queries = useQueryClient();
  const { message, modal } = App.useApp();
  const now = useNow(30_000);

  function revoke() {
    modal.confirm({
      title: words.tablets.confirmRevoke,
      content: words.tablets.revokeHelp,
      okText: words.tablets.revoke,
      okButtonProps: { danger: true },
      cancelText: words.people.cancel,
      icon: null,
      onOk: () =>
        hub
          .revokeDevice(device.id)
          .then(
            () => void message.success(words.tablets.revoked),
            (error: unknown) => void message.error(refusalWords(error, words)),
          )
          .finally(() => queries.invalidateQueries({ queryKey: devicesKey })),
    });
  }

  return (
    <li>
      <Icon name="tablet" size={28} />
      <div>
        <strong>{device.name}</strong> <span className="chip">{placeName(device.gate, words)}</span>
        <p className="muted small">
          {words.tablets.lastSeen(formatAgo(now - Date.parse(device.lastSeenAt), language))}
          {words.dot}
          {words.tablets.pairedBy(device.pairedBy, formatDate(device.pairedAt, language))}
        </p>
      </div>
      <button type="button" className="button" onClick={revoke}>
        {words.tablets.revoke}
      </button>
    </li>
  );
}

function PairingSheet({ session, onClose }: { session: Session; onClose: () => void }) {
  const hub = useHub();
  const { words } = useSpeech();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<{ gate: string; name: string }>();
  const start = useMutation({
    mutationFn: ({ gate, name }: { gate: string; name: string }) => hub.startPairing(gate, name),
    onError: (error) => void message.error(refusalWords(error, words)),
  });
  const required = [{ required: true, whitespace: true, message: words.policy.required }];

  function close() {
    void queries.invalidateQueries({ queryKey: devicesKey });
    onClose();
  }

  return (
    <Modal
      open
      title={words.tablets.pair}
      onCancel={close}
      okText={start.data ? words.tablets.done : words.tablets.make}
      cancelText={words.people.cancel}
      confirmLoading={start.isPending}
      cancelButtonProps={{ hidden: start.data !== undefined }}
      onOk={start.data ? close : () => form.submit()}
    >
      {start.data ? (
        <PairingCode pairing={start.data} />
      ) : (
        <Form
          form={form}
          layout="vertical"
          requiredMark={false}
          initialValues={{ gate: session.gates.length === 1 ? session.gates[0] : undefined }}
          onFinish={start.mutate}
        >
          <Form.Item name="gate" label={words.tablets.gate} rules={required}>
            <Select options={session.gates.map((value) => ({ value, label: placeName(value, words) }))} />
          </Form.Item>
          <Form.Item name="name" label={words.tablets.name} rules={required}>
            <Input maxLength={60} placeholder={words.tablets.nameHint} />
          </Form.Item>
        </Form>
      )}
    </Modal>
  );
}

function PairingCode({ pairing }: { pairing: Pairing }) {
  const hub = useHub();
  const { language, words } = useSpeech();
  useNow(1000);
  const leftMs = Date.parse(pairing.expiresAt) - hub.now();
  if (leftMs <= 0) return <p>{words.tablets.expired}</p>;
  return (
    <div className="pairing">
      <p>{words.tablets.type}</p>
      <output className="pairing-code" data-testid="made-pairing-code">
        {pairing.code}
      </output>
      <p className="muted small">{words.tablets.expires(formatLength(leftMs, language))}</p>
      <QrCode text={`${location.origin}/?pair=${pairing.code}`} label={words.tablets.scan} size={180} />
      <p className="muted small">{words.tablets.scan}</p>
    </div>
  );
}
