import { useState } from 'react';
import { evidenceUrl } from '../api/hub.ts';
import { useWords } from '../i18n/language.tsx';
import { Icon } from '../ui/icons.tsx';
import './evidence.css';

/** A picture follows its sighting within a second as a rule: asked for again soon, then less and less often. */
const retryAfterMs = [400, 800, 1600, 3200, 6400];

/** One evidence picture. One that is still on its way is asked for again. */
export function EvidencePicture(props: {
  id: string;
  alt: string;
  testId?: string;
  lazy?: boolean;
  onLoad?: () => void;
}) {
  const words = useWords();
  const [tries, setTries] = useState(0);
  const [missing, setMissing] = useState(false);

  function onError() {
    setMissing(true);
    const wait = retryAfterMs[tries];
    if (wait !== undefined) setTimeout(again, wait);
  }
  function again() {
    setTries((count) => count + 1);
    setMissing(false);
  }

  if (missing) {
    return (
      <span
        className="evidence-missing"
        role="img"
        aria-label={`${props.alt}: ${words.guard.pictureMissing}`}
      >
        <Icon name="picture" size={28} />
        <span>{words.guard.pictureMissing}</span>
      </span>
    );
  }
  return (
    <img
      className="evidence-picture"
      src={`${evidenceUrl(props.id)}${tries > 0 ? `?try=${tries}` : ''}`}
      alt={props.alt}
      loading={props.lazy ? 'lazy' : 'eager'}
      decoding="async"
      draggable={false}
      data-testid={props.testId}
      onLoad={props.onLoad}
      onError={onError}
    />
  );
}
