import { Form, InputNumber } from 'antd';
import type { ReactNode } from 'react';
import { useWords } from '../i18n/language.tsx';

/** A group of fields under one heading. */
export function SettingGroup(props: { title: string; help?: string; children: ReactNode }) {
  return (
    <section className="setting-group">
      <header>
        <h3>{props.title}</h3>
        {props.help && <p className="muted small">{props.help}</p>}
      </header>
      <div>{props.children}</div>
    </section>
  );
}

/** A whole number with its unit; the bounds are those of the contract. */
export function NumberField(props: {
  name: string | string[];
  label: ReactNode;
  unit: string;
  min: number;
  max: number;
}) {
  const words = useWords();
  const { name, label, unit, min, max } = props;
  return (
    <Form.Item
      name={name}
      label={label}
      className="number-field"
      rules={[{ required: true, message: words.settings.required }]}
    >
      <InputNumber min={min} max={max} precision={0} suffix={unit} />
    </Form.Item>
  );
}
