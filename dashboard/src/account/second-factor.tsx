import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { type FormEvent, useState } from 'react';
import type { Session } from '../../../hub/contract/api.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { formatDate } from '../i18n/times.ts';
import { CodeField } from '../session/code-field.tsx';
import { RecoveryCodes } from '../session/recovery-codes.tsx';
import { SecondFactorSetup } from '../session/second-factor-setup.tsx';
import { sessionKey } from '../session/use-session.ts';
import { Icon } from '../ui/icons.tsx';

type Step = 'shown' | 'setting_up' | 'removing' | 'renewing';

/** One's own two-step log-in: turn on, renew the recovery codes, turn off. */
export function SecondFactor({ session }: { session: Session }) {
  const { language, words } = useSpeech();
  const queries = useQueryClient();
  const [step, setStep] = useState<Step>('shown');
  const { secondFactorSince: since, role } = session.person;

  function finish() {
    setStep('shown');
    void queries.invalidateQueries({ queryKey: sessionKey });
  }

  if (step === 'setting_up') return <SecondFactorSetup onDone={finish} />;
  if (step === 'removing') return <Removal onDone={finish} onCancel={() => setStep('shown')} />;
  if (step === 'renewing') return <Renewal onDone={finish} onCancel={() => setStep('shown')} />;
  return (
    <>
      <p className="factor-state" data-on={since !== undefined}>
        <Icon name={since ? 'check' : 'warning'} size={22} />
        <span>
          {since ? words.account.secondFactorOn(formatDate(since, language)) : words.account.secondFactorOff}
          {(role === 'manager' || role === 'admin') && (
            <span className="muted small"> {words.account.required}</span>
          )}
        </span>
      </p>
      <div className="factor-deeds">
        {since ? (
          <>
            <button type="button" className="button" onClick={() => setStep('renewing')}>
              {words.account.renew}
            </button>
            <button type="button" className="button" onClick={() => setStep('removing')}>
              {words.account.remove}
            </button>
          </>
        ) : (
          <button
            type="button"
            className="button button-primary"
            data-testid="set-up-factor"
            onClick={() => setStep('setting_up')}
          >
            {words.account.setUp}
          </button>
        )}
      </div>
    </>
  );
}

interface StepProps {
  onDone: () => void;
  onCancel: () => void;
}

function Renewal({ onDone, onCancel }: StepProps) {
  const hub = useHub();
  const { words } = useSpeech();
  const [codes, setCodes] = useState<string[]>();
  if (codes) return <RecoveryCodes codes={codes} onKept={onDone} />;
  return (
    <CodeStep
      help={words.account.renewHelp}
      label={words.account.codeOrRecovery}
      withPassword={false}
      onCancel={onCancel}
      onSubmit={async ({ code }) => setCodes((await hub.renewRecoveryCodes(code)).recoveryCodes)}
    />
  );
}

function Removal({ onDone, onCancel }: StepProps) {
  const hub = useHub();
  const { words } = useSpeech();
  const { message } = App.useApp();
  return (
    <CodeStep
      help={words.account.removeHelp}
      label={words.account.codeOrRecovery}
      withPassword
      onCancel={onCancel}
      onSubmit={async ({ password, code }) => {
        await hub.removeSecondFactor(password, code);
        void message.success(words.account.removed);
        onDone();
      }}
    />
  );
}

function CodeStep(props: {
  help: string;
  label: string;
  withPassword: boolean;
  onCancel: () => void;
  onSubmit: (given: { password: string; code: string }) => Promise<void>;
}) {
  const { words } = useSpeech();
  const [fault, setFault] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const [password, code] = ['password', 'code'].map((name) => String(given.get(name) ?? ''));
    setBusy(true);
    setFault(undefined);
    try {
      await props.onSubmit({ password, code: code.trim() });
    } catch (error) {
      setFault(refusalWords(error, words));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className="password-form" onSubmit={submit}>
      <p className="muted">{props.help}</p>
      {props.withPassword && (
        <label className="field">
          <span>{words.account.current}</span>
          <input type="password" name="password" autoComplete="current-password" maxLength={200} required />
        </label>
      )}
      <CodeField label={props.label} />
      <p className="log-in-fault" role="alert" hidden={!fault}>
        {fault}
      </p>
      <div className="factor-deeds">
        <button type="submit" className="button button-primary" disabled={busy}>
          {words.account.confirm}
        </button>
        <button type="button" className="button" onClick={props.onCancel}>
          {words.account.cancel}
        </button>
      </div>
    </form>
  );
}
