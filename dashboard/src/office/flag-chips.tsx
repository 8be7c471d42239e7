import type { Flag } from '../../../hub/contract/policy.ts';
import { flagIcon, flagSeverity, sortedFlags } from '../guard/severity.ts';
import { useWords } from '../i18n/language.tsx';
import { Icon } from '../ui/icons.tsx';

/** The flags of a sighting, the weightiest first. */
export function FlagChips({ flags }: { flags: readonly Flag[] }) {
  const words = useWords();
  return sortedFlags(flags).map((flag) => (
    <span key={flag} className="chip" data-severity={flagSeverity(flag)}>
      <Icon name={flagIcon(flag)} size={16} />
      {words.flags[flag]}
    </span>
  ));
}
