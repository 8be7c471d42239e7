import type { Box, Detection } from './perception.ts';

/** What speaks for a face. All values 0 to 1. */
export interface FaceSigns {
  /** The proposer's. */
  proposal: number;
  /** The refiner's. */
  refined: number;
  /** Where on a detected person it sits. */
  place: 'head' | 'body' | 'nowhere';
}

/** A face this likely is reported. */
export const reportedFrom = 0.88;

/** In logits. What the refiner says counts; the rest tips the balance. */
const weights = { proposal: 0.25, head: 1.5, body: -1 } as const;

/** That this is a face, masked or bare, 0 to 1. */
export function faceScore({ proposal, refined, place }: FaceSigns): number {
  const sum =
    logit(refined) + weights.proposal * logit(proposal) + (place === 'nowhere' ? 0 : weights[place]);
  return 1 / (1 + Math.exp(-sum));
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
