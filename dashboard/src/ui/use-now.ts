import { useEffect, useState } from 'react';
import { useHub } from '../api/hub-context.ts';

/** Now by the hub's clock, in milliseconds, told again every `everyMs`. */
export function useNow(everyMs = 1000): number {
  const hub = useHub();
  const [now, setNow] = useState(() => hub.now());
  useEffect(() => {
    setNow(hub.now());
    const timer = setInterval(() => setNow(hub.now()), everyMs);
    return () => clearInterval(timer);
  }, [hub, everyMs]);
  return now;
}
