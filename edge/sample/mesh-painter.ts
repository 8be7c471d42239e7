import type { RgbaPicture } from '../capture/picture-codec.ts';
import { type Layer, newLayer } from './layer.ts';
import type { Mesh, Texture } from './mesh.ts';
import { scaleAt, view } from './view.ts';

/** Where a mesh stands: its origin in the scene and how far it is turned about the vertical, radians. */
export interface Pose {
  x: number;
  z: number;
  turn: number;
}

/** The light a mesh stands in; colours 0–1, `sun` points towards it. */
export interface Light {
  sun: readonly [number, number, number];
  sunColour: readonly [number, number, number];
  skyColour: readonly [number, number, number];
  groundColour: readonly [number, number, number];
  /** What smooth surfaces mirror, by the height of the mirrored ray: ground, houses and trees, low sky, high sky. */
  mirrored: readonly (readonly [number, number, number])[];
}

interface Lit {
  /** Column, row and 1/z per vertex; rows and columns in samples of the layer. */
  places: Float32Array;
  /** Light that falls on a vertex (red, green, blue) and light mirrored by it (red, green, blue). */
  shades: Float32Array;
  /** 1 where the surface faces away from the lens. */
  away: Uint8Array;
}

const nearest = 0.45;

/**
 * Draws a mesh with hidden surfaces removed, `samples`² samples per pixel (half a sample: four pixels share one, for
 * what rushes past). Undefined when nothing of it is in the picture. Triangles nearer than 0.45 m are left out; they lie beside the lens.
 */
export function paintMesh(
  mesh: Mesh,
  textures: readonly Texture[],
  pose: Pose,
  light: Light,
  footage: { width: number; height: number },
  samples: 0.5 | 1 | 2,
): Layer | undefined {
  const bounds = boundsOf(mesh, pose, footage);
  if (!bounds) return undefined;
  const layer = newLayer(bounds.left, bounds.top, bounds.right - bounds.left, bounds.bottom - bounds.top);
  const lit = lightVertices(mesh, pose, light, layer, samples);
  const scale = scaleAt(bounds.nearest);
  const levels = textures.map(({ levels, pixelsPerMetre }) => {
    const level = Math.floor(Math.log2(pixelsPerMetre / scale) + 0.25);
    return levels[Math.max(0, Math.min(levels.length - 1, level))];
  });
  if (samples === 1) {
    fillTriangles(mesh, levels, lit, layer);
    softenRim(layer);
    return layer;
  }
  const grid = newLayer(0, 0, Math.ceil(layer.width * samples), Math.ceil(layer.height * samples));
  fillTriangles(mesh, levels, lit, grid);
  if (samples === 2) averageSamples(grid, layer);
  else spreadSamples(grid, layer);
  return layer;
}

/** Turns a point of the mesh into the scene. */
export function placePoint(x: number, y: number, z: number, pose: Pose): [number, number, number] {
  const cos = Math.cos(pose.turn);
  const sin = Math.sin(pose.turn);
  return [pose.x + x * cos + z * sin, y, pose.z - x * sin + z * cos];
}

function boundsOf(mesh: Mesh, pose: Pose, footage: { width: number; height: number }) {
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  let closest = Number.POSITIVE_INFINITY;
  for (let at = 0; at < mesh.positions.length; at += 3) {
    const [x, y, z] = placePoint(mesh.positions[at], mesh.positions[at + 1], mesh.positions[at + 2], pose);
    if (z < nearest) continue;
    const column = view.centre + (view.focal * x) / z;
    const row = view.horizon + (view.focal * (view.height - y)) / z;
    left = Math.min(left, column);
    right = Math.max(right, column);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
    closest = Math.min(closest, z);
  }
  const bounds = {
    left: Math.max(0, Math.floor(left)),
    right: Math.min(footage.width, Math.ceil(right) + 1),
    top: Math.max(0, Math.floor(top)),
    bottom: Math.min(footage.height, Math.ceil(bottom) + 1),
    nearest: closest,
  };
  return bounds.right > bounds.left && bounds.bottom > bounds.top ? bounds : undefined;
}

