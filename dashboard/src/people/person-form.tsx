import { useMutation } from '@tanstack/react-query';
import { App, Form, Input, Modal, Select } from 'antd';
import type { Person, Role } from '../../../hub/contract/api.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { refusalWords } from '../i18n/refusal-words.ts';
import { fromLastDay, toLastDay } from '../office/local-input.ts';
import { DayInput } from '../roster/day-input.tsx';
import { newOneTimePassword } from './one-time-password.ts';

const roles: readonly Role[] = ['guard', 'manager', 'installer', 'admin'];

interface Fields {
  username: string;
  displayName: string;
  role: Role;
  gates: string[];
  /** `2026-10-01`, or empty. */
  lastDay: string;
}

/** Adds someone, with a one-time password that is told afterwards, or changes name, role and gates. */
export function PersonForm(props: {
  person: Person | undefined;
  gates: readonly string[];
  onClose: () => void;
  onSaved: (told: { name: string; password: string } | undefined) => void;
}) {
  const hub = useHub();
  const { words } = useSpeech();
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const { person } = props;
  const save = useMutation({
    mutationFn: async ({ username, displayName, role, gates, lastDay }: Fields) => {
      const endsAt = fromLastDay(lastDay);
      if (person) {
        await hub.changePerson(person.id, {
          displayName,
          role,
          gates: gates.length > 0 ? gates : null,
          endsAt: endsAt ?? null,
        });
        return undefined;
      }
      const password = newOneTimePassword();
      await hub.addPerson({
        username,
        displayName,
        role,
        password,
        ...(gates.length > 0 && { gates }),
        ...(endsAt && { endsAt }),
      });
      return { name: displayName, password };
    },
    onSuccess: (told) => {
      void message.success(words.people.saved);
      props.onSaved(told);
    },
    onError: (error) => void message.error(refusalWords(error, words)),
  });
  const required = [{ required: true, whitespace: true, message: words.policy.required }];
  const gates = [...new Set([...props.gates, ...(person?.gates ?? [])])];

  return (
    <Modal
      open
      title={person ? person.displayName : words.people.add}
      okText={words.people.save}
      cancelText={words.people.cancel}
      confirmLoading={save.isPending}
      onOk={() => form.submit()}
      onCancel={props.onClose}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{
          ...person,
          role: person?.role ?? 'guard',
          gates: person?.gates ?? [],
          lastDay: toLastDay(person?.endsAt),
        }}
        onFinish={save.mutate}
      >
        {!person && (
          <Form.Item
            name="username"
            label={words.people.username}
            rules={[
              { required: true, pattern: /^[a-z0-9][a-z0-9._-]{1,39}$/, message: words.people.usernameRule },
            ]}
          >
            <Input autoComplete="off" autoCapitalize="none" placeholder={words.people.usernameHint} />
          </Form.Item>
        )}
        <Form.Item name="displayName" label={words.people.displayName} rules={required}>
          <Input maxLength={60} autoComplete="off" />
        </Form.Item>
        <Form.Item name="role" label={words.people.role}>
          <Select options={roles.map((value) => ({ value, label: words.roles[value] }))} />
        </Form.Item>
        <Form.Item name="gates" label={words.people.gates} extra={words.people.gatesHelp}>
          <Select
            mode="multiple"
            placeholder={words.people.allGates}
            options={gates.map((value) => ({ value, label: placeName(value, words) }))}
          />
        </Form.Item>
        <Form.Item name="lastDay" label={words.people.lastDay} extra={words.people.lastDayHelp}>
          <DayInput />
        </Form.Item>
      </Form>
    </Modal>
  );
}
