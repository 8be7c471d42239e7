import type { TrajectoryEntry } from '../../../hub/contract/api.ts';
import { flagVerdict } from '../guard/severity.ts';
import { VerdictChips } from '../guard/verdict-chips.tsx';
import { FlagChips } from './flag-chips.tsx';

/** What was decided about a sighting, each thing once: flags in their colour, the verdicts that raised none in grey. */
export function Judgement({ of: { flags, verdicts } }: { of: Pick<TrajectoryEntry, 'flags' | 'verdicts'> }) {
  const flagged = new Set(flags.map(flagVerdict));
  const plain = Object.fromEntries(
    Object.entries(verdicts).filter(([name]) => !flagged.has(name as 'mask')),
  ) as TrajectoryEntry['verdicts'];
  return (
    <span className="chips">
      <FlagChips flags={flags} />
      <VerdictChips verdicts={plain} coloured={false} />
    </span>
  );
}
