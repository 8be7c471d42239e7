import { Form, InputNumber, Modal, Select } from 'antd';
import type { Policy } from '../../../hub/contract/policy.ts';
import { useSpeech } from '../i18n/language.tsx';
import { provinceCharacters, provinceName } from './provinces.ts';

type GeneralSettings = Pick<Policy, 'homeProvince' | 'strangerRetentionDays'>;

/** Sets what holds beside the rules: the home province, and how long strangers' templates are kept. */
export function GeneralForm(props: {
  policy: Policy;
  saving: boolean;
  onSave: (general: GeneralSettings) => void;
  onClose: () => void;
}) {
  const { language, words } = useSpeech();
  const [form] = Form.useForm<GeneralSettings>();
  const { homeProvince, strangerRetentionDays } = props.policy;
  return (
    <Modal
      open
      title={words.policy.everything}
      okText={words.policy.save}
      cancelText={words.policy.cancel}
      confirmLoading={props.saving}
      onOk={() => form.submit()}
      onCancel={props.onClose}
      destroyOnHidden
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ homeProvince, strangerRetentionDays }}
        onFinish={props.onSave}
        requiredMark={false}
      >
        <Form.Item name="homeProvince" label={words.policy.home} extra={words.policy.homeHelp}>
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            options={provinceCharacters.map((value) => ({ value, label: provinceName(value, language) }))}
          />
        </Form.Item>
        <Form.Item
          name="strangerRetentionDays"
          label={words.policy.retention}
          extra={words.policy.retentionHelp}
          rules={[{ required: true, message: words.policy.required }]}
        >
          <InputNumber min={1} max={365} precision={0} suffix={words.policy.days} style={{ width: 160 }} />
        </Form.Item>
      </Form>
      <p className="muted small">{words.policy.confirmHelp}</p>
    </Modal>
  );
}
