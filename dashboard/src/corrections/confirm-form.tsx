import type { UseMutationResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useWords } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { Icon, type IconName } from '../ui/icons.tsx';
import { ReasonChoice } from './reason-choice.tsx';

/** Which of the effects stands out, because it is hard to take back. */
const grave = 2;

/** Shows what is meant, says what follows, asks why, and does it: `deed` takes the reason. */
export function ConfirmForm(props: {
  children: ReactNode;
  effects: readonly string[];
  reasons: readonly string[];
  deed: Pick<UseMutationResult<unknown, Error, string>, 'mutate' | 'isPending' | 'error'>;
  icon: IconName;
  label: string;
  testId: string;
  onBack: () => void;
}) {
  const words = useWords();
  const { effects, reasons, deed } = props;
  const [reason, setReason] = useState(reasons[0]);
  const isReady = reason.trim() !== '' && !deed.isPending;
  return (
    <form
      className="person-confirm"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) deed.mutate(reason.trim());
      }}
    >
      {props.children}
      <ul className="effects">
        {effects.map((effect, index) => (
          <li key={effect} data-grave={index === grave}>
            <Icon name={index === grave ? 'warning' : 'check'} size={20} />
            {effect}
          </li>
        ))}
      </ul>
      <ReasonChoice reasons={reasons} value={reason} onChange={setReason} />
      {deed.error && (
        <p className="fault" role="alert">
          {refusalWords(deed.error, words)}
        </p>
      )}
      <div className="sheet-actions">
        <button type="button" className="button" onClick={props.onBack}>
          {words.samePerson.back}
        </button>
        <button
          type="submit"
          className="button button-primary"
          data-testid={props.testId}
          disabled={!isReady}
        >
          <Icon name={props.icon} size={22} />
          {props.label}
        </button>
      </div>
    </form>
  );
}
