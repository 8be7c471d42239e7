import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useHub } from '../api/hub-context.ts';
import { useWords } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { QrCode } from '../ui/qr-code.tsx';
import { CodeField } from './code-field.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

/** Sets up two-step log-in: scan, type the first code, keep the recovery codes; then `onDone`. */
export function SecondFactorSetup({ onDone }: { onDone: () => void }) {
  const hub = useHub();
  const words = useWords();
  const [codes, setCodes] = useState<string[]>();
  const [fault, setFault] = useState<string>();
  const [busy, setBusy] = useState(false);
  // Each call makes another secret: asked for once, and never again behind the person's back.
  const begun = useQuery({
    queryKey: ['second-factor', 'new'],
    queryFn: hub.beginSecondFactor,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });

  async function confirm(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const code = String(new FormData(form).get('code') ?? '').replaceAll(/\s/g, '');
    setBusy(true);
    setFault(undefined);
    try {
      setCodes((await hub.confirmSecondFactor(code)).recoveryCodes);
    } catch (error) {
      setFault(refusalWords(error, words));
      form.querySelector<HTMLInputElement>('[name=code]')?.select();
    } finally {
      setBusy(false);
    }
  }

  if (codes) return <RecoveryCodes codes={codes} onKept={onDone} />;
  if (begun.isError) return <p className="log-in-fault">{refusalWords(begun.error, words)}</p>;
  return (
    <form className="factor-setup" onSubmit={confirm}>
      <div className="factor-scan">
        {begun.data ? (
          <QrCode text={begun.data.uri} label={words.secondFactor.scan} size={216} />
        ) : (
          <span className="spinner" />
        )}
        <div>
          <strong>{words.secondFactor.scan}</strong>
          <p className="factor-quiet">{words.secondFactor.scanHelp}</p>
          <p className="factor-quiet">{words.secondFactor.manual}</p>
          <code data-testid="factor-secret">{begun.data?.secret.match(/.{1,4}/g)?.join(' ')}</code>
        </div>
      </div>
      <CodeField label={words.secondFactor.enter} />
      <p className="log-in-fault" role="alert" hidden={!fault}>
        {fault}
      </p>
      <button type="submit" className="button button-primary log-in-submit" disabled={busy || !begun.data}>
        {words.secondFactor.done}
      </button>
    </form>
  );
}
