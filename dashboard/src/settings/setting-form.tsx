import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { HubRefusal, type SettingValues, type Versioned } from '../api/hub.ts';
import { useHub } from '../api/hub-context.ts';
import { useWords } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { Loading, Refused } from '../office/query-note.tsx';
import { Icon } from '../ui/icons.tsx';
import { rebase } from './rebase.ts';

interface SettingFormProps<N extends keyof SettingValues, F extends object> {
  name: N;
  /** The fields of the setting by their names, for the words about a conflict. */
  labels: Record<keyof SettingValues[N], string>;
  /** The setting as the form holds it, and back. */
  toForm: (value: SettingValues[N]) => F;
  fromForm: (fields: F) => SettingValues[N];
  children: ReactNode;
}

/** One setting of the site: loaded, edited as a whole, saved; what others save meanwhile is taken in. */
export function SettingForm<N extends keyof SettingValues, F extends object>(props: SettingFormProps<N, F>) {
  const hub = useHub();
  const { name } = props;
  const found = useQuery({ queryKey: ['settings', name], queryFn: () => hub.setting(name) });
  if (found.isPending) return <Loading />;
  if (!found.data) return <Refused error={found.error} onRetry={() => void found.refetch()} />;
  return <LoadedForm {...props} newest={found.data} />;
}

function LoadedForm<N extends keyof SettingValues, F extends object>(
  props: SettingFormProps<N, F> & { newest: Versioned<SettingValues[N]> },
) {
  const hub = useHub();
  const words = useWords();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const { name, labels, toForm, fromForm, newest, children } = props;
  const [form] = Form.useForm<F>();
  const [base, setBase] = useState(newest);
  const [isChanged, setChanged] = useState(false);
  const [clashes, setClashes] = useState<(keyof SettingValues[N])[]>();

  function fill(setting: Versioned<SettingValues[N]>) {
    setBase(setting);
    form.setFieldsValue(toForm(setting.value) as Parameters<typeof form.setFieldsValue>[0]);
  }

  function start(setting: Versioned<SettingValues[N]>) {
    fill(setting);
    setChanged(false);
    setClashes(undefined);
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: only a newer version fills the form, and only an untouched one
  useEffect(() => {
    if (!isChanged && newest.version > base.version) start(newest);
  }, [newest.version]);

  const save = useMutation({
    mutationFn: (value: SettingValues[N]) => hub.saveSetting(name, value, base.version),
    onSuccess: (saved) => {
      queries.setQueryData(['settings', name], saved);
      start(saved);
      void message.success(words.settings.saved);
    },
    onError: async (error, mine) => {
      if (!(error instanceof HubRefusal && error.code === 'SETTING_CONFLICT')) {
        return void message.error(refusalWords(error, words));
      }
      const theirs = await hub.setting(name);
      const rebased = rebase(base.value, mine, theirs.value);
      fill({ version: theirs.version, value: rebased.value });
      setBase(theirs);
      setClashes(rebased.clashes);
    },
  });

  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      className="setting-form"
      initialValues={toForm(base.value)}
      onValuesChange={() => setChanged(true)}
      onFinish={(fields) => save.mutate(fromForm(fields))}
    >
      {children}
      <footer className="setting-save" data-changed={isChanged}>
        {clashes ? (
          <p className="setting-conflict" role="alert">
            <Icon name="warning" size={22} />
            <span>
              {words.settings.conflict}
              {clashes.length > 0 && (
                <strong>
                  {words.settings.conflictFields(clashes.map((field) => labels[field]).join(words.listComma))}
                </strong>
              )}
            </span>
          </p>
        ) : (
          <span className="muted small">
            {isChanged ? words.settings.unsaved : words.settings.version(base.version)}
          </span>
        )}
        <Button disabled={!isChanged} onClick={() => start(newest.version > base.version ? newest : base)}>
          {words.settings.reset}
        </Button>
        <Button
          type="primary"
          htmlType="submit"
          data-testid="settings-save"
          disabled={!isChanged}
          loading={save.isPending}
        >
          {words.settings.save}
        </Button>
      </footer>
    </Form>
  );
}
