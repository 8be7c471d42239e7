import type { Box, Detection } from './perception.ts';

/** What speaks for a face. Scores are 0 to 1. */
export interface FaceSigns {
  /** The proposer's, of all proposals there: a face is proposed in every tile that shows it, a fist by chance in one. */
  proposed: readonly number[];
  /** The refiner's. */
  refined: number;
  /** Where on a detected person it sits. */
  place: 'head' | 'body' | 'nowhere';
  /** Longer side of its box, and of the picture, pixels: the more places a picture has, the more of them look like a face. */
  side: number;
  pictureSide: number;
}

/** A face this likely is reported. */
export const reportedFrom = 0.4;

/** In logits; of the sides, their natural logarithms. `models/train/masks/README.md` says how they were chosen. */
const weights = {
  proposed: 1.3,
  refined: 0.65,
  head: 2.1,
  body: -0.85,
  side: 0.3,
  pictureSide: -0.5,
} as const;
const bias = 1.8;
/** A larger face is no more likely to be one. */
const amplySide = 64;
/** Pixels within which the weight of the picture's side was measured; it stays as it is beyond. */
const pictureSides = [400, 1280] as const;

/** That this is a face, masked or bare, 0 to 1. */
export function faceScore({ proposed, refined, place, side, pictureSide }: FaceSigns): number {
  const mean = proposed.reduce((sum, score) => sum + score, 0) / proposed.length;
  const sum =
    bias +
    weights.proposed * logit(mean) +
    weights.refined * logit(refined) +
    (place === 'nowhere' ? 0 : weights[place]) +
    weights.side * Math.log(Math.min(side, amplySide)) +
    weights.pictureSide * Math.log(Math.min(Math.max(pictureSide, pictureSides[0]), pictureSides[1]));
  return 1 / (1 + Math.exp(-sum));
}

/** Which of several boxes lies best on one face: more is better. Scores 0 to 1: of the proposal it came from, and the refiner's. */
export function boxMerit(proposed: number, refined: number): number {
  return logit(refined) + 0.25 * logit(proposed);
}

/** Which person a face belongs to, by index, and where on that person it sits. */
export function placeOnPerson(
  face: Box,
  persons: readonly Detection[],
): { place: FaceSigns['place']; person?: number } {
  const centreX = face[0] + face[2] / 2;
  const centreY = face[1] + face[3] / 2;
  let best: { person: number; place: 'head' | 'body'; distance: number } | undefined;
  persons.forEach(({ box: [x, y, width, height] }, person) => {
    const across = (centreX - x) / width;
    const down = (centreY - y) / height;
    if (across < -0.1 || across > 1.1 || down < -0.1 || down > 1.05) return;
    const isHead = across > 0.08 && across < 0.92 && down < 0.4 && face[2] > width * 0.12;
    // Heads are near the top and the middle: of several persons the one it fits best has it.
    const distance = Math.abs(across - 0.5) + Math.abs(down - 0.15) + (isHead ? 0 : 1);
    if (!best || distance < best.distance) best = { person, place: isHead ? 'head' : 'body', distance };
  });
  if (!best) return { place: 'nowhere' };
  return best.place === 'head' ? { place: 'head', person: best.person } : { place: 'body' };
}

function logit(probability: number): number {
  const clipped = Math.min(1 - 1e-4, Math.max(1e-4, probability));
  return Math.log(clipped / (1 - clipped));
}
