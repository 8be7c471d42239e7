import { useCallback, useRef, useState } from 'react';
import type { Query } from '../api/hub.ts';
import { formatBytes } from '../health/measures.ts';
import { useSpeech, useWords } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { Icon } from '../ui/icons.tsx';
import { useDismiss } from '../ui/use-dismiss.ts';
import { type Exported, type ExportState, type Format, useExport } from './use-export.ts';
import './export-menu.css';

const formats: readonly Format[] = ['xlsx', 'csv'];

/** A button that makes a file of everything that the page's filters find, not only of what is shown. */
export function ExportMenu({ what, query }: { what: Exported; query: () => Query }) {
  const { language, words } = useSpeech();
  const [open, setOpen] = useState(false);
  const [subjects, setSubjects] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const close = useCallback(() => setOpen(false), []);
  useDismiss(root, open, close);
  const { state, begin, cancel } = useExport(what);

  function start(format: Format) {
    const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const people = subjects && what === 'sightings' ? { subjects: 'true' } : {};
    void begin(format, { ...query(), language, timeZone, ...people });
  }

  return (
    <div className="popup" ref={root}>
      <button
        type="button"
        className="button"
        aria-haspopup="true"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {state.phase === 'running' ? (
          <span className="spinner export-spinner" />
        ) : (
          <Icon name="download" size={20} />
        )}
        {words.exports.button}
      </button>
      {open && (
        <div className="menu export-menu">
          <p>{words.exports.help}</p>
          <div className="export-formats">
            {formats.map((format) => (
              <button
                key={format}
                type="button"
                className="button"
                disabled={state.phase === 'running'}
                onClick={() => start(format)}
              >
                {words.exports.formats[format]}
              </button>
            ))}
          </div>
          {what === 'sightings' && (
            <label className="export-subjects">
              <input
                type="checkbox"
                checked={subjects}
                disabled={state.phase === 'running'}
                onChange={(event) => setSubjects(event.target.checked)}
              />
              <span>
                {words.exports.subjects}
                <span className="muted small">{words.exports.subjectsHelp}</span>
              </span>
            </label>
          )}
          <ExportProgress state={state} onCancel={cancel} />
        </div>
      )}
    </div>
  );
}

function ExportProgress({ state, onCancel }: { state: ExportState; onCancel: () => void }) {
  const words = useWords();
  if (state.phase === 'idle') return null;
  if (state.phase === 'failed') {
    return (
      <p className="export-state" data-tone="bad" role="alert">
        {words.exports.failed} {refusalWords(state.error, words)}
      </p>
    );
  }
  const rows = state.rows === undefined ? '' : words.exports.rows(state.rows) + words.dot;
  return (
    <div className="export-state" role="status">
      <span>
        {state.phase === 'done' ? words.exports.done : words.exports.running}
        {words.dot}
        {rows}
        {formatBytes(state.bytes)}
      </span>
      {state.phase === 'running' && (
        <button type="button" className="button" onClick={onCancel}>
          {words.exports.cancel}
        </button>
      )}
    </div>
  );
}
