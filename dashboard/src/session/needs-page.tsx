import type { Session, SessionNeed } from '../../../hub/contract/api.ts';
import { useWords } from '../i18n/language.tsx';
import { EntryPage } from './entry-page.tsx';
import { PasswordForm } from './password-form.tsx';
import { SecondFactorSetup } from './second-factor-setup.tsx';

/** What a person does before anything else is shown: a password of their own, the second factor. */
export function NeedsPage(props: {
  need: SessionNeed;
  onSession: (session: Session) => void;
  onDone: () => void;
  onLogOut: () => Promise<void>;
}) {
  const words = useWords();
  const isPassword = props.need === 'new_password';
  return (
    <EntryPage>
      <section className="log-in-form" data-testid={`needs-${props.need}`}>
        <div className="entry-head">
          <h1>{isPassword ? words.needs.passwordTitle : words.needs.factorTitle}</h1>
          <p>{isPassword ? words.needs.passwordHelp : words.needs.factorHelp}</p>
        </div>
        {isPassword ? (
          <PasswordForm onChanged={props.onSession} />
        ) : (
          <SecondFactorSetup onDone={props.onDone} />
        )}
        <button type="button" className="button button-quiet entry-way" onClick={() => void props.onLogOut()}>
          {words.needs.logOut}
        </button>
      </section>
    </EntryPage>
  );
}
