import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Alert, Disposition, Session } from '../../../hub/contract/api.ts';
import { useCorrections } from '../corrections/corrections-context.ts';
import { useWords } from '../i18n/language.tsx';
import { useLive } from '../live/live-context.tsx';
import { useDuty } from '../shell/use-duty.ts';
import { remember, remembered } from '../ui/remembered.ts';
import { AlertHero } from './alert-hero.tsx';
import { AlertRow } from './alert-row.tsx';
import { alertWords } from './alert-words.ts';
import { dispositionsFor } from './dispositions.ts';
import { FaultToast } from './fault-toast.tsx';
import { arrangeFeed, chooseFocus, type Feed, type Focus } from './feed.ts';
import { HandOverCard } from './hand-over-card.tsx';
import { OffDutyPanel } from './off-duty-panel.tsx';
import { OtherSheet } from './other-sheet.tsx';
import { QuietPanel } from './quiet-panel.tsx';
import { wasTold } from './ringing.ts';
import { ShortcutSheet, useShortcuts } from './shortcuts.tsx';
import { SightingStrip } from './sighting-strip.tsx';
import { SnoozeList } from './snooze-list.tsx';
import { UndoToasts } from './undo-toasts.tsx';
import type { Chime } from './use-chime.ts';
import { useResolutions } from './use-resolutions.ts';
import { useWakeLock } from './use-wake-lock.ts';
import './guard-page.css';

/** A finger that was on the card this recently may still be aiming at it. */
const fingerMs = 2500;
const shownDone = 6;

/** The page at the gate: what is happening, what must I do, done. */
export function GuardPage({ session, chime }: { session: Session; chime: Chime }) {
  const words = useWords();
  const { live } = useLive();
  const { duty, person } = session;
  const [scope, setScope] = useScope(duty?.gate);
  const { clockIn } = useDuty();
  useWakeLock();

  const clockInAt = clockIn.mutateAsync;
  const beforeTaking = useCallback(
    async (alert: Alert) => {
      // Whoever is asked to help stays on duty at the own gate.
      if (person.role !== 'guard' || duty?.gate === alert.gate || wasTold(alert, person.id)) return;
      await clockInAt(alert.gate);
    },
    [person, duty?.gate, clockInAt],
  );
  const resolutions = useResolutions(beforeTaking);
  const corrections = useCorrections();
  const { pending } = resolutions;

  const feed = useMemo(
    () => arrangeFeed(live.alerts.values(), scope, pending, person.id),
    [live.alerts, scope, pending, person.id],
  );
  const { current, choose, touch } = useFocus(feed, person.id);
  const alert = current === undefined ? undefined : live.alerts.get(current);
  const [enlarged, setEnlarged] = useState(false);
  const [asksNote, setAsksNote] = useState<Alert>();
  const [help, setHelp] = useState(false);

  function take(taken: Alert) {
    choose(taken.id);
    void resolutions.take(taken);
  }

  function resolve(done: Alert, disposition: Disposition) {
    if (disposition === 'other') return setAsksNote(done);
    finish(done, disposition);
  }

  function finish(done: Alert, disposition: Disposition, note?: string) {
    setAsksNote(undefined);
    setEnlarged(false);
    choose(undefined);
    resolutions.resolve(done, disposition, note);
  }

  useShortcuts({
    acknowledge: () => alert?.state === 'open' && take(alert),
    resolve: (index) => {
      const disposition = alert && dispositionsFor(alert)[index];
      if (disposition) resolve(alert, disposition);
    },
    undo: () => {
      const last = [...pending.keys()].at(-1);
      if (last) resolutions.undo(last);
    },
    move: (step) => {
      const ids = [...feed.waiting, ...feed.quiet, ...feed.inHand].map(({ id }) => id);
      const next = ids[ids.indexOf(current ?? '') + step];
      if (next) choose(next);
    },
    picture: () => setEnlarged(alert !== undefined),
    correct: () => alert && corrections.may(alert) && corrections.correct(alert.sighting),
    mute: () => chime.setMuted(!chime.muted),
    help: () => setHelp(true),
  });
  useTitle(feed.waiting, words.appName);

  const sightings =
    scope === undefined ? live.sightings : live.sightings.filter(({ gate }) => gate === scope);
  return (
    <div className="guard" data-quiet={alert === undefined} onPointerDown={touch}>
      <h1 className="quietly">{words.guard.title}</h1>
      <section className="guard-now" aria-live="assertive" aria-relevant="additions">
        {alert ? (
          <AlertHero
            key={alert.id}
            alert={alert}
            session={session}
            missed={live.missed.has(alert.id)}
            taking={resolutions.taking === alert.id}
            enlarged={enlarged}
            onEnlarge={setEnlarged}
            onTake={() => take(alert)}
            onResolve={(disposition) => resolve(alert, disposition)}
          />
        ) : (
          live.loaded &&
          (person.role === 'guard' && !duty ? (
            <OffDutyPanel session={session} />
          ) : (
            <QuietPanel
              since={feed.done[0]?.updatedAt}
              elsewhere={feed.waitingElsewhere}
              onShowAll={() => setScope('all')}
            />
          ))
        )}
      </section>
      <Queue
        feed={feed}
        current={current}
        session={session}
        scope={scope}
        missed={live.missed}
        onScope={setScope}
        onChoose={choose}
        onTake={take}
        onHelp={() => setHelp(true)}
      />
      <SightingStrip sightings={sightings} />
      <UndoToasts pending={pending} onUndo={resolutions.undo} />
      {resolutions.fault && <FaultToast fault={resolutions.fault} onClose={resolutions.clearFault} />}
      {asksNote && (
        <OtherSheet
          alert={asksNote}
          session={session}
          onSend={(note) => finish(asksNote, 'other', note)}
          onClose={() => setAsksNote(undefined)}
        />
      )}
      {help && <ShortcutSheet onClose={() => setHelp(false)} />}
    </div>
  );
}

