import { createContext, type Dispatch, type ReactNode, use, useMemo } from 'react';
import type { Session } from '../../../hub/contract/api.ts';
import { useHub } from '../api/hub-context.ts';
import { type LiveAction, type LiveState, startLive } from './live-state.ts';
import { useLiveStream } from './use-live-stream.ts';

interface Live {
  live: LiveState;
  dispatch: Dispatch<LiveAction>;
}

const LiveContext = createContext<Live>({ live: startLive(0), dispatch: () => {} });

/** Keeps one live stream for all pages below it. */
export function LiveProvider(props: { session: Session; onLoggedOut: () => void; children: ReactNode }) {
  const [live, dispatch] = useLiveStream(useHub(), props.session, props.onLoggedOut);
  const value = useMemo(() => ({ live, dispatch }), [live, dispatch]);
  return <LiveContext value={value}>{props.children}</LiveContext>;
}

/** What the live stream has told so far, and how to add what this page itself has just learnt. */
export function useLive(): Live {
  return use(LiveContext);
}
