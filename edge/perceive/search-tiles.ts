import type { Box } from './perception.ts';

/** Tiles have the aspect of the face proposer's input. */
const aspect = 4 / 3;
/** Tiles this small show faces of about 20 pixels well enough. */
const smallestTile = 400;
/** In very large pictures the smallest tile is this part of the long side: faces there are larger too. */
const smallestPart = 1 / 6;
const overlap = 0.3;

/** Regions that together show faces of every size in a picture: the whole of it, then halves, quarters … with overlap. */
export function searchTiles(width: number, height: number): Box[] {
  const whole = Math.max(width, height * aspect);
  const smallest = Math.max(smallestTile, whole * smallestPart);
  const tiles: Box[] = [[0, 0, width, height]];
  for (let side = whole / 2; side >= smallest * 0.75; side /= 2) {
    const lefts = starts(width, side);
    const tops = starts(height, side / aspect);
    for (const top of tops) for (const left of lefts) tiles.push([left, top, side, side / aspect]);
  }
  return tiles;
}

/** Even steps from edge to edge, each overlapping the last; one centred tile when it is longer than the picture. */
function starts(length: number, tile: number): number[] {
  if (tile >= length) return [(length - tile) / 2];
  const steps = Math.ceil((length - tile) / (tile * (1 - overlap)));
  return Array.from({ length: steps + 1 }, (_, i) => ((length - tile) * i) / steps);
}
