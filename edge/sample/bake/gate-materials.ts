import { type RgbaPicture, rasterizeSvg } from '../../capture/picture-codec.ts';
import { drawSignText } from '../plate-art.ts';
import { type Material, materials } from './gate-model.ts';

type Colour = [red: number, green: number, blue: number];

/** What a point of a surface looks like: reflectance 0–1, and light of its own by day and at dusk. */
export interface Surface {
  albedo: Colour;
  day: Colour;
  dusk: Colour;
}

/** Drawings that lie on surfaces: road paint and the sign. */
export interface Decals {
  road: RgbaPicture;
  sign: RgbaPicture;
}

const roadArea = { left: -4, right: 4, near: 3, far: 24, pixelsPerMetre: 80 };
const dark: Colour = [0, 0, 0];

/** Draws the paint on the road and the sign over the gate. */
export async function drawDecals(): Promise<Decals> {
  const { left, right, near, far, pixelsPerMetre } = roadArea;
  const [width, height] = [right - left, far - near];
  const arrow = (z: number) => `<path d="M-1.64 ${z + 3} h0.18 v-1.9 h0.24 l-0.33 -1.1 l-0.33 1.1 h0.24 Z"/>`;
  const road = await rasterizeSvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width * pixelsPerMetre}" height="${height * pixelsPerMetre}" viewBox="${left} ${near} ${width} ${height}"><g fill="#eceae2">
<rect x="-3.05" y="7.55" width="3.1" height="0.28"/>${arrow(14.4)}${arrow(19)}
<rect x="-3.02" y="3" width="0.1" height="20"/><rect x="-0.02" y="3" width="0.1" height="20"/>
<g transform="translate(-2.3 12.2) scale(1.5 -2.2)">${drawSignText('慢', 1, '#eceae2')}</g></g>
<g fill="#d9a825">${Array.from({ length: 6 }, (_, index) => `<rect x="${-3.1 + index * 0.56}" y="13.1" width="0.28" height="0.4"/>`).join('')}</g></svg>`,
  );
  const sign = await rasterizeSvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="1400" height="200" viewBox="0 0 7 1"><g transform="translate(0.4 0.1)">${drawSignText('梧桐苑', 0.8, '#f4d58a')}</g><g transform="translate(4.2 0.1)">${drawSignText('东门', 0.8, '#f4d58a')}</g></svg>`,
  );
  return { road, sign };
}

/** The look of a material at a point with a normal; deterministic. */
export function lookAt(
  material: number,
  p: readonly number[],
  n: readonly number[],
  patch: number,
  decals: Decals,
): Surface {
  const name: Material = materials[material];
  const plain = (albedo: Colour): Surface => ({ albedo, day: dark, dusk: dark });
  switch (name) {
    case 'ground':
      return plain(groundAt(p, decals.road));
    case 'kerb':
      return plain(grey(0.5 * mottled(p, 9, 0.2) * joints(p[2], 1, 0.02)));
    case 'render':
      return plain(
        tint(
          [0.72, 0.68, 0.6],
          mottled(p, 1.1, 0.16) * mottled(p, 14, 0.07) * (0.78 + 0.22 * Math.min(1, p[1] / 0.5)),
        ),
      );
    case 'stone':
      return plain(stoneAt(p, n));
    case 'coping':
      return plain(grey(0.46 * mottled(p, 7, 0.2)));
    case 'roof':
      return plain(tint([0.16, 0.17, 0.19], mottled(p, 5, 0.15)));
    case 'steel':
      return plain(grey(0.22 * mottled(p, 6, 0.1)));
    case 'cabinet':
      return plain(tint([0.8, 0.5, 0.05], mottled(p, 5, 0.1) * joints(p[1] + 0.2, 0.9, 0.012)));
    case 'beam':
      return plain(tint([0.2, 0.13, 0.1], mottled(p, 3, 0.15) * joints(p[0], 1.35, 0.012)));
    case 'sign':
      return signAt(p, decals.sign);
    case 'bark':
      return plain(tint([0.24, 0.19, 0.14], mottled([p[0] * 3, p[1] * 0.6, p[2] * 3], 4, 0.5)));
    case 'leaf':
      return plain(leafColour(patch, [0.13, 0.25, 0.06]));
    case 'hedge':
      return plain(leafColour(patch, [0.09, 0.2, 0.06]));
    case 'facadeSand':
      return facadeAt(p, n, [0.74, 0.66, 0.54], 3.3, 1);
    case 'facadeBrick':
      return facadeAt(p, n, [0.55, 0.3, 0.23], 2.7, 2);
    case 'facadeGrey':
      return facadeAt(p, n, [0.62, 0.63, 0.63], 3.3, 3);
    case 'slab':
      return plain(grey(0.66 * mottled(p, 2, 0.1)));
    case 'lamp':
      return { albedo: [0.7, 0.68, 0.62], day: dark, dusk: [5.2, 4, 2.3] };
    case 'booth':
      return plain(tint([0.82, 0.83, 0.84], mottled(p, 2, 0.06) * joints(p[1] + 0.02, 0.48, 0.01)));
    case 'glass':
      return glassAt(p, n);
    case 'hump':
      return plain(Math.floor((p[0] + 3.1) / 0.28) % 2 === 0 ? [0.72, 0.54, 0.08] : [0.06, 0.06, 0.06]);
  }
}

