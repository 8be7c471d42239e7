import type { Session } from '../../../hub/contract/api.ts';
import { useWords } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { GateChoices } from '../shell/gate-choices.tsx';
import { useDuty } from '../shell/use-duty.ts';

/** A guard who is nowhere on duty hears nothing: the first thing to do is to say where. */
export function OffDutyPanel({ session }: { session: Session }) {
  const words = useWords();
  const { clockIn } = useDuty();
  return (
    <div className="quiet off-duty">
      <h2>{words.duty.offTitle}</h2>
      <p>{words.duty.offHelp}</p>
      <GateChoices session={session} busy={clockIn.isPending} onChoose={(gate) => clockIn.mutate(gate)} />
      {clockIn.error && (
        <p className="fault" role="alert">
          {refusalWords(clockIn.error, words)}
        </p>
      )}
    </div>
  );
}
