import type { Session } from '../../../hub/contract/api.ts';
import type { Chime } from '../guard/use-chime.ts';
import { useWords } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { Mark } from '../ui/icons.tsx';
import { AccountMenu } from './account-menu.tsx';
import { ConnectionPill } from './connection-pill.tsx';
import { DutyControl } from './duty-control.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { HeaderNavigation } from './navigation.tsx';
import { SoundControl } from './sound-control.tsx';

/** The top of every page: where to go, whether we are connected, whether it can ring, who is on duty. */
export function Header(props: { session: Session; chime: Chime; onLogOut: () => Promise<void> }) {
  const words = useWords();
  const { session, chime, onLogOut } = props;
  const watches = session.person.role !== 'installer';

  return (
    <header className="header" data-role={session.person.role}>
      <div className="header-brand" title={placeName(session.site, words)}>
        <Mark size={34} />
        <strong>{words.appName}</strong>
      </div>
      <HeaderNavigation session={session} />
      <div className="header-tools">
        <ConnectionPill />
        {watches && <SoundControl chime={chime} />}
        {watches && <DutyControl session={session} />}
        <LanguageSwitch />
        <AccountMenu person={session.person} onLogOut={onLogOut} />
      </div>
    </header>
  );
}