function Queue(props: {
  feed: Feed;
  current: string | undefined;
  session: Session;
  scope: string | undefined;
  missed: ReadonlySet<string>;
  onScope: (scope: 'mine' | 'all') => void;
  onChoose: (id: string) => void;
  onTake: (alert: Alert) => void;
  onHelp: () => void;
}) {
  const words = useWords();
  const { feed, current, session, scope, missed, onScope, onChoose, onTake, onHelp } = props;
  const groups: [string, Alert[]][] = [
    [words.guard.next, feed.waiting.filter(({ id }) => id !== current)],
    [words.told.quietGroup, feed.quiet.filter(({ id }) => id !== current)],
    [words.guard.inHand, feed.inHand.filter(({ id }) => id !== current)],
    [words.guard.done, feed.done.slice(0, shownDone)],
  ];
  return (
    <aside className="queue" aria-label={words.guard.title}>
      {session.duty && (
        <fieldset className="segments queue-scope">
          <legend className="quietly">{words.guard.filterLabel}</legend>
          <button type="button" aria-pressed={scope !== undefined} onClick={() => onScope('mine')}>
            {words.guard.onlyMine}
          </button>
          <button type="button" aria-pressed={scope === undefined} onClick={() => onScope('all')}>
            {words.guard.allGates}
            {feed.waitingElsewhere > 0 && <span className="queue-count">{feed.waitingElsewhere}</span>}
          </button>
        </fieldset>
      )}
      {session.duty && <HandOverCard key={session.duty.gate} duty={session.duty} />}
      <SnoozeList session={session} />
      {groups.map(
        ([title, alerts]) =>
          alerts.length > 0 && (
            <section key={title} className="queue-group">
              <h3>
                {title}
                <span>{alerts.length}</span>
              </h3>
              <ul>
                {alerts.map((alert) => (
                  <AlertRow
                    key={alert.id}
                    alert={alert}
                    session={session}
                    missed={missed.has(alert.id)}
                    onChoose={() => onChoose(alert.id)}
                    onTake={() => onTake(alert)}
                  />
                ))}
              </ul>
            </section>
          ),
      )}
      <button type="button" className="queue-help" aria-label={words.guard.shortcutsOpen} onClick={onHelp}>
        <kbd>?</kbd> {words.guard.shortcuts}
      </button>
    </aside>
  );
}

const scopeKey = 'gatehouse.scope';

/** The gate whose alerts are shown: one's own while on duty, unless all were asked for. */
function useScope(gate: string | undefined): [string | undefined, (scope: 'mine' | 'all') => void] {
  const [scope, setScope] = useState(() => (remembered(scopeKey) === 'all' ? 'all' : 'mine'));
  useEffect(() => remember(scopeKey, scope), [scope]);
  return [scope === 'mine' ? gate : undefined, setScope as (scope: 'mine' | 'all') => void];
}

/** Which alert is large; a new one takes the place, but never under a finger and never from one being dealt with. */
function useFocus(feed: Feed, person: string) {
  const [focus, setFocus] = useState<Focus>({ id: undefined, held: false });
  const [fingerAt, setFingerAt] = useState(Number.NEGATIVE_INFINITY);
  const [, wake] = useState(0);
  const holdsOff = performance.now() - fingerAt < fingerMs;
  const current = chooseFocus(focus, feed, person, holdsOff);

  useEffect(() => {
    setFocus((was) => (was.id === current ? was : { id: current, held: false }));
  }, [current]);
  useEffect(() => {
    if (fingerAt === Number.NEGATIVE_INFINITY) return;
    const timer = setTimeout(() => wake((count) => count + 1), fingerMs + 50);
    return () => clearTimeout(timer);
  }, [fingerAt]);

  const choose = useCallback((id: string | undefined) => {
    if (id === undefined) setFingerAt(Number.NEGATIVE_INFINITY);
    setFocus({ id, held: id !== undefined });
  }, []);
  const touch = useRef(() => setFingerAt(performance.now())).current;
  return { current, choose, touch };
}

/** The tab says what waits, for whoever has another one in front. */
function useTitle(waiting: readonly Alert[], appName: string): void {
  const words = useWords();
  const [newest] = waiting;
  const title = newest ? `(${waiting.length}) ${alertWords(newest, words)}` : appName;
  useEffect(() => {
    document.title = title;
    return () => {
      document.title = appName;
    };
  }, [title, appName]);
}
