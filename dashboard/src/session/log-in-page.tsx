import { type FormEvent, useRef, useState } from 'react';
import type { Session } from '../../../hub/contract/api.ts';
import { HubRefusal } from '../api/hub.ts';
import { useHub } from '../api/hub-context.ts';
import { useWords } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { refusalWords } from '../i18n/refusal-words.ts';
import { Icon, Mark } from '../ui/icons.tsx';
import { CodeField } from './code-field.tsx';
import { EntryPage } from './entry-page.tsx';
import { PairingForm } from './pairing-form.tsx';
import { useThisDevice } from './use-this-device.ts';

interface Secrets {
  username: string;
  password: string;
}

/** Where a QR code on the page of tablets leads: `/?pair=CODE`. */
const pairingParameter = 'pair';

/** Where a guard starts the shift: name and password, then a code where the account has a second factor. */
export function LogInPage({ expired, onEnter }: { expired: boolean; onEnter: (session: Session) => void }) {
  const [secrets, setSecrets] = useState<Secrets>();
  const [pairing, setPairing] = useState(() => new URLSearchParams(location.search).get(pairingParameter));

  function endPairing() {
    history.replaceState(null, '', location.pathname);
    setPairing(null);
  }

  return (
    <EntryPage>
      {pairing !== null ? (
        <PairingForm code={pairing} onBack={endPairing} />
      ) : secrets ? (
        <CodeForm secrets={secrets} onEnter={onEnter} onBack={() => setSecrets(undefined)} />
      ) : (
        <PasswordLogIn
          expired={expired}
          onEnter={onEnter}
          onCodeNeeded={setSecrets}
          onPair={() => setPairing('')}
        />
      )}
    </EntryPage>
  );
}

function PasswordLogIn(props: {
  expired: boolean;
  onEnter: (session: Session) => void;
  onCodeNeeded: (secrets: Secrets) => void;
  onPair: () => void;
}) {
  const hub = useHub();
  const words = useWords();
  const device = useThisDevice();
  const form = useRef<HTMLFormElement>(null);
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const username = String(given.get('username') ?? '').trim();
    const password = String(given.get('password') ?? '');
    if (!username || !password) return setFault(words.logIn.missing);
    setBusy(true);
    setFault(undefined);
    try {
      props.onEnter(await hub.logIn(username, password));
    } catch (error) {
      if (error instanceof HubRefusal && error.code === 'SECOND_FACTOR_NEEDED') {
        return props.onCodeNeeded({ username, password });
      }
      setFault(refusalWords(error, words));
      form.current?.querySelector<HTMLInputElement>('[name=password]')?.select();
    } finally {
      setBusy(false);
    }
  }

  return (
    <form ref={form} className="log-in-form" onSubmit={submit} noValidate>
      <div className="log-in-brand">
        <Mark size={56} />
        <div>
          <h1>{words.appName}</h1>
          <p>{words.tagline}</p>
        </div>
      </div>
      {props.expired && !fault && <p className="log-in-note">{words.logIn.expired}</p>}
      <label className="field">
        <span>{words.logIn.username}</span>
        <input
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          maxLength={60}
          data-testid="login-username"
        />
      </label>
      <div className="field">
        <label htmlFor="password">{words.logIn.password}</label>
        <span className="field-box">
          <input
            id="password"
            name="password"
            type={shown ? 'text' : 'password'}
            autoComplete="current-password"
            maxLength={200}
            data-testid="login-password"
          />
          <button
            type="button"
            className="icon-button"
            aria-label={shown ? words.logIn.hidePassword : words.logIn.showPassword}
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
          >
            <Icon name={shown ? 'eyeOff' : 'eye'} />
          </button>
        </span>
      </div>
      <p className="log-in-fault" role="alert" hidden={!fault}>
        {fault}
      </p>
      <button
        type="submit"
        className="button button-primary log-in-submit"
        disabled={busy}
        data-testid="login-submit"
      >
        {busy ? words.logIn.submitting : words.logIn.submit}
      </button>
      <p className="log-in-help">
        {words.logIn.help}
        <br />
        {device ? (
          words.pairing.paired(placeName(device.gate, words))
        ) : (
          <button type="button" className="text-button" onClick={props.onPair}>
            {words.pairing.link}
          </button>
        )}
      </p>
    </form>
  );
}

/** The second step; name and password stay on the page until it is done. */
function CodeForm(props: { secrets: Secrets; onEnter: (session: Session) => void; onBack: () => void }) {
  const hub = useHub();
  const words = useWords();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const typed = String(new FormData(form).get('code') ?? '').trim();
    if (typed.length < 6) return setFault(words.errors.byCode.SECOND_FACTOR_NEEDED);
    const digits = typed.replaceAll(/\s/g, '');
    setBusy(true);
    setFault(undefined);
    try {
      const { username, password } = props.secrets;
      props.onEnter(await hub.logIn(username, password, /^\d{6}$/.test(digits) ? digits : typed));
    } catch (error) {
      setFault(refusalWords(error, words));
      form.querySelector<HTMLInputElement>('[name=code]')?.select();
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className="log-in-form" onSubmit={submit} noValidate>
      <div className="entry-head">
        <h1>{words.logInCode.title}</h1>
        <p>{words.logInCode.help}</p>
      </div>
      <CodeField label={words.logInCode.code} />
      <p className="log-in-fault" role="alert" hidden={!fault}>
        {fault}
      </p>
      <button type="submit" className="button button-primary log-in-submit" disabled={busy}>
        {busy ? words.logIn.submitting : words.logInCode.submit}
      </button>
      <button type="button" className="button button-quiet entry-way" onClick={props.onBack}>
        {words.logInCode.back}
      </button>
    </form>
  );
}
