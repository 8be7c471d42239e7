import { createContext, use } from 'react';
import type { Alert } from '../../../hub/contract/api.ts';
import type { CorrectedSighting } from '../../../hub/contract/correction.ts';
import type { Said } from './correction-toast.tsx';

/** What every page may do about corrections. */
export interface Corrections {
  /** Whether this person may correct what was seen there and then. */
  may: (seen: { gate: string; occurredAt: string }) => boolean;
  correct: (sighting: string) => void;
  showHistory: (sighting: string) => void;
  /** Has everything loaded again that a correction may have changed, and gives the alert of the sighting. */
  refresh: (sighting?: string) => Promise<Alert | undefined>;
  /** Says what was done; with `undo`, it can be taken back for a while. */
  say: (said: Said) => void;
}

/** Given by the provider, above every page. */
export const CorrectionsContext = createContext<Corrections | undefined>(undefined);

/** Correcting, from any page below the provider. */
export function useCorrections(): Corrections {
  const corrections = use(CorrectionsContext);
  if (!corrections) throw new Error('no CorrectionsProvider above');
  return corrections;
}

/** A sighting with its corrections, under this name in the cache. */
export function correctionsKey(sighting: string): [string, string] {
  return ['corrections', sighting];
}

/** The newest correction that holds: what an undo takes back. */
export function newestCorrection({ corrections }: CorrectedSighting): string | undefined {
  return corrections.findLast(({ undone }) => !undone)?.id;
}
