import { useEffect, useState } from 'react';
import { useWords } from '../i18n/language.tsx';
import { Icon } from '../ui/icons.tsx';
import { dispositionIcons } from './dispositions.ts';
import { type Pending, undoMs } from './use-resolutions.ts';
import './toasts.css';

/** What was just said and can still be taken back, with the seconds that are left. */
export function UndoToasts({
  pending,
  onUndo,
}: {
  pending: ReadonlyMap<string, Pending>;
  onUndo: (id: string) => void;
}) {
  return (
    <div className="toasts" aria-live="polite">
      {[...pending.values()].map((entry) => (
        <UndoToast key={entry.alert.id} entry={entry} onUndo={() => onUndo(entry.alert.id)} />
      ))}
    </div>
  );
}

function UndoToast({ entry, onUndo }: { entry: Pending; onUndo: () => void }) {
  const words = useWords();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  const left = Math.max(0, entry.sendAt - now);
  const sending = !entry.unsent && left > undoMs;

  return (
    <div className="toast" data-unsent={entry.unsent}>
      <Icon name={dispositionIcons[entry.disposition]} size={26} />
      <div>
        <strong>{words.dispositions[entry.disposition]}</strong>
        <span>
          {entry.unsent ? words.guard.unsent : words.guard.undoHint(Math.ceil(Math.min(left, undoMs) / 1000))}
        </span>
      </div>
      <button
        type="button"
        className="toast-undo"
        disabled={sending}
        onClick={onUndo}
        data-testid="alert-undo"
      >
        {words.guard.undo}
      </button>
      {!entry.unsent && <span className="toast-time" style={{ animationDuration: `${undoMs}ms` }} />}
    </div>
  );
}
