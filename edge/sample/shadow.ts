import { project } from './view.ts';
import { type ShadeMask, shadeFrame, type YuvFrame } from './yuv-frame.ts';

/** A point of the ground, metres. */
export type GroundPoint = readonly [x: number, z: number];

const step = 4;

/** The corners of a rectangle that stands at `x`, `z` and is turned, grown by `rim` metres on every side. */
export function footprint(
  { x, z, turn }: { x: number; z: number; turn: number },
  size: { half: number; length: number },
  rim: number,
): GroundPoint[] {
  const cos = Math.cos(turn);
  const sin = Math.sin(turn);
  const corners = [
    [-size.half - rim, -rim],
    [size.half + rim, -rim],
    [size.half + rim, size.length + rim],
    [-size.half - rim, size.length + rim],
  ];
  return corners.map(([across, along]) => [x + across * cos + along * sin, z - across * sin + along * cos]);
}

/** Points around a spot, for the shade of something round. */
export function roundSpot(x: number, z: number, radius: number): GroundPoint[] {
  return Array.from({ length: 10 }, (_, index) => {
    const angle = (index * Math.PI) / 5;
    return [x + radius * Math.cos(angle), z + radius * Math.sin(angle)];
  });
}

/** Where the sun throws a point that is `height` metres above the ground. `sun` points towards it. */
export function thrown(
  [x, z]: GroundPoint,
  height: number,
  sun: readonly [number, number, number],
): GroundPoint {
  return [x - (sun[0] / sun[1]) * height, z - (sun[2] / sun[1]) * height];
}

/** The soft shade inside the outline of all points; `blur` in metres at the nearest point. Undefined out of the picture. */
export function castShadow(
  points: readonly GroundPoint[],
  blur: number,
  footage: { width: number; height: number },
): ShadeMask | undefined {
  const near = Math.max(0.8, Math.min(...points.map(([, z]) => z)));
  const seen = hull(points.map(([x, z]) => project([x, 0, Math.max(0.8, z)])));
  const radius = Math.max(1, Math.min(14, Math.round((blur * 1750) / near / step / 2)));
  const room = (radius * 2 + 2) * step;
  const left = Math.max(0, Math.floor(Math.min(...seen.map(([x]) => x))) - room) & ~(step - 1);
  const right = Math.min(footage.width, Math.ceil(Math.max(...seen.map(([x]) => x))) + room);
  const top = Math.max(0, Math.floor(Math.min(...seen.map(([, y]) => y))) - room) & ~(step - 1);
  const bottom = Math.min(footage.height, Math.ceil(Math.max(...seen.map(([, y]) => y))) + room);
  if (right <= left || bottom <= top) return undefined;
  const shadow: ShadeMask = {
    left,
    top,
    width: Math.ceil((right - left) / step),
    height: Math.ceil((bottom - top) / step),
    step,
    data: new Uint8Array(Math.ceil((right - left) / step) * Math.ceil((bottom - top) / step)),
  };
  fillOutline(shadow, seen);
  for (let round = 0; round < 2; round++) blurShadow(shadow, radius);
  return shadow;
}

/** Darkens the ground; what `hidden` covers (255 = wholly, as large as the frame) stays as it is. */
export function layShadow(frame: YuvFrame, shadow: ShadeMask, strength: number, hidden?: Uint8Array): void {
  if (hidden) {
    for (let row = 0; row < shadow.height; row++)
      for (let column = 0; column < shadow.width; column++) {
        const x = Math.min(frame.width - 1, shadow.left + column * step);
        const y = Math.min(frame.height - 1, shadow.top + row * step);
        if (hidden[y * frame.width + x] > 127) shadow.data[row * shadow.width + column] = 0;
      }
  }
  shadeFrame(frame, shadow, strength);
}

type Point = readonly [number, number];

/** Convex hull by Andrew's monotone chain, clockwise in picture coordinates. */
function hull(points: Point[]): Point[] {
  const sorted = points.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const chain = (ordered: Point[]) => {
    const kept: Point[] = [];
    for (const point of ordered) {
      while (kept.length > 1 && turns(kept.at(-2)!, kept.at(-1)!, point) <= 0) kept.pop();
      kept.push(point);
    }
    return kept.slice(0, -1);
  };
  return [...chain(sorted), ...chain(sorted.toReversed())];
}

const turns = (a: Point, b: Point, c: Point) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

function fillOutline(shadow: ShadeMask, outline: readonly Point[]): void {
  for (let row = 0; row < shadow.height; row++) {
    const y = shadow.top + (row + 0.5) * step;
    const crossings: number[] = [];
    outline.forEach(([ax, ay], index) => {
      const [bx, by] = outline[(index + 1) % outline.length];
      if (ay <= y !== by <= y) crossings.push(ax + ((bx - ax) * (y - ay)) / (by - ay));
    });
    if (crossings.length < 2) continue;
    const from = Math.max(0, Math.round((Math.min(...crossings) - shadow.left) / step));
    const to = Math.min(shadow.width, Math.round((Math.max(...crossings) - shadow.left) / step));
    if (to > from) shadow.data.fill(255, row * shadow.width + from, row * shadow.width + to);
  }
}

function blurShadow({ width, height, data }: ShadeMask, radius: number): void {
  blurLines(data, height, width, width, 1, radius);
  blurLines(data, width, height, 1, width, radius);
}

/** A running mean along each line, in place. */
function blurLines(
  data: Uint8Array,
  lines: number,
  length: number,
  lineStride: number,
  stride: number,
  radius: number,
): void {
  const before = new Uint8Array(length);
  for (let line = 0; line < lines; line++) {
    const start = line * lineStride;
    for (let at = 0; at < length; at++) before[at] = data[start + at * stride];
    let sum = 0;
    for (let at = -radius; at < length; at++) {
      if (at + radius < length) sum += before[at + radius];
      if (at - radius - 1 >= 0) sum -= before[at - radius - 1];
      if (at >= 0) data[start + at * stride] = sum / (2 * radius + 1);
    }
  }
}
