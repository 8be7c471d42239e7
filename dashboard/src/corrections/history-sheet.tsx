import { useMutation, useQuery } from '@tanstack/react-query';
import type { CorrectedSighting } from '../../../hub/contract/correction.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech, useWords } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { formatDayTime } from '../i18n/times.ts';
import { Loading, Refused } from '../office/query-note.tsx';
import { Icon } from '../ui/icons.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { type CorrectionStep, correctionSteps } from './correction-steps.ts';
import { correctionsKey, useCorrections } from './corrections-context.ts';
import { sayChange } from './fact-words.ts';
import '../office/office.css';
import './corrections.css';

/** What people said about a sighting, newest first: from what to what, who, when, why, and what was taken back. */
export function HistorySheet({ sighting, onClose }: { sighting: string; onClose: () => void }) {
  const hub = useHub();
  const words = useWords();
  const found = useQuery({
    queryKey: correctionsKey(sighting),
    queryFn: () => hub.corrections(sighting),
    staleTime: 0,
  });
  return (
    <Sheet title={words.corrections.history} closeLabel={words.corrections.close} onClose={onClose}>
      {found.isPending && <Loading />}
      {found.isError && !found.data && <Refused error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && <Steps of={found.data} onClose={onClose} />}
    </Sheet>
  );
}

function Steps({
  of: { original, current, corrections },
  onClose,
}: {
  of: CorrectedSighting;
  onClose: () => void;
}) {
  const words = useWords();
  const hub = useHub();
  const { may, correct, refresh, say } = useCorrections();
  const said = words.corrections;
  const mayHere = may(original);
  const steps = correctionSteps(original, corrections).reverse();

  const takeBack = useMutation({
    mutationFn: async (id: string) => {
      await hub.undoCorrection(id);
      await refresh(original.id).catch(() => undefined);
      return id;
    },
    onSuccess: (id) => {
      say({ key: `${id} back`, icon: 'turnBack', title: said.takenBack });
      onClose();
    },
  });

  return (
    <>
      {steps.length === 0 && <p>{said.none}</p>}
      <ol className="correction-steps" data-testid="correction-steps">
        {steps.map((step) => (
          <Step
            key={step.correction.id}
            step={step}
            busy={takeBack.isPending}
            onTakeBack={
              mayHere && !step.correction.undone ? () => takeBack.mutate(step.correction.id) : undefined
            }
          />
        ))}
      </ol>
      {takeBack.error && (
        <p className="fault" role="alert">
          {refusalWords(takeBack.error, words)}
        </p>
      )}
      <p className="small">{said.kept}</p>
      {mayHere && (
        <div className="sheet-actions">
          <button type="button" className="button" onClick={() => correct(current.id)}>
            <Icon name="pen" size={20} />
            {said.again}
          </button>
        </div>
      )}
    </>
  );
}

function Step(props: { step: CorrectionStep; busy: boolean; onTakeBack: (() => void) | undefined }) {
  const { language, words } = useSpeech();
  const said = words.corrections;
  const { step, busy, onTakeBack } = props;
  const { fact, reason, by, undone } = step.correction;
  return (
    <li className="correction-step" data-undone={undone !== undefined}>
      <div>
        <span className="correction-topic">
          {said.topics[fact.of]}
          {step.holds && (
            <span className="chip" data-tone="good">
              {said.holds}
            </span>
          )}
        </span>
        <strong>{sayChange(step.from, fact, words)}</strong>
        <span className="muted small">{said.by(by.displayName, formatDayTime(by.at, language))}</span>
        <span className="muted small">{said.because(reason)}</span>
        {undone && (
          <span className="correction-undone">
            {said.undone(undone.displayName, formatDayTime(undone.at, language))}
          </span>
        )}
      </div>
      {onTakeBack && (
        <button
          type="button"
          className="button"
          disabled={busy}
          data-testid="correction-take-back"
          onClick={onTakeBack}
        >
          {said.takeBack}
        </button>
      )}
    </li>
  );
}
