import { useCallback, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { Person } from '../../../hub/contract/api.ts';
import { useHub } from '../api/hub-context.ts';
import { useWords } from '../i18n/language.tsx';
import { switchPushOff } from '../push/browser-push.ts';
import { PushSwitch } from '../push/push-switch.tsx';
import { MyShifts } from '../roster/my-shifts.tsx';
import { useOwnShifts } from '../roster/use-roster.ts';
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

/** Who is logged in, their shifts, the settings for those who may, how the page looks, and the way out. */
export function AccountMenu({ person, onLogOut }: { person: Person; onLogOut: () => Promise<void> }) {
  const hub = useHub();
  const words = useWords();
  const { choice, choose } = useTheme();
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const [showsShifts, setShowsShifts] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  const asked = useOwnShifts(person)?.askedOfMe.length ?? 0;
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
        aria-label={[
          `${words.menu.account}: ${person.displayName}`,
          ...(asked > 0 ? [words.shifts.badge(asked)] : []),
        ].join(words.listComma)}
        onClick={() => setOpen(!open)}
      >
        {[...person.displayName].at(0)?.toUpperCase()}
        {asked > 0 && <span className="nav-count">{asked}</span>}
      </button>
      {open && (
        <div className="menu">
          <div className="menu-person">
            <strong>{person.displayName}</strong>
            <span>{words.roles[person.role]}</span>
          </div>
          {person.role !== 'installer' && (
            <button
              type="button"
              className="menu-item"
              data-testid="my-shifts"
              onClick={() => {
                close();
                setShowsShifts(true);
              }}
            >
              <Icon name="calendar" size={22} />
              {words.shifts.title}
              {asked > 0 && <span className="menu-count">{words.shifts.badge(asked)}</span>}
            </button>
          )}
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
              {key === 'account' || key === 'settings' ? words[key].title : words[key].nav}
            </Link>
          ))}
          <button type="button" className="menu-item" onClick={() => void leave()}>
            <Icon name="logOut" size={22} />
            {words.menu.logOut}
          </button>
        </div>
      )}
      {showsShifts && <MyShifts person={person} onClose={() => setShowsShifts(false)} />}
    </div>
  );
}
