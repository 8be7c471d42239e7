import type { TrajectoryEntry } from '../../../hub/contract/api.ts';
import { chooseEvidence } from '../evidence/choose-evidence.ts';
import { EvidencePicture } from '../evidence/evidence-picture.tsx';
import { Icon } from '../ui/icons.tsx';

/** How somebody looked in one sighting: the face, else the scene, else an outline. */
export function PersonPicture({ entry }: { entry: TrajectoryEntry }) {
  const { crop, scene } = chooseEvidence(entry.evidence);
  const picture = crop ?? scene;
  return (
    <span className="person-picture" data-role={picture?.role}>
      {picture ? <EvidencePicture id={picture.id} alt="" lazy /> : <Icon name="person" size={44} />}
    </span>
  );
}
