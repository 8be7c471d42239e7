import { useState } from 'react';
import { useWords } from '../i18n/language.tsx';
import { copyText } from '../ui/copy-text.ts';
import { Icon } from '../ui/icons.tsx';

/** Codes that are shown this once: to be copied, printed or written down before going on. */
export function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  const words = useWords();
  const [said, setSaid] = useState('');

  async function copy() {
    const isCopied = await copyText(codes.join('\n'));
    setSaid(isCopied ? words.secondFactor.copied : words.secondFactor.copyFailed);
  }

  return (
    <div className="recovery">
      <h2>{words.secondFactor.recoveryTitle}</h2>
      <p>{words.secondFactor.recoveryHelp}</p>
      <ol className="recovery-codes" data-testid="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div className="recovery-deeds">
        <button type="button" className="button" onClick={() => void copy()}>
          <Icon name="copy" size={20} />
          {said || words.secondFactor.copy}
        </button>
        <button type="button" className="button" onClick={() => window.print()}>
          <Icon name="print" size={20} />
          {words.secondFactor.print}
        </button>
      </div>
      <button type="button" className="button button-primary log-in-submit" onClick={onKept}>
        {words.secondFactor.kept}
      </button>
    </div>
  );
}