function lightVertices(mesh: Mesh, pose: Pose, light: Light, layer: Layer, samples: number): Lit {
  const count = mesh.positions.length / 3;
  const places = new Float32Array(count * 3);
  const shades = new Float32Array(count * 6);
  const away = new Uint8Array(count);
  const cos = Math.cos(pose.turn);
  const sin = Math.sin(pose.turn);
  for (let vertex = 0; vertex < count; vertex++) {
    const at = vertex * 3;
    const height = mesh.positions[at + 1];
    const [x, y, z] = placePoint(mesh.positions[at], height, mesh.positions[at + 2], pose);
    places[at] = (view.centre + (view.focal * x) / z - layer.left) * samples;
    places[at + 1] = (view.horizon + (view.focal * (view.height - y)) / z - layer.top) * samples;
    places[at + 2] = z < nearest ? -1 : 1 / z;
    const nx = mesh.normals[at] * cos + mesh.normals[at + 2] * sin;
    const ny = mesh.normals[at + 1];
    const nz = -mesh.normals[at] * sin + mesh.normals[at + 2] * cos;
    away[vertex] = nx * x + ny * (y - view.height) + nz * z > 0.12 * z ? 1 : 0;
    lightVertex(shades, vertex * 6, [nx, ny, nz], [x, y - view.height, z], height, light);
  }
  return { places, shades, away };
}

function lightVertex(
  shades: Float32Array,
  at: number,
  [nx, ny, nz]: readonly number[],
  [rx, ry, rz]: readonly number[],
  height: number,
  light: Light,
): void {
  const sunny = Math.max(0, nx * light.sun[0] + ny * light.sun[1] + nz * light.sun[2]);
  const up = 0.5 + 0.5 * ny;
  // Near the ground less of the sky is seen.
  const open = 0.45 + 0.55 * Math.min(1, height / 0.7);
  const distance = Math.hypot(rx, ry, rz);
  const along = (rx * nx + ry * ny + rz * nz) / distance;
  const facing = Math.min(1, Math.abs(along));
  const mirrorY = ry / distance - 2 * along * ny;
  const fresnel = 0.09 + 0.91 * (1 - facing) ** 4;
  const halfway = Math.max(
    0,
    (rx / distance - 2 * along * nx) * light.sun[0] +
      mirrorY * light.sun[1] +
      (rz / distance - 2 * along * nz) * light.sun[2],
  );
  const glint = halfway ** 90 * 1.6;
  const band = mirrorBand(mirrorY);
  const from = light.mirrored[Math.floor(band)];
  const to = light.mirrored[Math.min(light.mirrored.length - 1, Math.floor(band) + 1)];
  const share = band - Math.floor(band);
  for (let channel = 0; channel < 3; channel++) {
    const ambient = light.groundColour[channel] * (1 - up) + light.skyColour[channel] * up;
    shades[at + channel] = light.sunColour[channel] * sunny + ambient * open;
    const mirrored = from[channel] * (1 - share) + to[channel] * share;
    shades[at + 3 + channel] = 255 * (mirrored * fresnel * 1.5 + glint * light.sunColour[channel]);
  }
}

/** Position in `Light.mirrored` of a ray that leaves with this upward slope. */
function mirrorBand(slope: number): number {
  if (slope < -0.06) return 0;
  if (slope < 0.02) return (slope + 0.06) / 0.08;
  if (slope < 0.2) return 1;
  if (slope < 0.3) return 1 + (slope - 0.2) / 0.1;
  return Math.min(2.999, 2 + (slope - 0.3) / 0.7);
}

function fillTriangles(mesh: Mesh, levels: readonly RgbaPicture[], lit: Lit, target: Layer): void {
  const depth = new Float32Array(target.width * target.height);
  const { triangles, textures } = mesh;
  const { away } = lit;
  for (let triangle = 0; triangle < textures.length; triangle++) {
    const a = triangles[triangle * 3];
    const b = triangles[triangle * 3 + 1];
    const c = triangles[triangle * 3 + 2];
    if (away[a] + away[b] + away[c] < 3)
      fillTriangle(mesh.texels, levels[textures[triangle]], lit, a, b, c, target, depth);
  }
}

