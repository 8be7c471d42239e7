import { useEffect, useRef } from 'react';
import { useWords } from '../i18n/language.tsx';

/** The next page comes when the end of the list comes into sight; the button is for those who cannot scroll so. */
export function MoreRows({ has, busy, onMore }: { has: boolean; busy: boolean; onMore: () => void }) {
  const words = useWords();
  const end = useRef<HTMLDivElement>(null);
  const more = useRef(onMore);
  more.current = onMore;

  useEffect(() => {
    if (!has || busy || !end.current) return;
    const watch = new IntersectionObserver(([seen]) => seen?.isIntersecting && more.current(), {
      rootMargin: '400px',
    });
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [has, busy]);

  if (!has) return null;
  return (
    <div ref={end} className="more-rows">
      <button type="button" className="button" disabled={busy} onClick={onMore}>
        {busy ? words.log.loadingMore : words.log.more}
      </button>
    </div>
  );
}
