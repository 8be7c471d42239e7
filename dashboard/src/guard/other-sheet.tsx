import { useState } from 'react';
import { useWords } from '../i18n/language.tsx';
import { Sheet } from '../ui/sheet.tsx';
import './other-sheet.css';

/** “Other” wants a word or two, but does not insist. */
export function OtherSheet({ onSend, onClose }: { onSend: (note: string) => void; onClose: () => void }) {
  const words = useWords();
  const [note, setNote] = useState('');
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
    </Sheet>
  );
}
