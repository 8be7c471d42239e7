import { Form, Input, Modal } from 'antd';
import type { NoticeSettings } from '../../../hub/contract/channels.ts';
import { useSpeech } from '../i18n/language.tsx';

/** Sets what all messages share: where links lead, and whose clock times are told by. */
export function SharedForm(props: {
  settings: NoticeSettings;
  saving: boolean;
  onSave: (settings: NoticeSettings) => void;
  onClose: () => void;
}) {
  const { words } = useSpeech();
  const [form] = Form.useForm<NoticeSettings>();
  const say = words.channels.form;

  function save({ publicUrl, timeZone }: NoticeSettings) {
    const address = publicUrl?.trim();
    props.onSave({ timeZone: timeZone.trim(), ...(address && { publicUrl: address }) });
  }

  return (
    <Modal
      open
      title={words.channels.share}
      okText={say.save}
      cancelText={say.cancel}
      confirmLoading={props.saving}
      onOk={() => form.submit()}
      onCancel={props.onClose}
      destroyOnHidden
    >
      <Form form={form} layout="vertical" initialValues={props.settings} onFinish={save} requiredMark={false}>
        <Form.Item name="publicUrl" label={say.publicUrl} extra={say.publicUrlHelp}>
          <Input type="url" placeholder="https://gate.example.cn" />
        </Form.Item>
        <Form.Item
          name="timeZone"
          label={say.timeZone}
          extra={say.timeZoneHelp}
          rules={[{ required: true, message: say.required }]}
        >
          <Input placeholder="Asia/Shanghai" spellCheck={false} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
