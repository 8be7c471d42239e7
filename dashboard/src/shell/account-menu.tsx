import { useCallback, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { Person } from '../../../hub/contract/api.ts';
import { useHub } from '../api/hub-context.ts';
import { useWords } from '../i18n/language.tsx';
import { switchPushOff } from '../push/browser-push.ts';
import { PushSwitch } from '../push/push-switch.tsx';
import { type ThemeChoice, themeChoices, useTheme } from '../theme/theme.tsx';
import { Icon, type IconName } from '../ui/icons.tsx';
import { useDismiss } from '../ui/use-dismiss.ts';
import { menuPlacesFor } from './places.ts';

const themeIcons: Record<ThemeChoice, IconName> = {
  auto: 'auto',
  light: 'sun',
  dark: 'moon',
  sun: 'contrast',
};

/** Who is logged in, how the page looks, and the way out. */
export function AccountMenu({ person, onLogOut }: { person: Person; onLogOut: () => Promise<void> }) {
  const hub = useHub();
  const words = useWords();
  const { choice, choose } = useTheme();
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const close = useCallback(() => setOpen(false), []);
  useDismiss(root, open, close);

  /** Whoever takes the device next is not told what concerned the person before. */
  async function leave() {
    await switchPushOff(hub).catch(() => {});
    await onLogOut();
  }

  return (
    <div className="popup" ref={root}>
      <button
        type="button"
        className="avatar"
        aria-haspopup="true"
        aria-expanded={open}
        aria-label={`${words.menu.account}: ${person.displayName}`}
        onClick={() => setOpen(!open)}
      >
        {[...person.displayName].at(0)?.toUpperCase()}
      </button>
      {open && (
        <div className="menu">
          <div className="menu-person">
            <strong>{person.displayName}</strong>
            <span>{words.roles[person.role]}</span>
          </div>
          <fieldset className="theme-choices">
            <legend>{words.menu.theme}</legend>
            {themeChoices.map((each) => (
              <button key={each} type="button" aria-pressed={each === choice} onClick={() => choose(each)}>
                <Icon name={themeIcons[each]} size={22} />
                {words.themes[each]}
              </button>
            ))}
          </fieldset>
          {person.role !== 'installer' && <PushSwitch />}
          {menuPlacesFor(person.role).map(({ key, path, icon }) => (
            <Link key={key} href={path} className="menu-item" onClick={close}>
              <Icon name={icon} size={22} />
              {key === 'account' ? words.account.title : words[key].nav}
            </Link>
          ))}
          <button type="button" className="menu-item" onClick={() => void leave()}>
            <Icon name="logOut" size={22} />
            {words.menu.logOut}
          </button>
        </div>
      )}
    </div>
  );
}
