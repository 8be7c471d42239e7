import { type Dispatch, useEffect, useReducer } from 'react';
import type { Role, Session, StreamEvent } from '../../../hub/contract/api.ts';
import { type Hub, HubRefusal } from '../api/hub.ts';
import { EventReader } from './event-reader.ts';
import { hear, type LiveAction, type LiveState, type Snapshot, startLive } from './live-state.ts';

/** The hub sends a heartbeat comment every 10 s: silence beyond this is shown. */
const staleAfterMs = 15_000;
/** Silence beyond this ends the connection, so that a new one is tried. */
const giveUpAfterMs = 25_000;
/**
 * The hub streams to a guard only what happens at the guard's own gate; the list of the other gates, and whatever a
 * fault may have swallowed, is asked for this often.
 */
const refreshMs = 30_000;
const firstPauseMs = 500;
const longestPauseMs = 8_000;

/**
 * The live stream of the hub as one state, for as long as the component lives. It reads the stream by fetch and not by
 * EventSource, because only so are heartbeat comments seen, and silence told from quiet. After a break it asks for
 * everything since the last event and loads the snapshot again, so that nothing is lost either way.
 */
export function useLiveStream(
  hub: Hub,
  session: Session,
  onLoggedOut: () => void,
): [LiveState, Dispatch<LiveAction>] {
  const [live, dispatch] = useReducer(hear, hub.now(), startLive);
  const { role } = session.person;
  const gate = session.duty?.gate;

  useEffect(() => {
    const stop = new AbortController();
    void follow(hub, role, dispatch, onLoggedOut, stop.signal);
    return () => stop.abort();
  }, [hub, role, onLoggedOut]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever clocks in elsewhere sees that gate at once
  useEffect(() => {
    let ended = false;
    const load = async () => {
      const action = await askSnapshot(hub, role, onLoggedOut);
      if (action && !ended) dispatch(action);
    };
    void load();
    const timer = setInterval(load, refreshMs);
    return () => {
      ended = true;
      clearInterval(timer);
    };
  }, [hub, role, onLoggedOut, gate]);

  return [live, dispatch];
}

/** Undefined when the hub cannot be asked: the connection then breaks as well, and the next one asks again. */
async function askSnapshot(hub: Hub, role: Role, onLoggedOut: () => void): Promise<LiveAction | undefined> {
  const askedAt = hub.now();
  try {
    return { type: 'snapshot', snapshot: await loadSnapshot(hub, role), askedAt };
  } catch (error) {
    if (isLoggedOut(error)) onLoggedOut();
    return undefined;
  }
}

async function follow(
  hub: Hub,
  role: Role,
  dispatch: Dispatch<LiveAction>,
  onLoggedOut: () => void,
  signal: AbortSignal,
): Promise<void> {
  let lastEventId: string | undefined;
  let pauseMs = firstPauseMs;

  const load = async () => {
    const action = await askSnapshot(hub, role, onLoggedOut);
    if (action && !signal.aborted) dispatch(action);
  };

  while (!signal.aborted) {
    try {
      for await (const heard of listen(hub, lastEventId, signal)) {
        const at = hub.now();
        if (heard === 'open') {
          pauseMs = firstPauseMs;
          dispatch({ type: 'connected', at });
          void load();
        } else if (heard === 'quiet') {
          dispatch({ type: 'quiet' });
        } else if (heard === 'beat') {
          dispatch({ type: 'heard', at });
        } else {
          lastEventId = heard.id ?? lastEventId;
          if (heard.event.type === 'reset') void load();
          dispatch({ type: 'event', event: heard.event });
        }
      }
    } catch (error) {
      if (isLoggedOut(error)) return onLoggedOut();
    }
    if (signal.aborted) return;
    dispatch({ type: 'lost', at: hub.now() });
    await pause(pauseMs * (0.75 + Math.random() / 2), signal);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}

type Heard = 'open' | 'beat' | 'quiet' | { id: string | undefined; event: StreamEvent };

/** One connection, until it ends or falls silent. */
async function* listen(hub: Hub, lastEventId: string | undefined, outer: AbortSignal): AsyncGenerator<Heard> {
  const connection = new AbortController();
  const end = () => connection.abort();
  outer.addEventListener('abort', end, { once: true });
  try {
    const opening = setTimeout(end, giveUpAfterMs);
    const response = await hub.openStream(lastEventId, connection.signal);
    clearTimeout(opening);
    const body = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    if (!body) return;
    yield 'open';

    const reader = new EventReader();
    let reading = body.read();
    let heardAt = performance.now();
    while (true) {
      const piece = await within(reading, staleAfterMs);
      if (piece === 'late') {
        yield 'quiet';
        if (performance.now() - heardAt >= giveUpAfterMs) return;
        continue;
      }
      if (piece.done) return;
      heardAt = performance.now();
      yield 'beat';
      for (const { id, data } of reader.push(piece.value)) {
        const event = parseEvent(data);
        if (event) yield { id, event };
      }
      reading = body.read();
    }
  } finally {
    end();
    outer.removeEventListener('abort', end);
  }
}

function parseEvent(data: string): StreamEvent | undefined {
  try {
    return JSON.parse(data) as StreamEvent;
  } catch {
    console.warn('a stream event is not JSON and was left out');
    return undefined;
  }
}

async function within<T>(promise: Promise<T>, limitMs: number): Promise<T | 'late'> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function loadSnapshot(hub: Hub, role: Role): Promise<Snapshot> {
  if (role === 'installer') return { alerts: [], sightings: [], duty: [], gaps: [] };
  const [open, acknowledged, resolved, sightings, duty, gaps] = await Promise.all([
    hub.alerts({ state: 'open', limit: 100 }),
    hub.alerts({ state: 'acknowledged', limit: 100 }),
    hub.alerts({ state: 'resolved', limit: 12 }),
    hub.sightings({ limit: 16 }),
    hub.duty(),
    role === 'guard' ? [] : hub.gaps(),
  ]);
  return {
    alerts: [...open.items, ...acknowledged.items, ...resolved.items],
    sightings: sightings.items,
    duty,
    gaps,
  };
}

function isLoggedOut(error: unknown): boolean {
  return error instanceof HubRefusal && error.status === 401;
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    // A tablet whose network comes back need not wait out the pause.
    window.addEventListener('online', done);
    signal.addEventListener('abort', done);
    function done() {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
