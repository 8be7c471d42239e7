import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import type { Session, SessionNeed } from '../../hub/contract/api.ts';
import { useWords } from './i18n/language.tsx';
import { type SessionView, useSession } from './session/use-session.ts';
import { Icon } from './ui/icons.tsx';

const LogInPage = lazy(() =>
  import('./session/log-in-page.tsx').then((file) => ({ default: file.LogInPage })),
);
const NeedsPage = lazy(() =>
  import('./session/needs-page.tsx').then((file) => ({ default: file.NeedsPage })),
);
const Shell = lazy(loadShell);

/** Nobody, somebody, or a hub that cannot be asked who. */
export function App() {
  const session = useSession();
  const [expired, setExpired] = useState(false);
  const { forget, enter } = session;

  // Recovery codes are shown once, when the hub needs nothing more: the page stays until its person has kept them.
  const [shown, setNeed] = useState<SessionNeed>();
  const need = session.session ? (session.session.needs ?? shown) : undefined;
  useEffect(() => {
    if (session.session?.needs === 'second_factor') setNeed('second_factor');
  }, [session.session]);

  const leave = useCallback(() => {
    setExpired(true);
    forget();
  }, [forget]);
  const start = useCallback(
    (entered: Session) => {
      setExpired(false);
      setNeed(entered.needs);
      enter(entered);
    },
    [enter],
  );

  return (
    <Suspense fallback={<Starting />}>
      <AppFor
        session={session}
        expired={expired}
        onEnter={start}
        onLoggedOut={leave}
        need={need}
        onNeedMet={() => setNeed(undefined)}
      />
    </Suspense>
  );
}

function AppFor(props: {
  session: SessionView;
  expired: boolean;
  onEnter: (session: Session) => void;
  onLoggedOut: () => void;
  need: SessionNeed | undefined;
  onNeedMet: () => void;
}) {
  const { session, expired, onEnter, onLoggedOut, need, onNeedMet } = props;
  if (session.state === 'unknown') return <Starting />;
  if (session.state === 'unreachable') return <Unreachable onRetry={session.ask} />;
  if (!session.session) return <LogInThenShell expired={expired} onEnter={onEnter} />;
  if (need) {
    const finish = () => {
      onNeedMet();
      session.ask();
    };
    return <NeedsPage need={need} onSession={onEnter} onDone={finish} onLogOut={session.logOut} />;
  }
  return <Shell session={session.session} onLoggedOut={onLoggedOut} onLogOut={session.logOut} />;
}

/** While a person types a password, the page that comes next is fetched. */
function LogInThenShell(props: { expired: boolean; onEnter: (session: Session) => void }) {
  useEffect(() => void loadShell(), []);
  return <LogInPage {...props} />;
}

async function loadShell() {
  const [file] = await Promise.all([import('./shell/shell.tsx'), import('./guard/guard-page.tsx')]);
  return { default: file.Shell };
}

function Starting() {
  const words = useWords();
  return (
    <div className="page-note" role="status">
      <span className="spinner" />
      <span className="quietly">{words.start.loading}</span>
    </div>
  );
}

function Unreachable({ onRetry }: { onRetry: () => void }) {
  const words = useWords();
  useEffect(() => {
    const timer = setInterval(onRetry, 4000);
    return () => clearInterval(timer);
  }, [onRetry]);

  return (
    <main className="page-note" role="alert">
      <span className="page-note-icon">
        <Icon name="offline" size={34} />
      </span>
      <h1>{words.start.unreachable}</h1>
      <p>{words.start.unreachableHelp}</p>
      <button type="button" className="button button-primary" onClick={onRetry}>
        {words.start.retry}
      </button>
    </main>
  );
}
