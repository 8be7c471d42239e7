import type { Session } from '../../../hub/contract/api.ts';
import { useSpeech } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { saySpan } from '../roster/shift-words.ts';
import { useOwnShifts, useSiteZone } from '../roster/use-roster.ts';
import { GateChoices } from '../shell/gate-choices.tsx';
import { useDuty } from '../shell/use-duty.ts';
import { Icon } from '../ui/icons.tsx';
import { useNow } from '../ui/use-now.ts';

/** A guard who is nowhere on duty hears nothing: the first thing to do is to say where. */
export function OffDutyPanel({ session }: { session: Session }) {
  const { language, words } = useSpeech();
  const timeZone = useSiteZone();
  const now = useNow(30_000);
  const next = useOwnShifts(session.person)?.shifts[0];
  const { clockIn } = useDuty();
  return (
    <div className="quiet off-duty">
      <h2>{words.duty.offTitle}</h2>
      <p>{words.duty.offHelp}</p>
      {next && Date.parse(next.from) > now && (
        <p className="off-duty-next">
          <Icon name="calendar" size={20} />
          {words.shifts.nextShift(saySpan(next, timeZone, language, words))}
        </p>
      )}
      <GateChoices session={session} busy={clockIn.isPending} onChoose={(gate) => clockIn.mutate(gate)} />
      {clockIn.error && (
        <p className="fault" role="alert">
          {refusalWords(clockIn.error, words)}
        </p>
      )}
    </div>
  );
}
