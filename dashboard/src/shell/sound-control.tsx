import { useCallback, useRef, useState } from 'react';
import { severities } from '../guard/severity.ts';
import type { Chime } from '../guard/use-chime.ts';
import { useWords } from '../i18n/language.tsx';
import { Icon } from '../ui/icons.tsx';
import { useDismiss } from '../ui/use-dismiss.ts';

/** Whether alerts ring, always in sight: one tap where the browser wants one, else volume, mute and a test. */
export function SoundControl({ chime }: { chime: Chime }) {
  const words = useWords();
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const close = useCallback(() => setOpen(false), []);
  useDismiss(root, open, close);
  const { state, volume, muted } = chime;
  if (state === 'unsupported') return null;

  if (state === 'blocked') {
    return (
      <button
        type="button"
        className="sound-button"
        data-state="blocked"
        title={words.sound.enableHelp}
        aria-label={words.sound.enable}
        onClick={() => void chime.enable('normal')}
      >
        <Icon name="soundOff" size={22} />
        <span>{words.sound.enable}</span>
      </button>
    );
  }

  const silent = muted || volume === 0;
  return (
    <div className="popup" ref={root}>
      <button
        type="button"
        className="sound-button"
        data-state={silent ? 'muted' : 'on'}
        aria-haspopup="true"
        aria-expanded={open}
        aria-label={`${words.sound.settings}: ${silent ? words.sound.muted : `${words.sound.on} ${Math.round(volume * 100)}%`}`}
        onClick={() => setOpen(!open)}
      >
        <Icon name={silent ? 'soundOff' : 'soundOn'} size={22} />
        <span>{silent ? words.sound.muted : `${Math.round(volume * 100)}%`}</span>
      </button>
      {open && (
        <div className="menu sound-menu">
          <label className="sound-volume">
            <span>{words.sound.volume}</span>
            <output>{Math.round(volume * 100)}%</output>
            <input
              type="range"
              min="0"
              max="100"
              step="5"
              value={Math.round(volume * 100)}
              onChange={(event) => chime.setVolume(Number(event.target.value) / 100)}
              onPointerUp={() => chime.test('normal')}
            />
          </label>
          <fieldset className="sound-tests">
            <legend>{words.sound.test}</legend>
            {severities.map((severity) => (
              <button
                key={severity}
                type="button"
                className="chip"
                data-severity={severity}
                onClick={() => chime.test(severity)}
              >
                {words.sound.levels[severity]}
              </button>
            ))}
          </fieldset>
          <button type="button" className="menu-item" onClick={() => chime.setMuted(!muted)}>
            <Icon name={muted ? 'soundOn' : 'soundOff'} size={22} />
            {muted ? words.sound.unmute : words.sound.mute}
          </button>
        </div>
      )}
    </div>
  );
}
