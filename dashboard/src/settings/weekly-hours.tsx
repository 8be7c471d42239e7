import { Button, Form } from 'antd';
import { useWords } from '../i18n/language.tsx';
import { HoursInput, hoursRule } from '../office/hours-input.tsx';
import { WeekdaysInput } from '../office/weekdays-input.tsx';

/** The end of an entry in a list of settings: its hours, its weekdays, and removing it. */
export function WeeklyHours({ name, onRemove }: { name: number; onRemove: () => void }) {
  const words = useWords();
  return (
    <>
      <Form.Item
        name={[name, 'hours']}
        label={words.settings.hours}
        rules={[hoursRule(words.settings.required)]}
      >
        <HoursInput />
      </Form.Item>
      <Form.Item
        name={[name, 'weekdays']}
        label={words.settings.weekdays}
        rules={[{ required: true, message: words.settings.required }]}
      >
        <WeekdaysInput />
      </Form.Item>
      <Button danger type="text" onClick={onRemove}>
        {words.settings.remove}
      </Button>
    </>
  );
}
