import type { ReactNode } from 'react';
import { useWords } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { Icon, type IconName } from '../ui/icons.tsx';

/** A query that has not answered yet. */
export function Loading() {
  const words = useWords();
  return (
    <div className="page-note" role="status">
      <span className="spinner" />
      <span className="quietly">{words.start.loading}</span>
    </div>
  );
}

/** A query that was refused, with what to do. */
export function Refused({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const words = useWords();
  return (
    <Note icon="alert" title={words.errors.title} help={refusalWords(error, words)}>
      <button type="button" className="button" onClick={onRetry}>
        {words.errors.retry}
      </button>
    </Note>
  );
}

/** Something to say in the place of what is not there. */
export function Note(props: { icon: IconName; title: string; help: string; children?: ReactNode }) {
  return (
    <div className="page-note">
      <span className="page-note-icon">
        <Icon name={props.icon} size={32} />
      </span>
      <h2>{props.title}</h2>
      <p>{props.help}</p>
      {props.children}
    </div>
  );
}
