import { rasterizeSvg } from '../capture/picture-codec.ts';
import type { Layer } from './layer.ts';
import { type Mesh, makeTexture, type Texture } from './mesh.ts';
import { type ModelName, vehicleModels } from './vehicle-models.ts';
import { buildVehicle, type VehicleShape } from './vehicle-shape.ts';
import type { Stroke } from './vehicle-strokes.ts';

/** A vehicle ready to be painted. */
export interface VehicleArt {
  shape: VehicleShape;
  mesh: Mesh;
  /** In the order of `textureOf`. */
  textures: Texture[];
  /** What it looks like where it stands now: drivers wait at the reader. */
  standing?: { key: string; layer: Layer | undefined };
  /** Middle of the plate at the front and at the rear, metres of the vehicle. */
  plates: { front: readonly [y: number, z: number]; rear: readonly [y: number, z: number] };
  /** Lamps: distance from the middle, height, metres. */
  lamps: { front: readonly [x: number, y: number]; rear: readonly [x: number, y: number] };
}

/** Prepares a model in a colour. */
export async function prepareVehicle(model: ModelName, colour: string): Promise<VehicleArt> {
  const { shape, elevations, plates, lamps } = vehicleModels[model];
  const { front, rear, side, top, box } = elevations(colour);
  const high = shape.height;
  const textures = await Promise.all([
    drawElevation(front, [-1.2, 2.4, high], 340),
    drawElevation(rear, [-1.2, 2.4, high], 340),
    drawElevation(side, [0, shape.length, high], 170),
    drawElevation(top, [-1.2, 2.4, shape.length], 100),
    drawElevation(wheel, [-1, 2, 2], 96),
    drawElevation([{ shape: '<rect width="9" height="9"/>', paint: '#0b0b0c', gloss: 0 }], [0, 1, 1], 8),
    drawElevation(box ?? [], [0, 1, 1], 256),
  ]);
  return { shape, mesh: buildVehicle(shape), textures, plates, lamps };
}

/** Rasterises colour and gloss apart and joins them. `frame`: left edge, width and height in metres, y upwards. */
async function drawElevation(
  strokes: Stroke[],
  [left, width, height]: readonly [number, number, number],
  pixelsPerMetre: number,
): Promise<Texture> {
  const svg = (content: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.round(width * pixelsPerMetre)}" height="${Math.round(height * pixelsPerMetre)}" viewBox="${left} 0 ${width} ${height}"><defs>${gradients}</defs><rect x="${left}" width="${width}" height="${height}" fill="#000"/><g transform="translate(0 ${height}) scale(1 -1)">${content}</g></svg>`;
  const colour = await rasterizeSvg(
    svg(strokes.map(({ shape, paint }) => `<g fill="${paint}">${shape}</g>`).join('')),
  );
  const gloss = await rasterizeSvg(
    svg(
      strokes
        .map(({ shape, gloss }) => `<g fill="rgb(${Math.round(gloss * 255)},0,0)">${shape}</g>`)
        .join(''),
    ),
  );
  for (let at = 0; at < colour.data.length; at += 4) colour.data[at + 3] = gloss.data[at];
  return makeTexture(colour, pixelsPerMetre);
}

/** Paints that strokes may name; y runs upwards. */
const gradients = `
<linearGradient id="glass" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#11171b"/><stop offset=".55" stop-color="#1d282e"/><stop offset="1" stop-color="#43545e"/></linearGradient>
<linearGradient id="sideglass" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#12171a"/><stop offset=".6" stop-color="#232d33"/><stop offset="1" stop-color="#4d5d66"/></linearGradient>
<linearGradient id="chrome" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#6f767c"/><stop offset=".5" stop-color="#e9edf0"/><stop offset="1" stop-color="#9aa2a8"/></linearGradient>
<radialGradient id="lens"><stop offset="0" stop-color="#ffffff"/><stop offset=".45" stop-color="#dfe9f0"/><stop offset="1" stop-color="#5a666e"/></radialGradient>
<linearGradient id="lamp" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#59646b"/><stop offset="1" stop-color="#b9c6cd"/></linearGradient>
<linearGradient id="tail" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#5a0509"/><stop offset="1" stop-color="#c3141c"/></linearGradient>`;

const spokes = Array.from({ length: 10 }, (_, index) => {
  const angle = (index * Math.PI) / 5;
  const at = (radius: number, turn: number) =>
    `${radius * Math.cos(angle + turn)} ${1 + radius * Math.sin(angle + turn)}`;
  return `<path d="M${at(0.12, -0.5)} L${at(0.62, -0.09)} L${at(0.62, 0.09)} L${at(0.12, 0.5)} Z"/>`;
}).join('');

/** A tyre and a rim with ten spokes, in a square of 2×2. */
const wheel: Stroke[] = [
  { shape: '<rect x="-1" width="2" height="2"/>', paint: '#161617', gloss: 0.02 },
  { shape: '<circle cx="0" cy="1" r="0.68"/>', paint: '#2b2d30', gloss: 0.1 },
  { shape: spokes, paint: '#b7bcc1', gloss: 0.3 },
  { shape: '<circle cx="0" cy="1" r="0.16"/>', paint: '#8d9297', gloss: 0.3 },
];
