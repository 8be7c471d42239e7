import type { Alert } from '../../../hub/contract/api.ts';
import { useSpeech } from '../i18n/language.tsx';
import { formatHourMinute } from '../i18n/times.ts';

/** How an alert stands, and who dealt with it. */
export function AlertOutcome({ alert }: { alert: Alert | undefined }) {
  const { language, words } = useSpeech();
  if (!alert) return null;
  const { resolved, acknowledged } = alert;
  if (resolved) {
    return (
      <span className="outcome" title={resolved.note}>
        <strong>{words.dispositions[resolved.disposition]}</strong>
        <span className="muted small">
          {resolved.displayName} {formatHourMinute(resolved.at, language)}
        </span>
      </span>
    );
  }
  if (acknowledged) {
    return (
      <span className="outcome">
        <strong>{words.alertState.acknowledged}</strong>
        <span className="muted small">{acknowledged.displayName}</span>
      </span>
    );
  }
  return (
    <span className="chip" data-severity={alert.state === 'open' ? 'high' : undefined}>
      {words.alertState[alert.state]}
    </span>
  );
}
