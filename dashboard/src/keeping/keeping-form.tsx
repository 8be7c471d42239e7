import { Form, InputNumber, Modal } from 'antd';
import type { RetentionSettings } from '../../../hub/contract/keeping.ts';
import { useSpeech } from '../i18n/language.tsx';
import { dayFields, fewestDays, isShorter, mostDays } from './retention-words.ts';

const gigabyte = 1e9;

/** Days of each kind, and the room for pictures in GB. */
type Answers = Omit<RetentionSettings, 'evidenceMaxBytes'> & { gigabytes: number };

/** Sets how long things are kept; says so when that removes what is there now. */
export function KeepingForm(props: {
  settings: RetentionSettings;
  saving: boolean;
  onSave: (settings: RetentionSettings) => void;
  onClose: () => void;
}) {
  const { words } = useSpeech();
  const [form] = Form.useForm<Answers>();
  const { evidenceMaxBytes, ...days } = props.settings;
  const initial: Answers = { ...days, gigabytes: evidenceMaxBytes / gigabyte };
  const now = Form.useWatch((answers: Answers) => settingsOf(answers), form);
  return (
    <Modal
      open
      title={words.keeping.title}
      okText={words.keeping.save}
      cancelText={words.keeping.cancel}
      confirmLoading={props.saving}
      onOk={() => form.submit()}
      onCancel={props.onClose}
      destroyOnHidden
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={initial}
        onFinish={(answers) => props.onSave(settingsOf(answers))}
        requiredMark={false}
      >
        {dayFields.map((field) => (
          <Form.Item
            key={field}
            name={field}
            label={words.keeping.fields[field]}
            extra={words.keeping.hints[field]}
            dependencies={['sightingDays']}
            rules={[
              { required: true, message: words.keeping.required },
              ({ getFieldValue }) => ({
                validator: (_, value: number) =>
                  value > mostDays(field, getFieldValue('sightingDays'))
                    ? Promise.reject(new Error(words.keeping.tooLong))
                    : Promise.resolve(),
              }),
            ]}
          >
            <InputNumber
              min={fewestDays(field)}
              max={3653}
              precision={0}
              suffix={words.keeping.dayUnit}
              style={{ width: 160 }}
            />
          </Form.Item>
        ))}
        <Form.Item
          name="gigabytes"
          label={words.keeping.maxBytes}
          extra={words.keeping.maxBytesHelp}
          rules={[{ required: true, message: words.keeping.required }]}
        >
          <InputNumber min={0.1} max={100_000} suffix={words.keeping.gigabytes} style={{ width: 160 }} />
        </Form.Item>
      </Form>
      {now && isShorter(props.settings, now) && (
        <p className="keeping-warning" role="status">
          {words.keeping.shorter}
        </p>
      )}
    </Modal>
  );
}

function settingsOf({ gigabytes, ...days }: Answers): RetentionSettings {
  return { ...days, evidenceMaxBytes: Math.round(gigabytes * gigabyte) };
}
