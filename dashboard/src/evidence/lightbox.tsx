import { useEffect, useRef, useState } from 'react';
import { useWords } from '../i18n/language.tsx';
import { Icon } from '../ui/icons.tsx';
import type { ChosenEvidence } from './choose-evidence.ts';
import { EvidencePicture } from './evidence-picture.tsx';
import { ScenePicture } from './scene-picture.tsx';

/** The evidence on the whole screen; a tap anywhere closes it. */
export function Lightbox(props: { chosen: ChosenEvidence; first: 'crop' | 'scene'; onClose: () => void }) {
  const words = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const [shown, setShown] = useState(props.first);
  const { chosen, onClose } = props;
  const { crop, scene } = chosen;

  useEffect(() => dialog.current?.showModal(), []);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself; this is for taps
    <dialog
      ref={dialog}
      className="lightbox"
      aria-label={words.guard.openPicture}
      onClose={onClose}
      onClick={onClose}
    >
      <div className="lightbox-picture">
        {shown === 'crop' && crop ? (
          <EvidencePicture
            id={crop.id}
            alt={crop.role === 'plate' ? words.guard.plateOf : words.guard.faceOf}
          />
        ) : (
          <ScenePicture chosen={chosen} whole />
        )}
      </div>
      <button
        type="button"
        className="lightbox-close"
        aria-label={words.guard.closePicture}
        onClick={onClose}
      >
        <Icon name="close" size={28} />
      </button>
      {crop && scene && (
        // biome-ignore lint/a11y/useKeyWithClickEvents: only keeps taps on the switch from closing the picture
        // biome-ignore lint/a11y/noStaticElementInteractions: same
        <div className="segments lightbox-switch" onClick={(event) => event.stopPropagation()}>
          <button type="button" aria-pressed={shown === 'crop'} onClick={() => setShown('crop')}>
            {crop.role === 'plate' ? words.guard.plateOf : words.guard.faceOf}
          </button>
          <button type="button" aria-pressed={shown === 'scene'} onClick={() => setShown('scene')}>
            {words.guard.sceneOf}
          </button>
        </div>
      )}
    </dialog>
  );
}
