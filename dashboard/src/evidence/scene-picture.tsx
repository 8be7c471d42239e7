import { type CSSProperties, useState } from 'react';
import { useWords } from '../i18n/language.tsx';
import { type ChosenEvidence, placeInScene } from './choose-evidence.ts';
import { EvidencePicture } from './evidence-picture.tsx';

/** The scene, with a frame around what the crop shows; cut to its place, that part stays in sight. */
export function ScenePicture({ chosen, whole = false }: { chosen: ChosenEvidence; whole?: boolean }) {
  const words = useWords();
  const [loaded, setLoaded] = useState(false);
  const { scene } = chosen;
  if (!scene) return null;
  const place = placeInScene(chosen);
  const [x, y, width, height] = place ?? likelyPlace(scene);
  const placed = {
    '--ratio': scene.width / scene.height,
    '--focus-x': x + width / 2,
    '--focus-y': y + height / 2,
  };

  return (
    <span className="scene" data-whole={whole} style={placed as CSSProperties}>
      <span className="scene-sheet">
        <EvidencePicture id={scene.id} alt={words.guard.sceneOf} onLoad={() => setLoaded(true)} />
        {place && loaded && (
          <span
            className="scene-frame"
            style={{
              left: `${x * 100}%`,
              top: `${y * 100}%`,
              width: `${width * 100}%`,
              height: `${height * 100}%`,
            }}
          />
        )}
      </span>
    </span>
  );
}

/** Where to look when nobody said: an upright scene is of a person, whose head is above. */
function likelyPlace({ width, height }: { width: number; height: number }): [number, number, number, number] {
  return height > width ? [0, 0, 1, 0.3] : [0, 0, 1, 1];
}
