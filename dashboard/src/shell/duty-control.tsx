import { useState } from 'react';
import type { Session } from '../../../hub/contract/api.ts';
import { HandOverSheet } from '../guard/hand-over-sheet.tsx';
import { useSpeech } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { refusalWords } from '../i18n/refusal-words.ts';
import { formatLength } from '../i18n/times.ts';
import { useLive } from '../live/live-context.tsx';
import { Icon } from '../ui/icons.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { useNow } from '../ui/use-now.ts';
import { GateChoices } from './gate-choices.tsx';
import { useDuty } from './use-duty.ts';

/** Where this person is on duty, and the way in and out of it. */
export function DutyControl({ session }: { session: Session }) {
  const { language, words } = useSpeech();
  const [open, setOpen] = useState(false);
  const { duty } = session;
  const length = formatLength(useNow(30_000) - Date.parse(duty?.since ?? ''), language);
  const gate = duty && placeName(duty.gate, words);
  const { clockIn } = useDuty();
  const [leaving, setLeaving] = useState(false);

  function start() {
    // On the tablet of a gate, and where there is one gate, there is nothing to choose.
    const preset = session.device?.gate ?? (session.gates.length === 1 ? session.gates[0] : undefined);
    if (!duty && preset) return clockIn.mutate(preset, { onError: () => setOpen(true) });
    setOpen(true);
  }

  function leave() {
    setOpen(false);
    setLeaving(true);
  }

  return (
    <>
      <button
        type="button"
        className="duty-button"
        data-on={duty !== undefined}
        data-testid="clock-in"
        aria-label={
          gate ? words.duty.since(gate, length) : `${words.duty.off}${words.dot}${words.duty.clockIn}`
        }
        disabled={clockIn.isPending}
        onClick={start}
      >
        <Icon name="gate" size={22} />
        <span>{gate ?? words.duty.clockIn}</span>
      </button>
      {open && <DutySheet session={session} length={length} onLeave={leave} onClose={() => setOpen(false)} />}
      {leaving && duty && <HandOverSheet duty={duty} onClose={() => setLeaving(false)} />}
    </>
  );
}

function DutySheet(props: { session: Session; length: string; onLeave: () => void; onClose: () => void }) {
  const words = useSpeech().words;
  const { live } = useLive();
  const { clockIn } = useDuty();
  const { session, length, onLeave, onClose } = props;
  const { duty } = session;
  const busy = clockIn.isPending;

  return (
    <Sheet
      title={duty ? words.duty.since(placeName(duty.gate, words), length) : words.duty.chooseGate}
      closeLabel={words.duty.cancel}
      onClose={onClose}
    >
      <p>{duty ? words.duty.moveTo : words.duty.chooseGateHelp}</p>
      <GateChoices
        session={session}
        busy={busy}
        onChoose={(gate) => (duty?.gate === gate ? onClose() : clockIn.mutate(gate, { onSuccess: onClose }))}
      />
      {live.duty.length === 0 && <p>{words.duty.nobody}</p>}
      {clockIn.error && (
        <p className="fault" role="alert">
          {refusalWords(clockIn.error, words)}
        </p>
      )}
      {duty && (
        <div className="sheet-actions">
          <button type="button" className="button" data-testid="clock-out" disabled={busy} onClick={onLeave}>
            <Icon name="logOut" size={22} />
            {words.duty.clockOut}
          </button>
        </div>
      )}
    </Sheet>
  );
}
