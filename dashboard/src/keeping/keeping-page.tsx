import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import type { RetentionReport, RetentionSettings } from '../../../hub/contract/keeping.ts';
import { useHub } from '../api/hub-context.ts';
import { formatBytes } from '../health/measures.ts';
import { useSpeech } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { formatDay, formatDayTime } from '../i18n/times.ts';
import { BackLink } from '../office/back-link.tsx';
import { OfficeTheme } from '../office/office-theme.tsx';
import { Loading, Refused } from '../office/query-note.tsx';
import { Holds } from './holds.tsx';
import { KeepingForm } from './keeping-form.tsx';
import { countWords, dayFields, spanOf } from './retention-words.ts';
import './keeping-page.css';

const retentionKey = ['retention'] as const;

/** How long each kind of thing is kept and why, what the last runs removed, and what is on hold. */
export function KeepingPage() {
  return (
    <OfficeTheme>
      <Keeping />
    </OfficeTheme>
  );
}

function Keeping() {
  const hub = useHub();
  const { words } = useSpeech();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [editing, setEditing] = useState(false);
  const found = useQuery({ queryKey: retentionKey, queryFn: hub.retention });
  const save = useMutation({
    mutationFn: ({ settings, basedOn }: { settings: RetentionSettings; basedOn: number }) =>
      hub.saveRetention(settings, basedOn),
    onSuccess: (report) => {
      queries.setQueryData(retentionKey, report);
      setEditing(false);
      void message.success(words.keeping.saved);
    },
    onError: (error) => void message.error(refusalWords(error, words)),
  });

  if (found.isPending) return <Loading />;
  if (!found.data) return <Refused error={found.error} onRetry={() => void found.refetch()} />;
  const report = found.data;
  return (
    <div className="office keeping">
      <BackLink href="/policy">{words.keeping.back}</BackLink>
      <div className="office-head">
        <h1>{words.keeping.title}</h1>
        <p>{words.keeping.intro}</p>
        <span className="office-head-end">
          <span className="muted small">{words.policy.version(report.version)}</span>
          <button type="button" className="button button-primary" onClick={() => setEditing(true)}>
            {words.keeping.edit}
          </button>
        </span>
      </div>
      <Kinds report={report} />
      <div className="keeping-columns">
        <Runs report={report} />
        <div className="keeping-aside">
          <Room report={report} />
          <Holds />
        </div>
      </div>
      {editing && (
        <KeepingForm
          settings={report.settings}
          saving={save.isPending}
          onSave={(settings) => save.mutate({ settings, basedOn: report.version })}
          onClose={() => setEditing(false)}
        />
      )}
    </div>
  );
}

function Kinds({ report: { settings } }: { report: RetentionReport }) {
  const { words } = useSpeech();
  return (
    <dl className="keeping-kinds">
      {dayFields.map((field) => (
        <div key={field} className="keeping-kind card">
          <dt>{words.keeping.fields[field]}</dt>
          <dd>{words.keeping.days(settings[field])}</dd>
          <dd className="muted small">{words.keeping.hints[field]}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The next run, and the last ones: what went, and from when it was. */
function Runs({ report: { due, runs } }: { report: RetentionReport }) {
  const { language, words } = useSpeech();
  const next = countWords(due, words);
  return (
    <section className="card panel keeping-runs">
      <h2>{words.keeping.due}</h2>
      <p className={next ? undefined : 'muted'}>{next || words.keeping.nothingDue}</p>
      <h2>{words.keeping.runs}</h2>
      {runs.length === 0 && <p className="muted">{words.keeping.noRuns}</p>}
      <ol>
        {runs.map(({ id, at, removed }) => {
          const span = spanOf(removed);
          return (
            <li key={id}>
              <time dateTime={at}>{formatDayTime(at, language)}</time>
              <span className="keeping-run">
                {countWords(removed, words)}
                {span && (
                  <span className="muted small">
                    {words.keeping.span(formatDay(span.oldest, language), formatDay(span.newest, language))}
                  </span>
                )}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Room({ report: { evidence, settings } }: { report: RetentionReport }) {
  const { words } = useSpeech();
  const share = evidence.bytes / settings.evidenceMaxBytes;
  return (
    <section className="card panel keeping-room" data-full={share > 0.9}>
      <h2>{words.keeping.evidence}</h2>
      <p>
        <strong>
          {words.keeping.evidenceUse(formatBytes(evidence.bytes), formatBytes(settings.evidenceMaxBytes))}
        </strong>
      </p>
      <span className="keeping-bar" role="presentation">
        <span style={{ width: `${Math.min(100, share * 100)}%` }} />
      </span>
      <p className="muted small">{words.keeping.pictures(evidence.pictures)}</p>
    </section>
  );
}
