import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useHub } from '../api/hub-context.ts';
import { useWords } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { refusalWords } from '../i18n/refusal-words.ts';
import { thisDeviceKey } from './use-this-device.ts';

/** Makes the tablet that shows this the tablet of a gate, by the code that a manager reads out. */
export function PairingForm({ code, onBack }: { code: string; onBack: () => void }) {
  const hub = useHub();
  const words = useWords();
  const queries = useQueryClient();
  const [fault, setFault] = useState<string>();
  const [gate, setGate] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function pair(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get('pairing') ?? '').trim();
    setBusy(true);
    setFault(undefined);
    try {
      const paired = await hub.pairThisDevice(typed);
      queries.setQueryData(thisDeviceKey, paired);
      setGate(paired.device?.gate);
    } catch (error) {
      setFault(refusalWords(error, words));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className="log-in-form" onSubmit={pair}>
      <div className="entry-head">
        <h1>{words.pairing.title}</h1>
        <p>{gate === undefined && words.pairing.help}</p>
      </div>
      {gate === undefined ? (
        <>
          <label className="field">
            <span>{words.pairing.code}</span>
            <input
              name="pairing"
              className="code-input"
              defaultValue={code}
              autoCapitalize="characters"
              autoComplete="off"
              autoCorrect="off"
              spellCheck={false}
              minLength={8}
              maxLength={12}
              required
              data-testid="pairing-code"
            />
          </label>
          <p className="log-in-fault" role="alert" hidden={!fault}>
            {fault}
          </p>
          <button type="submit" className="button button-primary log-in-submit" disabled={busy}>
            {words.pairing.submit}
          </button>
        </>
      ) : (
        <p className="log-in-note" role="status">
          {words.pairing.done(placeName(gate, words))}
        </p>
      )}
      <button type="button" className="button button-quiet entry-way" onClick={onBack}>
        {words.pairing.back}
      </button>
    </form>
  );
}
