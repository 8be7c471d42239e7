import { type FormEvent, useState } from 'react';
import type { Session } from '../../../hub/contract/api.ts';
import { useHub } from '../api/hub-context.ts';
import { useWords } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';

const fewestCharacters = 10;

/** Changes one's own password; what is too easily guessed is said by the hub. */
export function PasswordForm({ onChanged }: { onChanged: (session: Session) => void }) {
  const hub = useHub();
  const words = useWords();
  const [fault, setFault] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function change(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const given = new FormData(form);
    const [current, next, again] = ['current', 'next', 'again'].map((name) => String(given.get(name) ?? ''));
    if (next.length < fewestCharacters) return setFault(words.account.tooShort);
    if (next !== again) return setFault(words.account.differ);
    setBusy(true);
    setFault(undefined);
    try {
      const session = await hub.changePassword(current, next);
      form.reset();
      onChanged(session);
    } catch (error) {
      setFault(refusalWords(error, words));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className="password-form" onSubmit={change}>
      <PasswordField name="current" label={words.account.current} autoComplete="current-password" />
      <PasswordField name="next" label={words.account.next} autoComplete="new-password" />
      <PasswordField name="again" label={words.account.again} autoComplete="new-password" />
      <p className="factor-quiet">{words.account.rule}</p>
      <p className="log-in-fault" role="alert" hidden={!fault}>
        {fault}
      </p>
      <button type="submit" className="button button-primary log-in-submit" disabled={busy}>
        {words.account.change}
      </button>
    </form>
  );
}

function PasswordField({ name, label, autoComplete }: { name: string; label: string; autoComplete: string }) {
  return (
    <label className="field">
      <span>{label}</span>
      <input type="password" name={name} autoComplete={autoComplete} maxLength={200} required />
    </label>
  );
}
