import type { Point } from '../perception.ts';

/** Corners of a quadrilateral, clockwise from top left. */
export type Corners = [Point, Point, Point, Point];

/** A line of text as a parallelogram with upright sides, the way a plate looks from a camera held level. */
export interface TextLine {
  corners: Corners;
  /** Mean probability of its pixels, 0 to 1. */
  score: number;
}

/** Probability of text per pixel, row-major. */
export interface TextMap {
  data: Float32Array;
  width: number;
  height: number;
}

/** A pixel above this belongs to a line, a line above this mean is kept [DB, Liao 2020]. */
const pixelThreshold = 0.3;
const lineThreshold = 0.45;
/** How much wider the line is than the shrunk core that the network paints: distance = area · ratio / perimeter. */
const unclipRatio = 1.6;
/** Smaller components are noise, pixels of the map. */
const leastPixels = 10;

/** Finds lines of text in a probability map: connected components, a straight fit through each, grown back to the whole line. Pixels of the map. */
export function findTextLines(map: TextMap): TextLine[] {
  const lines: TextLine[] = [];
  const seen = new Uint8Array(map.data.length);
  for (let start = 0; start < map.data.length; start++) {
    if (seen[start] || map.data[start]! < pixelThreshold) continue;
    const component = collectComponent(map, start, seen);
    if (component.length < leastPixels) continue;
    const score = component.reduce((sum, i) => sum + map.data[i]!, 0) / component.length;
    if (score < lineThreshold) continue;
    lines.push({ corners: fitLine(component, map.width), score });
  }
  return lines;
}

/** All pixels above the threshold that hang together with `start`, 8-connected. */
function collectComponent(map: TextMap, start: number, seen: Uint8Array): number[] {
  const component = [start];
  seen[start] = 1;
  for (let next = 0; next < component.length; next++) {
    const x = component[next]! % map.width;
    const y = (component[next]! - x) / map.width;
    for (let row = Math.max(0, y - 1); row <= Math.min(map.height - 1, y + 1); row++)
      for (let column = Math.max(0, x - 1); column <= Math.min(map.width - 1, x + 1); column++) {
        const i = row * map.width + column;
        if (seen[i] || map.data[i]! < pixelThreshold) continue;
        seen[i] = 1;
        component.push(i);
      }
  }
  return component;
}

/** A straight line through the pixels by least squares; the upper and lower edge enclose 96 % of them. */
function fitLine(component: readonly number[], width: number): Corners {
  const xs = component.map((i) => i % width);
  const ys = component.map((i) => Math.floor(i / width));
  const centreX = mean(xs);
  const centreY = mean(ys);
  let covariance = 0;
  let variance = 0;
  for (let i = 0; i < xs.length; i++) {
    covariance += (xs[i]! - centreX) * (ys[i]! - centreY);
    variance += (xs[i]! - centreX) ** 2;
  }
  const slope = variance > 0 ? covariance / variance : 0;
  const offsets = ys.map((y, i) => y - centreY - slope * (xs[i]! - centreX)).sort((a, b) => a - b);
  const top = offsets[Math.floor(offsets.length * 0.02)]! - 0.5;
  const bottom = offsets[Math.ceil(offsets.length * 0.98) - 1]! + 0.5;
  const left = xs.reduce((a, b) => Math.min(a, b)) - 0.5;
  const right = xs.reduce((a, b) => Math.max(a, b)) + 0.5;

  const length = right - left;
  const height = bottom - top;
  const grow = (length * height * unclipRatio) / (2 * (length + height));
  const at = (x: number, offset: number): Point => [x + 0.5, centreY + slope * (x - centreX) + offset + 0.5];
  return [
    at(left - grow, top - grow),
    at(right + grow, top - grow),
    at(right + grow, bottom + grow),
    at(left - grow, bottom + grow),
  ];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
