import { useSpeech } from '../i18n/language.tsx';
import { formatLength } from '../i18n/times.ts';
import { useLive } from '../live/live-context.tsx';
import { useNow } from '../ui/use-now.ts';

/** Always in sight: whether what is on the screen is what happens now. */
export function ConnectionPill() {
  const { language, words } = useSpeech();
  const { live } = useLive();
  const away = formatLength(useNow() - live.since, language);
  const said = {
    connecting: [words.connection.connecting, words.start.loading],
    connected: [words.connection.connected, words.connection.connectedHelp],
    reconnecting: [words.connection.reconnecting(away), words.connection.reconnectingHelp],
    stale: [words.connection.stale(away), words.connection.staleHelp],
  }[live.connection];

  return (
    <span
      className="connection"
      data-testid="connection-state"
      data-state={live.connection}
      role="status"
      aria-label={said[1]}
      title={said[1]}
    >
      <span className="connection-dot" />
      <span className="connection-word">{said[0]}</span>
    </span>
  );
}