function groundAt(p: readonly number[], road: RgbaPicture): Colour {
  const [x, , z] = p;
  if (z > 30.5) return tint([0.4, 0.38, 0.35], mottled(p, 1.5, 0.2));
  if (z > 23 || (x > -3.25 && x < 0.25)) return asphaltAt(x, z, p, road);
  if (x >= 0.25 && x < 2.66) return paverAt(x, z, p);
  const grass = 0.75 + 0.5 * noise(x * 7, 0, z * 7);
  if (z < 11.9) return tint([0.13, 0.2, 0.06], grass * mottled(p, 1.2, 0.4) * mottled(p, 30, 0.5));
  return tint([0.42, 0.4, 0.37], mottled(p, 2, 0.2) * joints(x, 0.6, 0.012) * joints(z, 0.6, 0.012));
}

function asphaltAt(x: number, z: number, p: readonly number[], road: RgbaPicture): Colour {
  const speckle = 0.72 + 0.56 * hashed(Math.floor(x * 120), 1, Math.floor(z * 90));
  const track = Math.exp(-(((Math.abs(x + 1.55) - 0.75) / 0.26) ** 2));
  const oil = 0.25 * Math.exp(-(((x + 1.55) / 0.3) ** 2)) * noise(3, 1, z * 0.7);
  const seam = Math.abs(z - 16.2 - 0.06 * Math.sin(x * 3)) < 0.02 ? 0.6 : 1;
  const bare =
    0.17 * speckle * mottled(p, 0.6, 0.22) * mottled(p, 5, 0.14) * (1 - 0.16 * track) * (1 - oil) * seam;
  const base: Colour = [bare * 1.02, bare, bare * 0.985];
  const paint = decalAt(
    road,
    (x - roadArea.left) / (roadArea.right - roadArea.left),
    (z - roadArea.near) / (roadArea.far - roadArea.near),
  );
  if (!paint) return base;
  const worn = Math.min(1, Math.max(0, 1.5 - 1.25 * noise(x * 9, 2, z * 9) - 0.3 * track)) * paint.share;
  return base.map((value, channel) => value * (1 - worn) + paint.colour[channel] * 0.8 * worn) as Colour;
}

