import type { Evidence } from '../../../hub/contract/sighting.ts';

/** The crop a verdict was read from, and the scene around it. */
export interface ChosenEvidence {
  crop: Evidence | undefined;
  scene: Evidence | undefined;
}

/** The newest crop and scene: of several, the last was chosen by the box as the best so far. */
export function chooseEvidence(evidence: readonly Evidence[]): ChosenEvidence {
  return {
    crop: evidence.findLast(({ role }) => role !== 'scene'),
    scene: evidence.findLast(({ role }) => role === 'scene'),
  };
}

/**
 * Where the crop lies in the scene, `[x, y, width, height]` as fractions of the scene's width and height (0–1); undefined
 * when the scene does not show the place, or shows another instant: what moves is elsewhere by then. A scene that names
 * its own box is that part of the full frame.
 */
export function placeInScene({ crop, scene }: ChosenEvidence): [number, number, number, number] | undefined {
  if (!crop?.box || !scene || crop.occurredAt !== scene.occurredAt) return undefined;
  const [sceneX, sceneY, sceneWidth, sceneHeight] = scene.box ?? [0, 0, scene.width, scene.height];
  const [x, y, width, height] = crop.box;
  const place: [number, number, number, number] = [
    (x - sceneX) / sceneWidth,
    (y - sceneY) / sceneHeight,
    width / sceneWidth,
    height / sceneHeight,
  ];
  const outside =
    place[0] < -0.02 || place[1] < -0.02 || place[0] + place[2] > 1.02 || place[1] + place[3] > 1.02;
  return outside ? undefined : place;
}
