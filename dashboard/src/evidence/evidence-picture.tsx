import { useState } from 'react';
import { evidenceUrl } from '../api/hub.ts';
import { useWords } from '../i18n/language.tsx';
import { Icon } from '../ui/icons.tsx';
import './evidence.css';

const retryAfterMs = 2500;
const retries = 4;

/** One evidence picture. One that is still on its way is asked for again, then there is a button. */
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
    if (tries < retries) setTimeout(again, retryAfterMs * (tries + 1));
  }
  function again() {
    setTries((count) => count + 1);
    setMissing(false);
  }

  if (missing) {
    return (
      <span className="evidence-missing">
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