/** Herringbone would be finer; a running bond in three shades does. */
function paverAt(x: number, z: number, p: readonly number[]): Colour {
  const row = Math.floor(z / 0.2);
  const shifted = x + (row & 1 ? 0.2 : 0);
  const stone = hashed(Math.floor(shifted / 0.4), row, 5);
  const joint = joints(shifted, 0.4, 0.011) * joints(z, 0.2, 0.011);
  const colour: Colour =
    stone < 0.5 ? [0.43, 0.36, 0.32] : stone < 0.8 ? [0.48, 0.43, 0.39] : [0.38, 0.35, 0.34];
  return tint(
    colour,
    joint * (0.9 + 0.2 * hashed(Math.floor(x * 90), 3, Math.floor(z * 60))) * mottled(p, 0.8, 0.2),
  );
}

function stoneAt(p: readonly number[], n: readonly number[]): Colour {
  const along = Math.abs(n[0]) > 0.5 ? p[2] : p[0];
  const course = Math.floor(p[1] / 0.31);
  const shifted = along + (course & 1 ? 0.28 : 0);
  const block = hashed(Math.floor(shifted / 0.56), course, 9);
  const joint = joints(p[1], 0.31, 0.014) * joints(shifted, 0.56, 0.014);
  return tint([0.6, 0.54, 0.45], joint * (0.86 + 0.26 * block) * mottled(p, 6, 0.16) * mottled(p, 26, 0.12));
}

function signAt(p: readonly number[], sign: RgbaPicture): Surface {
  const found = decalAt(sign, (p[0] + 2.15) / 3.5, 1 - (p[1] - 3.27) / 0.5);
  const board: Colour = [0.1, 0.055, 0.045];
  if (!found) return { albedo: board, day: dark, dusk: dark };
  const albedo = board.map(
    (value, channel) => value * (1 - found.share) + found.colour[channel] * found.share,
  ) as Colour;
  return { albedo, day: dark, dusk: [0.95 * found.share, 0.7 * found.share, 0.34 * found.share] };
}

/** Panes show the sky above and what is inside below; at dusk a lamp burns inside. */
function glassAt(p: readonly number[], n: readonly number[]): Surface {
  const side = Math.abs(n[0]) > 0.5;
  const high = Math.min(1, Math.max(0, (p[1] - 0.95) / 1.15));
  const sky = 0.18 + 0.4 * high * (0.7 + 0.3 * Math.sin((side ? p[2] : p[0]) * 5 + p[1] * 3));
  const desk = p[1] < 1.16 ? 0.5 : 1;
  const person = !side && isGuard(p[0] + 4.3, p[1] - 1.02) ? 0.72 : 1;
  return {
    albedo: [0.03, 0.035, 0.035],
    day: [
      sky * 0.72 * (0.6 + 0.4 * person),
      sky * 0.84 * (0.6 + 0.4 * person),
      sky * 0.92 * (0.6 + 0.4 * person),
    ],
    dusk: [1.5 * desk * person, 1.22 * desk * person, 0.78 * desk * person],
  };
}

/** The outline of the guard at the desk: a head with a cap, and shoulders; metres from the middle of the collar. */
function isGuard(x: number, y: number): boolean {
  const head = Math.hypot(x / 0.085, (y - 0.42) / 0.115) < 1;
  const cap = Math.hypot(x / 0.12, (y - 0.5) / 0.045) < 1;
  const shoulders = y < 0.32 && Math.hypot(x / 0.24, (y - 0.02) / 0.28) < 1;
  return head || cap || shoulders;
}

