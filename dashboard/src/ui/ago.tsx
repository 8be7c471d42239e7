import { useSpeech } from '../i18n/language.tsx';
import { formatAgo, formatClock } from '../i18n/times.ts';
import { useNow } from './use-now.ts';

/** How long ago an instant was, kept up to date; the exact time is its title. */
export function Ago({ at }: { at: string }) {
  const { language } = useSpeech();
  const age = useNow() - Date.parse(at);
  return (
    <time dateTime={at} title={formatClock(at, language)}>
      {formatAgo(age, language)}
    </time>
  );
}
