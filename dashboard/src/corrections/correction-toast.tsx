import { useEffect, useState } from 'react';
import { useWords } from '../i18n/language.tsx';
import { Icon, type IconName } from '../ui/icons.tsx';
import '../guard/toasts.css';
import './corrections.css';

/** What was just done. */
export interface Said {
  key: string;
  icon: IconName;
  title: string;
  /** What followed. */
  more?: string;
  /** Takes it back. */
  undo?: () => Promise<unknown>;
}

/** As long as other pages of the office give for a change of mind. */
const undoMs = 10_000;
const shownMs = 5_000;

/** What was corrected and what followed, with the seconds in which it can be taken back. */
export function CorrectionToast(props: { said: Said; onUndo: () => void; onClose: () => void }) {
  const words = useWords();
  const { said, onUndo, onClose } = props;
  const lasts = said.undo ? undoMs : shownMs;
  const [endsAt] = useState(() => Date.now() + lasts);
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  const left = endsAt - now;
  useEffect(() => {
    if (left <= 0) onClose();
  }, [left, onClose]);

  return (
    <div className="toast correction-toast" role="status" data-testid="correction-toast">
      <Icon name={said.icon} size={26} />
      <div>
        <strong>{said.title}</strong>
        {said.more && <span>{said.more}</span>}
        {said.undo && (
          <span>{words.corrections.undoLeft(Math.max(1, Math.ceil(Math.min(left, undoMs) / 1000)))}</span>
        )}
      </div>
      {said.undo && (
        <>
          <button type="button" className="toast-undo" data-testid="correction-undo" onClick={onUndo}>
            {words.corrections.undo}
          </button>
          <span className="toast-time" style={{ animationDuration: `${undoMs}ms` }} />
        </>
      )}
    </div>
  );
}
