import type { Box } from './perception.ts';

/** Area both boxes cover over the area either covers, 0 to 1. */
export function intersectionOverUnion(a: Box, b: Box): number {
  const shared = sharedArea(a, b);
  const either = a[2] * a[3] + b[2] * b[3] - shared;
  return either > 0 ? shared / either : 0;
}

/** Area both boxes cover over the area of the smaller one, 0 to 1: 1 when one lies inside the other. */
export function intersectionOverSmaller(a: Box, b: Box): number {
  const smaller = Math.min(a[2] * a[3], b[2] * b[3]);
  return smaller > 0 ? sharedArea(a, b) / smaller : 0;
}

function sharedArea(a: Box, b: Box): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  return width > 0 && height > 0 ? width * height : 0;
}

/**
 * Greedy non-maximum suppression: best score first, a candidate goes when it overlaps a kept one by more than
 * `limit`. Returns the kept ones, best first.
 */
export function suppress<T extends { box: Box; score: number }>(
  candidates: readonly T[],
  limit: number,
  overlap: (a: Box, b: Box) => number = intersectionOverUnion,
): T[] {
  const kept: T[] = [];
  for (const candidate of candidates.toSorted((a, b) => b.score - a.score))
    if (!kept.some((better) => overlap(better.box, candidate.box) > limit)) kept.push(candidate);
  return kept;
}

/** The part of `box` inside a `width`×`height` picture; its size is 0 when nothing is inside. */
export function clipBox([x, y, w, h]: Box, width: number, height: number): Box {
  const left = Math.min(Math.max(x, 0), width);
  const top = Math.min(Math.max(y, 0), height);
  const right = Math.min(Math.max(x + w, left), width);
  const bottom = Math.min(Math.max(y + h, top), height);
  return [left, top, right - left, bottom - top];
}
