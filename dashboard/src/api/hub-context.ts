import { createContext, use } from 'react';
import { Hub } from './hub.ts';

const HubContext = createContext(new Hub());

/** The hub that this page speaks to. */
export function useHub(): Hub {
  return use(HubContext);
}
