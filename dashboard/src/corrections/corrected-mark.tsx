import type { TrajectoryEntry } from '../../../hub/contract/api.ts';
import { useWords } from '../i18n/language.tsx';
import { Icon } from '../ui/icons.tsx';
import { useCorrections } from './corrections-context.ts';
import './corrections.css';

type Corrected = TrajectoryEntry['corrected'];

/** That a person said otherwise than the lens; opens who, when, why, from what to what. */
export function CorrectedMark({ sighting, corrected }: { sighting: string; corrected: Corrected }) {
  const words = useWords();
  const { showHistory } = useCorrections();
  if (!corrected?.length) return null;
  const topics = corrected.map((of) => words.corrections.topics[of]).join(words.listComma);
  return (
    <button
      type="button"
      className="chip corrected-mark"
      data-testid="corrected-mark"
      title={topics}
      aria-label={`${words.corrections.corrected}: ${topics}`}
      onClick={() => showHistory(sighting)}
    >
      <Icon name="pen" size={16} />
      {words.corrections.corrected}
    </button>
  );
}

/** The same where the whole row is a button already. */
export function CorrectedChip({ corrected }: { corrected: Corrected }) {
  const words = useWords();
  if (!corrected?.length) return null;
  return (
    <span className="chip corrected-mark" data-testid="corrected-mark">
      <Icon name="pen" size={16} />
      {words.corrections.corrected}
    </span>
  );
}

/** Opens the sheet for a sighting, for whoever may correct it. */
export function CorrectButton(props: {
  seen: { gate: string; occurredAt: string };
  sighting: string;
  /** With its word beside the pen. */
  worded?: boolean;
}) {
  const words = useWords();
  const { may, correct } = useCorrections();
  const { seen, sighting, worded = false } = props;
  if (!may(seen)) return null;
  return (
    <button
      type="button"
      className={worded ? 'button correct-button' : 'icon-button correct-icon'}
      data-testid="correct-button"
      title={worded ? undefined : words.corrections.correct}
      aria-label={words.corrections.correct}
      onClick={() => correct(sighting)}
    >
      <Icon name="pen" size={20} />
      {worded && words.corrections.correct}
    </button>
  );
}
