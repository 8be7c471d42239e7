import { useState } from 'react';
import type { Trajectory, TrajectoryEntry } from '../../../hub/contract/api.ts';
import { useWords } from '../i18n/language.tsx';
import { Icon } from '../ui/icons.tsx';
import { MergeSheet } from './merge-sheet.tsx';
import { SplitSheet } from './split-sheet.tsx';
import './same-person.css';

/** What a page knows of the person whose ids are put right. */
export interface PersonHere {
  trajectory: Trajectory;
  /** Newest first, as far as they are loaded. */
  entries: readonly TrajectoryEntry[];
  /** Loads more of them; undefined when all are there. */
  onMore: (() => void) | undefined;
}

/** For a person under two codes, and for two people under one. Vehicles go by their plates, which are corrected. */
export function SamePerson(props: PersonHere) {
  const words = useWords();
  const said = words.samePerson;
  const [open, setOpen] = useState<'merge' | 'split'>();
  const close = () => setOpen(undefined);
  return (
    <section className="same-person card panel">
      <h2>{said.title}</h2>
      <p className="muted small">{said.help}</p>
      <button type="button" className="button" data-testid="merge-open" onClick={() => setOpen('merge')}>
        <Icon name="merge" size={20} />
        {said.merge}
      </button>
      {props.entries.length > 1 && (
        <button type="button" className="button" data-testid="split-open" onClick={() => setOpen('split')}>
          <Icon name="split" size={20} />
          {said.split}
        </button>
      )}
      {open === 'merge' && <MergeSheet {...props} onClose={close} />}
      {open === 'split' && <SplitSheet {...props} onClose={close} />}
    </section>
  );
}
