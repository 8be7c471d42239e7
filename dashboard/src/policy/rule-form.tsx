import { App, Button, Form, Input, Modal, Select, Switch } from 'antd';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { InstantInput } from '../office/instant-input.tsx';
import { useSession } from '../session/use-session.ts';
import { changedFields, newRule, type Rule, type RuleName } from './policy-rules.ts';
import { provinceCharacters, provinceName } from './provinces.ts';
import { RuleChange } from './rule-change.tsx';

interface RuleFormProps {
  name: RuleName;
  rule: Rule | undefined;
  saving: boolean;
  onSave: (rule: Rule | undefined) => void;
  onClose: () => void;
}

/** Sets one rule. What changes is shown once more before it goes to the boxes. */
export function RuleForm({ name, rule, saving, onSave, onClose }: RuleFormProps) {
  const hub = useHub();
  const { language, words } = useSpeech();
  const { session } = useSession();
  const { modal } = App.useApp();
  const [form] = Form.useForm<Rule>();
  const start = rule ?? newRule(name, session?.person.displayName ?? '', hub.now());
  const required = [{ required: true, message: words.policy.required }];

  function confirm(next: Rule) {
    const after = { ...start, ...next };
    const changed = changedFields(rule, after);
    if (rule && changed.length === 0) return onClose();
    modal.confirm({
      title: words.policy.confirmTitle,
      content: (
        <div className="rule-changes">
          <p>{words.policy.confirmHelp}</p>
          <RuleChange difference={{ before: rule, after, fields: changed }} />
        </div>
      ),
      okText: words.policy.save,
      cancelText: words.policy.cancel,
      icon: null,
      onOk: () => onSave(after),
    });
  }

  function confirmRemoval() {
    modal.confirm({
      title: words.policy.confirmRemove,
      okText: words.policy.remove,
      okButtonProps: { danger: true },
      cancelText: words.policy.cancel,
      icon: null,
      onOk: () => onSave(undefined),
    });
  }

  return (
    <Modal
      open
      title={words.policy.rules[name]}
      onCancel={onClose}
      destroyOnHidden
      footer={[
        rule && (
          <Button key="remove" danger type="text" className="rule-remove" onClick={confirmRemoval}>
            {words.policy.remove}
          </Button>
        ),
        <Button key="cancel" onClick={onClose}>
          {words.policy.cancel}
        </Button>,
        <Button key="save" type="primary" loading={saving} onClick={() => form.submit()}>
          {words.policy.save}
        </Button>,
      ]}
    >
      <Form form={form} layout="vertical" initialValues={start} onFinish={confirm} requiredMark={false}>
        <Form.Item
          name="enabled"
          label={words.policy.enabled}
          valuePropName="checked"
          layout="horizontal"
          colon={false}
        >
          <Switch />
        </Form.Item>
        {name === 'watchedProvinces' && (
          <Form.Item name="provinces" label={words.policy.provinces} rules={required}>
            <Select
              mode="multiple"
              options={provinceCharacters.map((value) => ({ value, label: provinceName(value, language) }))}
              optionFilterProp="label"
            />
          </Form.Item>
        )}
        <Form.Item name="reason" label={words.policy.reason} rules={required}>
          <Input.TextArea rows={3} maxLength={500} placeholder={words.policy.reasonHint} />
        </Form.Item>
        <Form.Item name="owner" label={words.policy.owner} rules={required}>
          <Input maxLength={100} placeholder={words.policy.ownerHint} />
        </Form.Item>
        <div className="rule-period">
          <Form.Item name="startsAt" label={words.log.from} rules={required}>
            <InstantInput />
          </Form.Item>
          <Form.Item
            name="endsAt"
            label={words.log.to}
            dependencies={['startsAt']}
            rules={[
              ...required,
              ({ getFieldValue }) => ({
                validator: (_, endsAt: string) =>
                  !endsAt || endsAt > String(getFieldValue('startsAt'))
                    ? Promise.resolve()
                    : Promise.reject(new Error(words.policy.endAfterStart)),
              }),
            ]}
          >
            <InstantInput />
          </Form.Item>
        </div>
      </Form>
    </Modal>
  );
}
