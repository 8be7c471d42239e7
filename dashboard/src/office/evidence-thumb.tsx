import { useState } from 'react';
import type { Evidence } from '../../../hub/contract/sighting.ts';
import { chooseEvidence } from '../evidence/choose-evidence.ts';
import { EvidencePicture } from '../evidence/evidence-picture.tsx';
import { Lightbox } from '../evidence/lightbox.tsx';
import { useWords } from '../i18n/language.tsx';

/** A small picture that opens large. */
export function EvidenceThumb({
  evidence,
  className = 'thumb',
}: {
  evidence: readonly Evidence[];
  className?: string;
}) {
  const words = useWords();
  const [open, setOpen] = useState(false);
  const chosen = chooseEvidence(evidence);
  const picture = chosen.crop ?? chosen.scene;
  if (!picture) return <span className={className} />;
  return (
    <>
      <button
        type="button"
        className={className}
        data-role={picture.role}
        aria-label={words.guard.openPicture}
        onClick={() => setOpen(true)}
      >
        <EvidencePicture id={picture.id} alt="" lazy />
      </button>
      {open && (
        <Lightbox chosen={chosen} first={chosen.crop ? 'crop' : 'scene'} onClose={() => setOpen(false)} />
      )}
    </>
  );
}