/**
 * Fills one triangle where it is nearer than what is there. Every value is written as its first corner's plus two
 * differences times the weights of the other corners; unrolled, for most of the rendering's time is spent here.
 */
function fillTriangle(
  texels: Float32Array,
  { width: columns, height: rows, data }: RgbaPicture,
  { places, shades }: Lit,
  a: number,
  b: number,
  c: number,
  target: Layer,
  depth: Float32Array,
): void {
  const near0 = places[a * 3 + 2];
  const nearB = places[b * 3 + 2] - near0;
  const nearC = places[c * 3 + 2] - near0;
  if (near0 < 0 || near0 + nearB < 0 || near0 + nearC < 0) return;
  const ax = places[a * 3] - 0.5;
  const ay = places[a * 3 + 1] - 0.5;
  const bx = places[b * 3] - 0.5 - ax;
  const by = places[b * 3 + 1] - 0.5 - ay;
  const cx = places[c * 3] - 0.5 - ax;
  const cy = places[c * 3 + 1] - 0.5 - ay;
  const area = bx * cy - cx * by;
  if (Math.abs(area) < 1e-6) return;
  const top = Math.max(0, Math.ceil(ay + Math.min(0, by, cy)));
  const bottom = Math.min(target.height - 1, Math.floor(ay + Math.max(0, by, cy)));
  const left = Math.max(0, Math.ceil(ax + Math.min(0, bx, cx)));
  const right = Math.min(target.width - 1, Math.floor(ax + Math.max(0, bx, cx)));
  if (top > bottom || left > right) return;

  const u0 = texels[a * 2] * columns - 0.5;
  const uB = texels[b * 2] * columns - 0.5 - u0;
  const uC = texels[c * 2] * columns - 0.5 - u0;
  const v0 = texels[a * 2 + 1] * rows - 0.5;
  const vB = texels[b * 2 + 1] * rows - 0.5 - v0;
  const vC = texels[c * 2 + 1] * rows - 0.5 - v0;
  const [sa, sb, sc] = [a * 6, b * 6, c * 6];
  const fallenRed = shades[sa];
  const fallenRedB = shades[sb] - fallenRed;
  const fallenRedC = shades[sc] - fallenRed;
  const fallenGreen = shades[sa + 1];
  const fallenGreenB = shades[sb + 1] - fallenGreen;
  const fallenGreenC = shades[sc + 1] - fallenGreen;
  const fallenBlue = shades[sa + 2];
  const fallenBlueB = shades[sb + 2] - fallenBlue;
  const fallenBlueC = shades[sc + 2] - fallenBlue;
  const mirrorRed = shades[sa + 3];
  const mirrorRedB = shades[sb + 3] - mirrorRed;
  const mirrorRedC = shades[sc + 3] - mirrorRed;
  const mirrorGreen = shades[sa + 4];
  const mirrorGreenB = shades[sb + 4] - mirrorGreen;
  const mirrorGreenC = shades[sc + 4] - mirrorGreen;
  const mirrorBlue = shades[sa + 5];
  const mirrorBlueB = shades[sb + 5] - mirrorBlue;
  const mirrorBlueC = shades[sc + 5] - mirrorBlue;

  const colour = target.data;
  const stepB = cy / area;
  const stepC = -by / area;
  const lastColumn = columns - 2;
  const lastRow = rows - 2;
  for (let y = top; y <= bottom; y++) {
    let wb = ((left - ax) * cy - cx * (y - ay)) / area;
    let wc = (bx * (y - ay) - (left - ax) * by) / area;
    let at = y * target.width + left;
    for (let x = left; x <= right; x++, at++, wb += stepB, wc += stepC) {
      if (wb < 0 || wc < 0 || wb + wc > 1) continue;
      const near = near0 + wb * nearB + wc * nearC;
      if (near <= depth[at]) continue;
      depth[at] = near;
      const u = Math.max(0, u0 + wb * uB + wc * uC);
      const v = Math.max(0, v0 + wb * vB + wc * vC);
      const column = Math.min(lastColumn, u | 0);
      const row = Math.min(lastRow, v | 0);
      const across = Math.min(1, u - column);
      const down = Math.min(1, v - row);
      const p = (row * columns + column) * 4;
      const q = p + columns * 4;
      const k3 = across * down;
      const k2 = down - k3;
      const k1 = across - k3;
      const k0 = 1 - across - k2;
      const gloss = (k0 * data[p + 3] + k1 * data[p + 7] + k2 * data[q + 3] + k3 * data[q + 7]) / 255;
      const red =
        (k0 * data[p] + k1 * data[p + 4] + k2 * data[q] + k3 * data[q + 4]) *
          (fallenRed + wb * fallenRedB + wc * fallenRedC) +
        gloss * (mirrorRed + wb * mirrorRedB + wc * mirrorRedC);
      const green =
        (k0 * data[p + 1] + k1 * data[p + 5] + k2 * data[q + 1] + k3 * data[q + 5]) *
          (fallenGreen + wb * fallenGreenB + wc * fallenGreenC) +
        gloss * (mirrorGreen + wb * mirrorGreenB + wc * mirrorGreenC);
      const blue =
        (k0 * data[p + 2] + k1 * data[p + 6] + k2 * data[q + 2] + k3 * data[q + 6]) *
          (fallenBlue + wb * fallenBlueB + wc * fallenBlueC) +
        gloss * (mirrorBlue + wb * mirrorBlueB + wc * mirrorBlueC);
      const to = at * 4;
      colour[to] = red < 150 ? red : compress(red);
      colour[to + 1] = green < 150 ? green : compress(green);
      colour[to + 2] = blue < 150 ? blue : compress(blue);
      colour[to + 3] = 255;
    }
  }
}

