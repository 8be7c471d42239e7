import { useState } from 'react';
import type { Duty } from '../../../hub/contract/api.ts';
import { HubRefusal } from '../api/hub.ts';
import { useHub } from '../api/hub-context.ts';
import { useWords } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { useLive } from '../live/live-context.tsx';
import { useDuty } from '../shell/use-duty.ts';
import { Ago } from '../ui/ago.tsx';
import { Icon } from '../ui/icons.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { alertSeverity, flagIcon, sortedFlags } from './severity.ts';
import './other-sheet.css';
import './hand-over.css';

/** Clocking out: what is not dealt with, and a note for whoever comes next, which nobody has to write. */
export function HandOverSheet({ duty, onClose }: { duty: Duty; onClose: () => void }) {
  const hub = useHub();
  const words = useWords();
  const { live } = useLive();
  const { clockOut } = useDuty();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const open = [...live.alerts.values()]
    .filter(({ gate, state }) => gate === duty.gate && (state === 'open' || state === 'acknowledged'))
    .sort((a, b) => b.openedAt.localeCompare(a.openedAt));
  const note = text.trim();

  /** The note first: whoever has clocked out leaves none. */
  async function leave() {
    setBusy(true);
    setFault(undefined);
    try {
      if (note) await hub.leaveHandOver(note);
      setText('');
      await clockOut.mutateAsync();
      onClose();
    } catch (error) {
      // Already clocked out, on another tablet perhaps: what was wanted holds.
      if (error instanceof HubRefusal && error.code === 'NOT_ON_DUTY') return onClose();
      setFault(error);
      setBusy(false);
    }
  }

  return (
    <Sheet title={words.handOver.title} closeLabel={words.handOver.cancel} onClose={onClose}>
      {open.length === 0 ? (
        <p className="hand-over-clear">
          <Icon name="check" size={22} />
          {words.handOver.allDone}
        </p>
      ) : (
        <section className="hand-over-open">
          <p>{words.handOver.stillOpen(open.length)}</p>
          <ul>
            {open.map((alert) => (
              <li key={alert.id} data-severity={alertSeverity(alert)}>
                <Icon name={flagIcon(sortedFlags(alert.flags)[0])} size={20} />
                <span>
                  {sortedFlags(alert.flags)
                    .map((flag) => words.flags[flag])
                    .join(words.listComma)}
                  {words.dot}
                  {words.direction[alert.direction]}
                </span>
                {alert.plate && <b>{alert.plate.text}</b>}
                <Ago at={alert.occurredAt} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <form
        className="other-form"
        onSubmit={(event) => {
          event.preventDefault();
          void leave();
        }}
      >
        <label>
          <span className="hand-over-label">{words.handOver.note}</span>
          <textarea
            rows={3}
            maxLength={1000}
            value={text}
            placeholder={words.handOver.noteHint}
            data-testid="hand-over-note"
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        {fault !== undefined && (
          <p className="fault" role="alert">
            {refusalWords(fault, words)}
          </p>
        )}
        <div className="sheet-actions">
          <button type="button" className="button" disabled={busy} onClick={onClose}>
            {words.handOver.cancel}
          </button>
          <button
            type="submit"
            className="button button-primary"
            disabled={busy}
            data-testid="clock-out-confirm"
          >
            <Icon name="logOut" size={22} />
            {note ? words.handOver.leaveWithNote : words.handOver.leave}
          </button>
        </div>
      </form>
    </Sheet>
  );
}
