import { useEffect, useState } from 'react';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { Icon } from '../ui/icons.tsx';
import { type PushState, readPushState, switchPushOff, switchPushOn } from './browser-push.ts';

/** Notifications on this device, also while the page is closed. */
export function PushSwitch() {
  const hub = useHub();
  const { language, words } = useSpeech();
  const [state, setState] = useState<PushState | 'busy'>('busy');
  const [fault, setFault] = useState<string>();

  useEffect(() => {
    readPushState().then(setState, () => setState('unsupported'));
  }, []);

  async function toggle() {
    setFault(undefined);
    setState('busy');
    try {
      setState(state === 'on' ? await switchPushOff(hub) : await switchPushOn(hub, language));
    } catch (error) {
      setFault(error instanceof DOMException ? words.push.noService : refusalWords(error, words));
      setState(await readPushState());
    }
  }

  const mayChange = state === 'on' || state === 'off';
  const help = fault ?? words.push.help[state];
  return (
    <div className="push-switch">
      <button
        type="button"
        className="menu-item"
        role="switch"
        aria-checked={state === 'on'}
        disabled={!mayChange}
        onClick={() => void toggle()}
      >
        <Icon name="alert" size={22} />
        {words.push.title}
        <span className="switch" aria-hidden="true" />
      </button>
      {help && (
        <p className="muted small" role={fault ? 'alert' : undefined}>
          {help}
        </p>
      )}
    </div>
  );
}
