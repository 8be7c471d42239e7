import { type ReactNode, useState } from 'react';
import type { Sighting } from '../../../hub/contract/sighting.ts';
import { chooseEvidence } from '../evidence/choose-evidence.ts';
import { EvidencePicture } from '../evidence/evidence-picture.tsx';
import { Lightbox } from '../evidence/lightbox.tsx';
import { ScenePicture } from '../evidence/scene-picture.tsx';
import { useWords } from '../i18n/language.tsx';
import { Icon } from '../ui/icons.tsx';

/** The pictures that one judges by, large: the crop above its scene; either opens on the whole screen. */
export function EvidenceSide({ sighting, children }: { sighting: Sighting; children?: ReactNode }) {
  const words = useWords();
  const [enlarged, setEnlarged] = useState<'crop' | 'scene'>();
  const chosen = chooseEvidence(sighting.evidence);
  const { crop, scene } = chosen;
  return (
    <div className="evidence-side" data-kind={sighting.kind}>
      {crop && (
        <button
          type="button"
          className="evidence-large"
          data-role={crop.role}
          aria-label={words.guard.openPicture}
          onClick={() => setEnlarged('crop')}
        >
          <EvidencePicture
            id={crop.id}
            alt={crop.role === 'plate' ? words.guard.plateOf : words.guard.faceOf}
            testId="correct-crop"
          />
        </button>
      )}
      {scene && (
        <button
          type="button"
          className="evidence-large"
          data-role="scene"
          aria-label={words.guard.openPicture}
          onClick={() => setEnlarged('scene')}
        >
          {crop ? (
            <ScenePicture chosen={chosen} />
          ) : (
            <EvidencePicture id={scene.id} alt={words.guard.sceneOf} />
          )}
        </button>
      )}
      {!crop && !scene && (
        <span className="evidence-large evidence-missing">
          <Icon name="picture" size={34} />
          {words.report.noPictures}
        </span>
      )}
      {children}
      {enlarged && <Lightbox chosen={chosen} first={enlarged} onClose={() => setEnlarged(undefined)} />}
    </div>
  );
}