/** Bright light is compressed as a camera does, so that white paint keeps its form. */
function compress(bright: number): number {
  return 255 - 11_025 / (bright - 45);
}

/** Twice as large, in between by the mean of the neighbours. */
function spreadSamples(coarse: Layer, layer: Layer): void {
  for (let row = 0; row < layer.height; row++) {
    const upper = row >> 1;
    const lower = Math.min(coarse.height - 1, upper + (row & 1));
    for (let column = 0; column < layer.width; column++) {
      const near = column >> 1;
      const far = Math.min(coarse.width - 1, near + (column & 1));
      const a = (upper * coarse.width + near) * 4;
      const b = (upper * coarse.width + far) * 4;
      const c = (lower * coarse.width + near) * 4;
      const d = (lower * coarse.width + far) * 4;
      const to = (row * layer.width + column) * 4;
      const { data } = coarse;
      if ((data[a + 3] | data[d + 3]) === 0) continue;
      layer.data[to] = (data[a] + data[b] + data[c] + data[d]) >> 2;
      layer.data[to + 1] = (data[a + 1] + data[b + 1] + data[c + 1] + data[d + 1]) >> 2;
      layer.data[to + 2] = (data[a + 2] + data[b + 2] + data[c + 2] + data[d + 2]) >> 2;
      layer.data[to + 3] = (data[a + 3] + data[b + 3] + data[c + 3] + data[d + 3]) >> 2;
    }
  }
}

/** Thins the outermost pixels, so that what was sampled once has no stairs along its outline. */
function softenRim({ width, height, data }: Layer): void {
  const covered = (at: number) => (data[at * 4 + 3] > 0 ? 1 : 0);
  for (let row = 1; row + 1 < height; row++) {
    for (let column = 1; column + 1 < width; column++) {
      const at = row * width + column;
      if (data[at * 4 + 3] !== 255) continue;
      const around = covered(at - 1) + covered(at + 1) + covered(at - width) + covered(at + width);
      if (around === 4) continue;
      const share = 0.4 + 0.12 * around;
      for (let channel = 0; channel < 4; channel++) data[at * 4 + channel] *= share;
    }
  }
}

function averageSamples(fine: Layer, layer: Layer): void {
  const stride = fine.width * 4;
  for (let row = 0; row < layer.height; row++) {
    let from = row * 2 * stride;
    let to = row * layer.width * 4;
    for (let column = 0; column < layer.width; column++, from += 8, to += 4) {
      for (let at = from; at < from + 4; at++)
        layer.data[to + at - from] =
          (fine.data[at] + fine.data[at + 4] + fine.data[at + stride] + fine.data[at + stride + 4] + 2) >> 2;
    }
  }
}
