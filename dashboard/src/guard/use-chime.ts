import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Session } from '../../../hub/contract/api.ts';
import { useLive } from '../live/live-context.tsx';
import { remember, remembered } from '../ui/remembered.ts';
import { playChime, shake } from './chime.ts';
import { loudest, ringsFor } from './ringing.ts';
import type { Severity } from './severity.ts';

/** Whether alerts can be heard: `blocked` until someone taps, because browsers want that. */
type SoundState = 'blocked' | 'ready' | 'unsupported';

/** The bell of this device. */
export interface Chime {
  state: SoundState;
  /** 0 to 1. */
  volume: number;
  muted: boolean;
  enable: (test?: Severity) => Promise<void>;
  test: (severity: Severity) => void;
  setVolume: (volume: number) => void;
  setMuted: (muted: boolean) => void;
}

const volumeKey = 'gatehouse.volume';
const mutedKey = 'gatehouse.muted';
/** An alert that nobody has taken rings again after this long, this often. */
const remindEveryMs = 20_000;
const reminders = 6;

/** Rings for new alerts that concern this person, and again while nobody takes them. */
export function useChime(session: Session): Chime {
  const context = useRef<AudioContext | null>(null);
  const [state, setState] = useState<SoundState>(() =>
    'AudioContext' in window ? 'blocked' : 'unsupported',
  );
  const [volume, setVolume] = useState(() => Number(remembered(volumeKey) ?? 0.8));
  const [muted, setMuted] = useState(() => remembered(mutedKey) === 'yes');

  useEffect(() => remember(volumeKey, String(volume)), [volume]);
  useEffect(() => remember(mutedKey, muted ? 'yes' : 'no'), [muted]);

  const enable = useCallback(async (test?: Severity) => {
    if (!('AudioContext' in window)) return;
    context.current ??= new AudioContext();
    const bell = context.current;
    bell.onstatechange = () => setState(bell.state === 'running' ? 'ready' : 'blocked');
    await bell.resume();
    setState(bell.state === 'running' ? 'ready' : 'blocked');
    if (test && bell.state === 'running') playChime(bell, test, volumeNow.current);
  }, []);

  const volumeNow = useRef(volume);
  volumeNow.current = muted ? 0 : volume;

  // A page that was touched may ring at once; any later touch opens the sound too.
  useEffect(() => {
    const open = () => {
      if (context.current?.state !== 'running') void enable();
    };
    if (navigator.userActivation?.hasBeenActive) open();
    // Not on pointerdown: the bar that asks for sound goes away with it, and the tap would land beside its button.
    document.addEventListener('click', open);
    document.addEventListener('keydown', open);
    return () => {
      document.removeEventListener('click', open);
      document.removeEventListener('keydown', open);
      void context.current?.close();
      context.current = null;
    };
  }, [enable]);

  const ring = useCallback((severity: Severity) => {
    shake(severity);
    const bell = context.current;
    if (bell?.state === 'running' && volumeNow.current > 0) playChime(bell, severity, volumeNow.current);
  }, []);

  const test = useCallback((severity: Severity) => {
    shake(severity);
    if (context.current?.state === 'running')
      playChime(context.current, severity, Math.max(volumeNow.current, 0.1));
  }, []);

  useRinging(session, ring);
  return useMemo(
    () => ({ state, volume, muted, enable, test, setVolume, setMuted }),
    [state, volume, muted, enable, test],
  );
}

function useRinging(session: Session, ring: (severity: Severity) => void): void {
  const { live } = useLive();
  const rung = useRef(new Set<string>());
  const waiting = useMemo(
    () => [...live.alerts.values()].filter((alert) => ringsFor(alert, session)),
    [live.alerts, session],
  );

  useEffect(() => {
    const severity = loudest(waiting.filter(({ id }) => !rung.current.has(id)));
    for (const { id } of waiting) rung.current.add(id);
    if (severity) ring(severity);
  }, [waiting, ring]);

  const isWaiting = waiting.length > 0;
  const newest = useRef(waiting);
  newest.current = waiting;
  const count = waiting.length;
  useEffect(() => {
    if (!isWaiting || count === 0) return;
    let left = reminders;
    const timer = setInterval(() => {
      const severity = loudest(newest.current);
      if (severity) ring(severity);
      left -= 1;
      if (left === 0) clearInterval(timer);
    }, remindEveryMs);
    return () => clearInterval(timer);
  }, [isWaiting, count, ring]);
}
