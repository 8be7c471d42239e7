import type { Point } from '../perception.ts';

/** Corners clockwise from the plate's own top left, pixels. */
export type Corners = [Point, Point, Point, Point];

/** What the plate network says of its input, cell by cell. */
export interface PlateCells {
  /** `[10, rows, columns]`: logit of a plate's centre, eight corner offsets in `unit` pixels from the cell's centre, logit of two rows. */
  data: Float32Array;
  rows: number;
  columns: number;
  /** Input pixels per cell. */
  stride: number;
  /** Input pixels per unit of the corner offsets. */
  unit: number;
}

/** A plate found in the network's input, pixels of that input. */
export interface FoundPlate {
  corners: Corners;
  /** That there is a plate, 0 to 1. */
  score: number;
  /** Probability that its text stands in two rows, 0 to 1. */
  twoRows: number;
}

/** Cells whose boxes overlap more than this speak of one plate. */
const samePlate = 0.4;
/** Cells with at least this part of the best one's score have a say in the corners. */
const sayInCorners = 0.6;
/** No picture shows more plates that could be read; of a white one the network takes a thousand places for plates. */
const mostPlates = 64;

/**
 * The plates, best first, `mostPlates` of them: neighbouring cells that see one plate give the mean of its corners,
 * weighted by their scores.
 */
export function platesOf(cells: PlateCells, leastScore: number): FoundPlate[] {
  const groups: { extent: Extent; plates: FoundPlate[] }[] = [];
  for (const found of cellsAbove(cells, leastScore)) {
    const extent = extentOf(found.corners);
    const group = groups.find((group) => sharedPart(group.extent, extent) > samePlate);
    if (group) group.plates.push(found);
    else if (groups.length < mostPlates) groups.push({ extent, plates: [found] });
  }
  return groups.map(({ plates }) => merge(plates));
}

function cellsAbove({ data, rows, columns, stride, unit }: PlateCells, leastScore: number): FoundPlate[] {
  const size = rows * columns;
  const found: FoundPlate[] = [];
  for (let cell = 0; cell < size; cell++) {
    const score = logistic(data[cell]!);
    if (!(score >= leastScore)) continue;
    const x = ((cell % columns) + 0.5) * stride;
    const y = (Math.floor(cell / columns) + 0.5) * stride;
    const corner = (index: number): Point => [
      x + data[(1 + 2 * index) * size + cell]! * unit,
      y + data[(2 + 2 * index) * size + cell]! * unit,
    ];
    const corners: Corners = [corner(0), corner(1), corner(2), corner(3)];
    if (!corners.flat().every(Number.isFinite)) continue;
    found.push({ corners, score, twoRows: logistic(data[9 * size + cell]!) });
  }
  return found.sort((a, b) => b.score - a.score);
}

function merge(group: readonly FoundPlate[]): FoundPlate {
  const best = group[0]!;
  const voices = group.filter(({ score }) => score >= best.score * sayInCorners);
  const total = voices.reduce((sum, { score }) => sum + score, 0);
  const mean = (read: (plate: FoundPlate) => number) =>
    voices.reduce((sum, voice) => sum + read(voice) * voice.score, 0) / total;
  const corner = (index: 0 | 1 | 2 | 3): Point => [
    mean((voice) => voice.corners[index][0]),
    mean((voice) => voice.corners[index][1]),
  ];
  return {
    corners: [corner(0), corner(1), corner(2), corner(3)],
    score: best.score,
    twoRows: mean((voice) => voice.twoRows),
  };
}

/** Intersection over union of the upright boxes around two quadrilaterals. */
export function overlap(a: Corners, b: Corners): number {
  return sharedPart(extentOf(a), extentOf(b));
}

function sharedPart(a: Extent, b: Extent): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const area = ({ left, top, right, bottom }: Extent) => (right - left) * (bottom - top);
  return (width * height) / (area(a) + area(b) - width * height);
}

interface Extent {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The upright box around a quadrilateral. */
export function extentOf(corners: Corners): Extent {
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
