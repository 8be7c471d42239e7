import { App, Button, Checkbox, Form, Input, InputNumber, Modal, Select, Switch } from 'antd';
import type { Channel, ChannelKind } from '../../../hub/contract/channels.ts';
import type { Flag } from '../../../hub/contract/policy.ts';
import { sortedFlags } from '../guard/severity.ts';
import { useSpeech } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { useSession } from '../session/use-session.ts';
import { addableKinds, type ChannelDraft, stageNames, toDraft } from './channel-draft.ts';

interface ChannelFormProps {
  /** Undefined adds one. */
  channel: Channel | undefined;
  saving: boolean;
  onSave: (draft: ChannelDraft) => void;
  onRemove: () => void;
  onClose: () => void;
}

/** Sets one channel. What is secret is typed in and never shown again. */
export function ChannelForm({ channel, saving, onSave, onRemove, onClose }: ChannelFormProps) {
  const { language, words } = useSpeech();
  const { session } = useSession();
  const { modal } = App.useApp();
  const [form] = Form.useForm<ChannelDraft>();
  const start = toDraft(channel, language);
  const kind: ChannelKind = Form.useWatch('kind', form) ?? start.kind;
  const isQuiet = Form.useWatch('isQuiet', form) ?? start.isQuiet;
  const say = words.channels.form;
  const required = [{ required: true, message: say.required }];
  const isAdmin = session?.person.role === 'admin';

  function confirmRemoval() {
    modal.confirm({
      title: say.confirmRemove,
      okText: say.remove,
      okButtonProps: { danger: true },
      cancelText: say.cancel,
      icon: null,
      onOk: onRemove,
    });
  }

  return (
    <Modal
      open
      title={channel ? words.channels.kinds[channel.kind] : say.add}
      onCancel={onClose}
      destroyOnHidden
      footer={[
        channel && channel.kind !== 'web_push' && (
          <Button key="remove" danger type="text" className="channel-remove" onClick={confirmRemoval}>
            {say.remove}
          </Button>
        ),
        <Button key="cancel" onClick={onClose}>
          {say.cancel}
        </Button>,
        <Button key="save" type="primary" loading={saving} onClick={() => form.submit()}>
          {say.save}
        </Button>,
      ]}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={start}
        onFinish={(typed) => onSave({ ...start, ...typed, mail: { ...start.mail, ...typed.mail } })}
        requiredMark={false}
      >
        {!channel && (
          <Form.Item name="kind" label={say.kind}>
            <Select options={addableKinds.map((value) => ({ value, label: words.channels.kinds[value] }))} />
          </Form.Item>
        )}
        <p className="channel-help">{words.channels.kindHelp[kind]}</p>
        {kind !== 'web_push' && (
          <Form.Item name="name" label={say.name} rules={required}>
            <Input maxLength={60} placeholder={say.nameHint} />
          </Form.Item>
        )}
        <Secrets kind={kind} channel={channel} />
        <Form.Item name="stages" label={say.stages} rules={required}>
          <Checkbox.Group
            className="channel-checks"
            options={stageNames.map((value) => ({ value, label: words.channels.stages[value] }))}
          />
        </Form.Item>
        <Form.Item name="gates" label={say.gates}>
          <Select
            mode="multiple"
            allowClear
            placeholder={words.channels.allGates}
            options={(session?.gates ?? []).map((value) => ({ value, label: placeName(value, words) }))}
          />
        </Form.Item>
        <Form.Item name="flags" label={say.flags}>
          <Select
            mode="multiple"
            allowClear
            placeholder={words.channels.allFlags}
            options={sortedFlags(Object.keys(words.flags) as Flag[]).map((value) => ({
              value,
              label: words.flags[value],
            }))}
          />
        </Form.Item>
        <div className="channel-switches">
          <SwitchItem name="enabled" label={say.enabled} />
          <SwitchItem name="gaps" label={say.gaps} />
          {kind !== 'web_push' && <SwitchItem name="pictures" label={say.pictures} help={say.picturesHelp} />}
          <SwitchItem name="isQuiet" label={say.quiet} />
        </div>
        {isQuiet && (
          <div className="channel-pair">
            <Form.Item name="quietFrom" label={say.quietFrom} rules={required}>
              <Input type="time" />
            </Form.Item>
            <Form.Item name="quietUntil" label={say.quietUntil} rules={required}>
              <Input type="time" />
            </Form.Item>
            <Form.Item name="quietExcept" label={say.quietExcept} className="channel-wide">
              <Checkbox.Group
                className="channel-checks"
                options={stageNames.map((value) => ({ value, label: words.channels.stages[value] }))}
              />
            </Form.Item>
          </div>
        )}
        {kind !== 'web_push' && (
          <Form.Item name="language" label={say.language}>
            <Select
              options={[
                { value: 'zh-CN', label: '中文' },
                { value: 'en', label: 'English' },
              ]}
            />
          </Form.Item>
        )}
        {kind !== 'mail' && kind !== 'webhook' && (isAdmin || channel?.baseUrl) && (
          <Form.Item name="baseUrl" label={say.baseUrl} extra={say.baseUrlHelp}>
            <Input type="url" disabled={!isAdmin} placeholder="https://…" />
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}

function Secrets({ kind, channel }: { kind: ChannelKind; channel: Channel | undefined }) {
  const { words } = useSpeech();
  const say = words.channels.form;
  const isSet = (name: 'url' | 'secret' | 'password') => channel?.secretsSet.includes(name) ?? false;
  const rules = (name: 'url' | 'secret' | 'password', optional = false) =>
    isSet(name) || optional ? [] : [{ required: true, message: say.required }];
  const hint = (name: 'url' | 'secret' | 'password', otherwise: string) =>
    isSet(name) ? say.kept : otherwise;
  if (kind === 'web_push') return null;
  if (kind === 'mail') return <MailFields passwordHint={hint('password', '')} />;
  const secretLabel =
    kind === 'dingtalk' ? say.secretDingtalk : kind === 'webhook' ? say.secretWebhook : say.secret;
  return (
    <>
      <Form.Item name="url" label={say.url} rules={rules('url')}>
        <Input autoComplete="off" spellCheck={false} placeholder={hint('url', 'https://…')} />
      </Form.Item>
      {kind !== 'wecom' && (
        <Form.Item name="secret" label={secretLabel} rules={rules('secret', kind === 'feishu')}>
          <Input.Password autoComplete="new-password" placeholder={hint('secret', '')} />
        </Form.Item>
      )}
    </>
  );
}

function MailFields({ passwordHint }: { passwordHint: string }) {
  const { words } = useSpeech();
  const say = words.channels.form;
  const required = [{ required: true, message: say.required }];
  return (
    <div className="channel-pair">
      <Form.Item name={['mail', 'host']} label={say.host} rules={required}>
        <Input autoComplete="off" spellCheck={false} placeholder="smtp.example.cn" />
      </Form.Item>
      <Form.Item name={['mail', 'port']} label={say.port} rules={required}>
        <InputNumber min={1} max={65_535} precision={0} style={{ width: '100%' }} />
      </Form.Item>
      <Form.Item name={['mail', 'security']} label={say.security} className="channel-wide">
        <Select
          options={(['starttls', 'tls', 'none'] as const).map((value) => ({
            value,
            label: say.securities[value],
          }))}
        />
      </Form.Item>
      <Form.Item name={['mail', 'username']} label={say.username}>
        <Input autoComplete="off" spellCheck={false} />
      </Form.Item>
      <Form.Item name="password" label={say.password}>
        <Input.Password autoComplete="new-password" placeholder={passwordHint} />
      </Form.Item>
      <Form.Item name={['mail', 'from']} label={say.from} rules={required} className="channel-wide">
        <Input type="email" autoComplete="off" placeholder="gate@example.cn" />
      </Form.Item>
      <Form.Item name={['mail', 'to']} label={say.to} rules={required} className="channel-wide">
        <Input.TextArea rows={2} placeholder={say.toHint} spellCheck={false} />
      </Form.Item>
    </div>
  );
}

function SwitchItem(props: { name: keyof ChannelDraft; label: string; help?: string }) {
  return (
    <div className="channel-switch">
      <Form.Item name={props.name} valuePropName="checked" noStyle>
        <Switch aria-label={props.label} />
      </Form.Item>
      <span>
        {props.label}
        {props.help && <span className="muted small">{props.help}</span>}
      </span>
    </div>
  );
}
