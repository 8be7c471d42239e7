import type { Chime } from '../guard/use-chime.ts';
import { useWords } from '../i18n/language.tsx';
import { Icon } from '../ui/icons.tsx';

/** On a phone the header has no room to say that nothing can ring yet: this bar does, and one tap on it opens the sound. */
export function SoundBanner({ chime }: { chime: Chime }) {
  const words = useWords();
  if (chime.state !== 'blocked') return null;
  return (
    <button type="button" className="sound-banner" onClick={() => void chime.enable('normal')}>
      <Icon name="soundOff" size={22} />
      {words.sound.blocked}
      {words.dot}
      {words.sound.enable}
    </button>
  );
}
