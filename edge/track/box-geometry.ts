import type { Box } from '../perceive/perception.ts';

/** The largest coordinate taken for real, pixels; beyond it squares and products lose their meaning. */
const largestCoordinate = 1e6;

/** Finite, not absurd and at least a pixel wide and high: what the filter may be fed. */
export function isUsableBox(box: Box): boolean {
  return box.every((side) => Math.abs(side) <= largestCoordinate) && box[2] >= 1 && box[3] >= 1;
}

/** `[x, y]` of the middle, pixels. */
export function centreOf([x, y, width, height]: Box): [number, number] {
  return [x + width / 2, y + height / 2];
}

/** Side of the square of equal area, pixels: the unit in which distances between boxes are measured. */
export function sizeOf(box: Box): number {
  return Math.sqrt(box[2] * box[3]);
}

/** Distance between the middles, pixels. */
export function centreDistance(a: Box, b: Box): number {
  const [ax, ay] = centreOf(a);
  const [bx, by] = centreOf(b);
  return Math.hypot(ax - bx, ay - by);
}

function intersection(a: Box, b: Box): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Intersection over union, 0 to 1. */
export function iou(a: Box, b: Box): number {
  const shared = intersection(a, b);
  const union = a[2] * a[3] + b[2] * b[3] - shared;
  return union > 0 ? Math.min(1, shared / union) : 0;
}

/** Share of `inner` that lies in `outer`, 0 to 1. */
export function containment(inner: Box, outer: Box): number {
  const area = inner[2] * inner[3];
  return area > 0 ? Math.min(1, intersection(inner, outer) / area) : 0;
}