/** Walls with windows: frames, panes that mirror the sky, curtains, and some lit at dusk. */
function facadeAt(
  p: readonly number[],
  n: readonly number[],
  wall: Colour,
  spacing: number,
  seed: number,
): Surface {
  const across = Math.abs(n[0]) > 0.5 ? p[2] : p[0];
  const column = Math.floor(across / spacing);
  const floor = Math.floor((p[1] - 0.6) / 3);
  const u = across / spacing - column;
  const v = (p[1] - 0.6) / 3 - floor;
  const weathered = mottled(p, 0.4, 0.1) * mottled(p, 3, 0.06);
  const plain: Surface = { albedo: tint(wall, weathered * (p[1] < 0.8 ? 0.6 : 1)), day: dark, dusk: dark };
  if (n[1] > 0.5 || floor < 0) return plain;
  const [edgeX, edgeY] = [Math.abs(u - 0.5) / 0.29, Math.abs(v - 0.5) / 0.27];
  const edge = Math.max(edgeX, edgeY);
  if (edge > 1.12) return plain;
  if (edge > 1) return { ...plain, albedo: [0.75, 0.74, 0.71] };
  if (Math.abs(u - 0.5) < 0.012 || edge > 0.94) return { ...plain, albedo: [0.32, 0.33, 0.34] };
  const chance = hashed(column, floor, seed);
  const curtain = u < 0.32 + 0.12 * chance && chance < 0.55;
  const sky = (0.2 + 0.34 * v) * (0.75 + 0.5 * hashed(column, floor, seed + 7)) * (v > 0.7 ? 0.75 : 1);
  const lit = hashed(floor, column, seed + 3) < 0.42 ? 0.45 + 0.5 * chance : 0;
  return {
    albedo: curtain ? [0.4, 0.38, 0.34] : [0.03, 0.035, 0.04],
    day: curtain ? [0.04, 0.04, 0.05] : [sky * 0.66, sky * 0.78, sky * 0.9],
    dusk: [0.95 * lit + 0.012, 0.68 * lit + 0.014, 0.34 * lit + 0.022],
  };
}

function leafColour(patch: number, [red, green, blue]: Colour): Colour {
  const a = hashed(patch, 1, 1);
  const b = hashed(patch, 2, 1);
  return [red * (0.55 + 0.95 * a) * (0.9 + 0.5 * b), green * (0.55 + 0.85 * a), blue * (0.5 + a)];
}

function decalAt(picture: RgbaPicture, u: number, v: number): { colour: Colour; share: number } | undefined {
  if (u < 0 || v < 0 || u >= 1 || v >= 1) return undefined;
  const at = (Math.floor(v * picture.height) * picture.width + Math.floor(u * picture.width)) * 4;
  const share = picture.data[at + 3] / 255;
  if (share === 0) return undefined;
  const colour = [0, 1, 2].map((channel) => (picture.data[at + channel] / 255) ** 2.2) as Colour;
  return { colour, share };
}

const grey = (value: number): Colour => [value, value * 0.99, value * 0.97];
const tint = ([red, green, blue]: Colour, gain: number): Colour => [red * gain, green * gain, blue * gain];

/** Darker in a joint every `step` metres. */
function joints(value: number, step: number, width: number): number {
  const within = ((value % step) + step) % step;
  return within < width ? 0.55 : 1;
}

/** Between 1 − depth and 1 + depth, varying over 1/frequency metres. */
function mottled(p: readonly number[], frequency: number, depth: number): number {
  const coarse = noise(p[0] * frequency, p[1] * frequency, p[2] * frequency);
  const fine = noise(p[0] * frequency * 2.7 + 5, p[1] * frequency * 2.7, p[2] * frequency * 2.7);
  return 1 + depth * (1.3 * coarse + 0.7 * fine - 1);
}

/** Smooth noise, 0–1, between random values on whole coordinates. */
export function noise(x: number, y: number, z: number): number {
  const [ix, iy, iz] = [Math.floor(x), Math.floor(y), Math.floor(z)];
  const ease = (value: number) => value * value * (3 - 2 * value);
  const [u, v, w] = [ease(x - ix), ease(y - iy), ease(z - iz)];
  const mix = (a: number, b: number, share: number) => a + (b - a) * share;
  const edge = (dy: number, dz: number) =>
    mix(hashed(ix, iy + dy, iz + dz), hashed(ix + 1, iy + dy, iz + dz), u);
  return mix(mix(edge(0, 0), edge(1, 0), v), mix(edge(0, 1), edge(1, 1), v), w);
}

function hashed(x: number, y: number, z: number): number {
  let mixed = Math.imul(x, 374761393) ^ Math.imul(y, 668265263) ^ Math.imul(z, 2147483647 - 1274126177);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 1274126177);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 2246822519);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
}
