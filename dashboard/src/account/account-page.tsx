import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import type { Session } from '../../../hub/contract/api.ts';
import { useSpeech } from '../i18n/language.tsx';
import { OfficeTheme } from '../office/office-theme.tsx';
import { PasswordForm } from '../session/password-form.tsx';
import { sessionKey } from '../session/use-session.ts';
import { OwnSessions } from './own-sessions.tsx';
import { SecondFactor } from './second-factor.tsx';
import '../session/log-in-page.css';
import './account-page.css';

/** One's own account: password, two-step log-in, and where one is logged in. */
export function AccountPage(props: { session: Session; onLoggedOut: () => void }) {
  return (
    <OfficeTheme>
      <Account {...props} />
    </OfficeTheme>
  );
}

function Account({ session, onLoggedOut }: { session: Session; onLoggedOut: () => void }) {
  const { words } = useSpeech();
  const queries = useQueryClient();
  const { message } = App.useApp();

  function changed(entered: Session) {
    queries.setQueryData(sessionKey, entered);
    void queries.invalidateQueries({ queryKey: ['sessions'] });
    void message.success(words.account.changed);
  }

  return (
    <div className="office account">
      <div className="office-head">
        <h1>{words.account.title}</h1>
        <p>
          {session.person.displayName}
          {words.dot}
          {session.person.username}
          {words.dot}
          {words.roles[session.person.role]}
        </p>
      </div>
      <div className="account-panels">
        <section className="card panel">
          <h2>{words.account.secondFactor}</h2>
          <SecondFactor session={session} />
        </section>
        <section className="card panel account-password">
          <h2>{words.account.password}</h2>
          <p className="muted small account-help">{words.account.passwordHelp}</p>
          <PasswordForm onChanged={changed} />
        </section>
        <section className="card panel">
          <h2>{words.account.sessions}</h2>
          <OwnSessions onLoggedOut={onLoggedOut} />
        </section>
      </div>
    </div>
  );
}
