import { useSpeech } from '../i18n/language.tsx';
import { formatLength } from '../i18n/times.ts';
import { useLive } from '../live/live-context.tsx';
import { Icon } from '../ui/icons.tsx';
import { useNow } from '../ui/use-now.ts';

const showAfterMs = 4000;

/** Says in words that the page is cut off, and after that what was missed. */
export function ConnectionBanner() {
  const { language, words } = useSpeech();
  const { live, dispatch } = useLive();
  const awayMs = useNow() - live.since;
  const isAway = live.connection === 'reconnecting' || live.connection === 'stale';

  if (isAway && awayMs > showAfterMs) {
    return (
      <div className="banner" data-tone="away" role="alert">
        <Icon name="offline" size={22} />
        <p>{words.connection.banner(formatLength(awayMs, language))}</p>
      </div>
    );
  }
  if (live.connection !== 'connected' || live.missed.size === 0) return null;
  return (
    <div className="banner" data-tone="missed" role="status">
      <Icon name="clock" size={22} />
      <p>{words.connection.missedBanner(live.missed.size)}</p>
      <button type="button" className="button" onClick={() => dispatch({ type: 'missed seen' })}>
        {words.connection.dismiss}
      </button>
    </div>
  );
}
