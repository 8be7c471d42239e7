import { useState } from 'react';
import type { Alert, Session } from '../../../hub/contract/api.ts';
import { useWords } from '../i18n/language.tsx';
import { Icon } from '../ui/icons.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { maySnooze } from './snooze-choices.ts';
import { SnoozeForm } from './snooze-form.tsx';
import './other-sheet.css';

/** “Other” wants a word or two, but does not insist; and whoever is rung too often for the same can stop that here. */
export function OtherSheet(props: {
  alert: Alert;
  session: Session;
  onSend: (note: string) => void;
  onClose: () => void;
}) {
  const { alert, session, onSend, onClose } = props;
  const words = useWords();
  const [note, setNote] = useState('');
  const [snoozing, setSnoozing] = useState(false);

  if (snoozing) {
    return (
      <Sheet title={words.snooze.title} closeLabel={words.duty.cancel} onClose={onClose}>
        <SnoozeForm alert={alert} session={session} onDone={onClose} />
      </Sheet>
    );
  }
  return (
    <Sheet title={words.guard.otherTitle} closeLabel={words.duty.cancel} onClose={onClose}>
      <form
        className="other-form"
        onSubmit={(event) => {
          event.preventDefault();
          onSend(note.trim());
        }}
      >
        <label>
          <span className="quietly">{words.guard.note}</span>
          <textarea
            rows={3}
            maxLength={500}
            value={note}
            placeholder={words.guard.noteHint}
            data-testid="alert-note"
            onChange={(event) => setNote(event.target.value)}
          />
        </label>
        <div className="sheet-actions">
          <button type="submit" className="button button-primary" data-testid="alert-note-send">
            {words.guard.noteSend}
          </button>
        </div>
      </form>
      {maySnooze(alert, session) && (
        <button
          type="button"
          className="button button-quiet snooze-open"
          data-testid="snooze-open"
          onClick={() => setSnoozing(true)}
        >
          <Icon name="bellOff" size={22} />
          {words.snooze.open}
        </button>
      )}
    </Sheet>
  );
}
