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
 * Draws a mesh with hidden surfaces removed, `samples`² samples per pixel. Undefined when nothing of it is in the
 * picture. Triangles nearer than 0.45 m are left out; they lie beside the lens.
 */
export function paintMesh(
  mesh: Mesh,
  textures: readonly Texture[],
  pose: Pose,
  light: Light,
  footage: { width: number; height: number },
  samples: 1 | 2,
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
  const visible = findVisible(mesh, lit, layer.width * samples, layer.height * samples);
  shadeLayer(mesh, levels, lit, visible, layer, samples);
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

/** For each sample the number of the triangle seen there plus one, or 0. */
function findVisible(mesh: Mesh, { places, away }: Lit, width: number, height: number): Uint32Array {
  const seen = new Uint32Array(width * height);
  const depth = new Float32Array(width * height);
  const { triangles } = mesh;
  for (let triangle = 0; triangle < mesh.textures.length; triangle++) {
    const a = triangles[triangle * 3];
    const b = triangles[triangle * 3 + 1];
    const c = triangles[triangle * 3 + 2];
    if (away[a] + away[b] + away[c] === 3) continue;
    const za = places[a * 3 + 2];
    const zb = places[b * 3 + 2] - za;
    const zc = places[c * 3 + 2] - za;
    if (za < 0 || zb + za < 0 || zc + za < 0) continue;
    const ax = places[a * 3];
    const ay = places[a * 3 + 1];
    const bx = places[b * 3] - ax;
    const by = places[b * 3 + 1] - ay;
    const cx = places[c * 3] - ax;
    const cy = places[c * 3 + 1] - ay;
    const area = bx * cy - cx * by;
    if (Math.abs(area) < 1e-6) continue;
    const top = Math.max(0, Math.ceil(ay + Math.min(0, by, cy) - 0.5));
    const bottom = Math.min(height - 1, Math.floor(ay + Math.max(0, by, cy) - 0.5));
    const left = Math.max(0, Math.ceil(ax + Math.min(0, bx, cx) - 0.5));
    const right = Math.min(width - 1, Math.floor(ax + Math.max(0, bx, cx) - 0.5));
    const stepB = cy / area;
    const stepC = -by / area;
    for (let y = top; y <= bottom; y++) {
      const dx = left + 0.5 - ax;
      const dy = y + 0.5 - ay;
      let wb = (dx * cy - cx * dy) / area;
      let wc = (bx * dy - dx * by) / area;
      for (let at = y * width + left, end = y * width + right; at <= end; at++, wb += stepB, wc += stepC) {
        if (wb < 0 || wc < 0 || wb + wc > 1) continue;
        const near = za + wb * zb + wc * zc;
        if (near <= depth[at]) continue;
        depth[at] = near;
        seen[at] = triangle + 1;
      }
    }
  }
  return seen;
}

/** Gives every pixel the colour of what its samples see; a triangle seen by several is looked at once. */
function shadeLayer(
  mesh: Mesh,
  levels: readonly RgbaPicture[],
  lit: Lit,
  seen: Uint32Array,
  layer: Layer,
  samples: number,
): void {
  const stride = layer.width * samples;
  const sum = new Float32Array(4);
  for (let row = 0; row < layer.height; row++) {
    for (let column = 0; column < layer.width; column++) {
      const first = row * samples * stride + column * samples;
      const a = seen[first];
      const b = samples === 1 ? a : seen[first + 1];
      const c = samples === 1 ? a : seen[first + stride];
      const d = samples === 1 ? a : seen[first + stride + 1];
      if ((a | b | c | d) === 0) continue;
      const x = (column + 0.5) * samples;
      const y = (row + 0.5) * samples;
      sum.fill(0);
      const shareA = 1 + Number(b === a) + Number(c === a) + Number(d === a);
      if (a > 0) shade(mesh, levels, lit, a - 1, x, y, shareA, sum);
      if (shareA < 4) {
        if (b > 0 && b !== a)
          shade(mesh, levels, lit, b - 1, x, y, 1 + Number(c === b) + Number(d === b), sum);
        if (c > 0 && c !== a && c !== b) shade(mesh, levels, lit, c - 1, x, y, 1 + Number(d === c), sum);
        if (d > 0 && d !== a && d !== b && d !== c) shade(mesh, levels, lit, d - 1, x, y, 1, sum);
      }
      const to = (row * layer.width + column) * 4;
      layer.data[to] = sum[0] / 4;
      layer.data[to + 1] = sum[1] / 4;
      layer.data[to + 2] = sum[2] / 4;
      layer.data[to + 3] = (sum[3] * 255) / 4;
    }
  }
}

/** Adds the colour of a triangle at a sample position to `sum`, `share` times. */
function shade(
  mesh: Mesh,
  levels: readonly RgbaPicture[],
  { places, shades }: Lit,
  triangle: number,
  x: number,
  y: number,
  share: number,
  sum: Float32Array,
): void {
  const a = mesh.triangles[triangle * 3];
  const b = mesh.triangles[triangle * 3 + 1];
  const c = mesh.triangles[triangle * 3 + 2];
  const ax = places[a * 3];
  const ay = places[a * 3 + 1];
  const bx = places[b * 3] - ax;
  const by = places[b * 3 + 1] - ay;
  const cx = places[c * 3] - ax;
  const cy = places[c * 3 + 1] - ay;
  const area = bx * cy - cx * by;
  const wb = Math.min(1, Math.max(0, ((x - ax) * cy - cx * (y - ay)) / area));
  const wc = Math.min(1 - wb, Math.max(0, (bx * (y - ay) - (x - ax) * by) / area));
  const wa = 1 - wb - wc;
  const { width, height, data } = levels[mesh.textures[triangle]];
  const { texels } = mesh;
  const u = (wa * texels[a * 2] + wb * texels[b * 2] + wc * texels[c * 2]) * width - 0.5;
  const v = (wa * texels[a * 2 + 1] + wb * texels[b * 2 + 1] + wc * texels[c * 2 + 1]) * height - 0.5;
  const column = Math.max(0, Math.min(width - 2, Math.floor(u)));
  const row = Math.max(0, Math.min(height - 2, Math.floor(v)));
  const right = Math.max(0, Math.min(1, u - column));
  const down = Math.max(0, Math.min(1, v - row));
  const p = (row * width + column) * 4;
  const q = p + width * 4;
  const [k0, k1, k2, k3] = [(1 - right) * (1 - down), right * (1 - down), (1 - right) * down, right * down];
  const gloss = (k0 * data[p + 3] + k1 * data[p + 7] + k2 * data[q + 3] + k3 * data[q + 7]) / 255;
  for (let channel = 0; channel < 3; channel++) {
    const own =
      k0 * data[p + channel] +
      k1 * data[p + 4 + channel] +
      k2 * data[q + channel] +
      k3 * data[q + 4 + channel];
    const fallen = wa * shades[a * 6 + channel] + wb * shades[b * 6 + channel] + wc * shades[c * 6 + channel];
    const mirrored =
      wa * shades[a * 6 + 3 + channel] + wb * shades[b * 6 + 3 + channel] + wc * shades[c * 6 + 3 + channel];
    sum[channel] += share * compress(own * fallen + gloss * mirrored);
  }
  sum[3] += share;
}

/** Bright light is compressed as a camera does, so that white paint keeps its form. */
function compress(bright: number): number {
  return bright < 150 ? bright : 255 - 11_025 / (bright - 45);
}
