import { createContext, use } from 'react';
import { Hub } from './hub.ts';

/** Gives every page the one hub it speaks to. */
export const HubContext = createContext(new Hub());

/** The hub that this page speaks to. */
export function useHub(): Hub {
  return use(HubContext);
}
