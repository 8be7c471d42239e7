import { useEffect } from 'react';
import type { HubRefusal } from '../api/hub.ts';
import { useWords } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { Icon } from '../ui/icons.tsx';

const shownMs = 8000;

/** What the hub refused, and what to do about it; whoever was first is named. */
export function FaultToast({ fault, onClose }: { fault: HubRefusal; onClose: () => void }) {
  const words = useWords();
  useEffect(() => {
    const timer = setTimeout(onClose, shownMs);
    return () => clearTimeout(timer);
  }, [onClose]);

  const first = nameOf(fault.details.acknowledged) ?? nameOf(fault.details.resolved);
  const said = first ? words.guard.takenByOther(first) : refusalWords(fault, words);
  return (
    <div className="toast toast-fault" role="alert">
      <Icon name="alert" size={26} />
      <div>
        <strong>{words.errors.title}</strong>
        <span>{said}</span>
      </div>
      <button type="button" className="toast-undo" onClick={onClose}>
        {words.connection.dismiss}
      </button>
    </div>
  );
}

function nameOf(actor: unknown): string | undefined {
  if (typeof actor !== 'object' || actor === null || !('displayName' in actor)) return undefined;
  return String(actor.displayName);
}
