import { lazy, Suspense, useEffect, useState } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import type { Session } from '../../../hub/contract/api.ts';
import { CorrectionsProvider } from '../corrections/corrections-provider.tsx';
import { GuardPage } from '../guard/guard-page.tsx';
import { useChime } from '../guard/use-chime.ts';
import { useWords } from '../i18n/language.tsx';
import { LiveProvider } from '../live/live-context.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { GapBanner } from './gap-banner.tsx';
import { Header } from './header.tsx';
import { BottomNavigation } from './navigation.tsx';
import { PageTabs } from './page-tabs.tsx';
import { homeOf, menuPlacesFor, placesFor } from './places.ts';
import { SoundBanner } from './sound-banner.tsx';
import './shell.css';

const LogPage = lazy(() => import('../log/log-page.tsx').then((file) => ({ default: file.LogPage })));
const SubjectPage = lazy(() =>
  import('../subject/subject-page.tsx').then((file) => ({ default: file.SubjectPage })),
);
const VisitsPage = lazy(() =>
  import('../presence/visits-page.tsx').then((file) => ({ default: file.VisitsPage })),
);
const FlowsPage = lazy(() => import('../flows/flows-page.tsx').then((file) => ({ default: file.FlowsPage })));
const HistoryPage = lazy(() =>
  import('../alerts/history-page.tsx').then((file) => ({ default: file.HistoryPage })),
);
const ReportPage = lazy(() =>
  import('../report/report-page.tsx').then((file) => ({ default: file.ReportPage })),
);
const HealthPage = lazy(() =>
  import('../health/health-page.tsx').then((file) => ({ default: file.HealthPage })),
);
const PolicyPage = lazy(() =>
  import('../policy/policy-page.tsx').then((file) => ({ default: file.PolicyPage })),
);
const ChannelsPage = lazy(() =>
  import('../channels/channels-page.tsx').then((file) => ({ default: file.ChannelsPage })),
);
const AccountPage = lazy(() =>
  import('../account/account-page.tsx').then((file) => ({ default: file.AccountPage })),
);
const PeoplePage = lazy(() =>
  import('../people/people-page.tsx').then((file) => ({ default: file.PeoplePage })),
);
const TabletsPage = lazy(() =>
  import('../tablets/tablets-page.tsx').then((file) => ({ default: file.TabletsPage })),
);
const AuditPage = lazy(() => import('../audit/audit-page.tsx').then((file) => ({ default: file.AuditPage })));
const RosterPage = lazy(() =>
  import('../roster/roster-page.tsx').then((file) => ({ default: file.RosterPage })),
);
const SettingsPage = lazy(() =>
  import('../settings/settings-page.tsx').then((file) => ({ default: file.SettingsPage })),
);
const SignPage = lazy(() => import('../policy/sign-page.tsx').then((file) => ({ default: file.SignPage })));

const KeepingPage = lazy(() =>
  import('../keeping/keeping-page.tsx').then((file) => ({ default: file.KeepingPage })),
);

/** Everything behind the log-in: one live stream, the header, and the pages that this role may open. */
export function Shell(props: { session: Session; onLoggedOut: () => void; onLogOut: () => Promise<void> }) {
  return (
    <LiveProvider session={props.session} onLoggedOut={props.onLoggedOut}>
      <CorrectionsProvider session={props.session}>
        <Pages session={props.session} onLogOut={props.onLogOut} onLoggedOut={props.onLoggedOut} />
      </CorrectionsProvider>
    </LiveProvider>
  );
}

function Pages(props: { session: Session; onLogOut: () => Promise<void>; onLoggedOut: () => void }) {
  const { session, onLogOut, onLoggedOut } = props;
  const words = useWords();
  const { role } = session.person;
  const chime = useChime(session);
  const [landed, setLanded] = useState(false);
  const [path, go] = useLocation();
  const pages = placesFor(role).flatMap((place) => place.pages);
  const may = new Set([...pages, ...menuPlacesFor(role)].map(({ path: each }) => each));

  // A person who opens the address alone lands where the work of the role is.
  useEffect(() => {
    if (!landed && path === '/' && homeOf(role) !== '/') go(homeOf(role), { replace: true });
    setLanded(true);
  }, [landed, path, role, go]);

  async function logOut() {
    await onLogOut();
    go('/', { replace: true });
  }

  return (
    <div className="shell">
      <a className="skip" href="#main">
        {words.menu.skip}
      </a>
      <Header session={session} chime={chime} onLogOut={logOut} />
      <div className="shell-notices">
        {role === 'guard' && <SoundBanner chime={chime} />}
        <ConnectionBanner />
        <GapBanner />
      </div>
      <main id="main" className="shell-main" tabIndex={-1}>
        <PageTabs role={role} />
        <Suspense
          fallback={
            <div className="page-note">
              <span className="spinner" />
            </div>
          }
        >
          <Switch>
            {may.has('/') && (
              <Route path="/">
                <GuardPage session={session} chime={chime} />
              </Route>
            )}
            {may.has('/log') && <Route path="/log" component={LogPage} />}
            {may.has('/log') && <Route path="/subject/:id">{({ id }) => <SubjectPage subject={id} />}</Route>}
            {may.has('/visits') && (
              <Route path="/visits">
                <VisitsPage session={session} />
              </Route>
            )}
            {may.has('/flows') && (
              <Route path="/flows">
                <FlowsPage gates={session.gates} />
              </Route>
            )}
            {may.has('/alerts') && <Route path="/alerts" component={HistoryPage} />}
            {may.has('/log') && <Route path="/alerts/:id/report">{({ id }) => <ReportPage id={id} />}</Route>}
            {may.has('/roster') && (
              <Route path="/roster">
                <RosterPage session={session} />
              </Route>
            )}
            {may.has('/settings') && (
              <Route path="/settings/:section?">
                {({ section }) => <SettingsPage section={section} gates={session.gates} />}
              </Route>
            )}
            {may.has('/health') && <Route path="/health" component={HealthPage} />}
            {may.has('/policy') && (
              <Route path="/policy">
                <PolicyPage role={role} />
              </Route>
            )}
            {may.has('/policy') && (
              <Route path="/policy/sign">
                <SignPage role={role} />
              </Route>
            )}
            {(role === 'manager' || role === 'admin') && <Route path="/channels" component={ChannelsPage} />}
            <Route path="/account">
              <AccountPage session={session} onLoggedOut={onLoggedOut} />
            </Route>
            {may.has('/people') && (
              <Route path="/people">
                <PeoplePage session={session} />
              </Route>
            )}
            {may.has('/tablets') && (
              <Route path="/tablets">
                <TabletsPage session={session} />
              </Route>
            )}
            {may.has('/audit') && <Route path="/audit" component={AuditPage} />}
            {may.has('/log') && <Route path="/policy/keeping" component={KeepingPage} />}
            <Route>
              <Redirect to={homeOf(role)} replace />
            </Route>
          </Switch>
        </Suspense>
      </main>
      <BottomNavigation session={session} />
    </div>
  );
}
