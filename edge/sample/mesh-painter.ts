import { type Layer, newLayer } from './layer.ts';
import type { Mesh, Texture } from './mesh.ts';
import { view } from './view.ts';

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
  const fine = fillTriangles(mesh, textures, lit, layer.width * samples, layer.height * samples);
  if (samples === 1) layer.data.set(fine);
  else averageSamples(fine, layer);
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
  for (let at = 0; at < mesh.positions.length; at += 3) {
    const [x, y, z] = placePoint(mesh.positions[at], mesh.positions[at + 1], mesh.positions[at + 2], pose);
    if (z < nearest) continue;
    const column = view.centre + (view.focal * x) / z;
    const row = view.horizon + (view.focal * (view.height - y)) / z;
    left = Math.min(left, column);
    right = Math.max(right, column);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
  }
  const bounds = {
    left: Math.max(0, Math.floor(left)),
    right: Math.min(footage.width, Math.ceil(right) + 1),
    top: Math.max(0, Math.floor(top)),
    bottom: Math.min(footage.height, Math.ceil(bottom) + 1),
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

interface Target {
  width: number;
  height: number;
  /** 1/z of what is seen so far. */
  depth: Float32Array;
  colour: Uint8ClampedArray;
}

function fillTriangles(mesh: Mesh, textures: readonly Texture[], lit: Lit, width: number, height: number) {
  const target = {
    width,
    height,
    depth: new Float32Array(width * height),
    colour: new Uint8ClampedArray(width * height * 4),
  };
  const { triangles } = mesh;
  for (let triangle = 0; triangle < mesh.textures.length; triangle++) {
    const a = triangles[triangle * 3];
    const b = triangles[triangle * 3 + 1];
    const c = triangles[triangle * 3 + 2];
    if (lit.away[a] + lit.away[b] + lit.away[c] === 3) continue;
    fillTriangle(mesh.texels, textures[mesh.textures[triangle]], lit, a, b, c, target);
  }
  return target.colour;
}

/** Unrolled by channel: nearly all the time of the rendering is spent in this loop. */
function fillTriangle(
  texels: Float32Array,
  texture: Texture,
  { places, shades }: Lit,
  a: number,
  b: number,
  c: number,
  { width, height, depth, colour }: Target,
): void {
  const za = places[a * 3 + 2];
  const zb = places[b * 3 + 2];
  const zc = places[c * 3 + 2];
  if (za < 0 || zb < 0 || zc < 0) return;
  const ax = places[a * 3];
  const ay = places[a * 3 + 1];
  const bx = places[b * 3] - ax;
  const by = places[b * 3 + 1] - ay;
  const cx = places[c * 3] - ax;
  const cy = places[c * 3 + 1] - ay;
  const area = bx * cy - cx * by;
  if (Math.abs(area) < 1e-6) return;
  const top = Math.max(0, Math.ceil(ay + Math.min(0, by, cy) - 0.5));
  const bottom = Math.min(height - 1, Math.floor(ay + Math.max(0, by, cy) - 0.5));
  const left = Math.max(0, Math.ceil(ax + Math.min(0, bx, cx) - 0.5));
  const right = Math.min(width - 1, Math.floor(ax + Math.max(0, bx, cx) - 0.5));
  const { data } = texture;
  const ua = texels[a * 2] * texture.width;
  const va = texels[a * 2 + 1] * texture.height;
  const ub = texels[b * 2] * texture.width - ua;
  const vb = texels[b * 2 + 1] * texture.height - va;
  const uc = texels[c * 2] * texture.width - ua;
  const vc = texels[c * 2 + 1] * texture.height - va;
  const lastColumn = texture.width - 1;
  const lastRow = texture.height - 1;
  const [sa, sb, sc] = [a * 6, b * 6, c * 6];
  for (let y = top; y <= bottom; y++) {
    const dy = y + 0.5 - ay;
    for (let x = left; x <= right; x++) {
      const dx = x + 0.5 - ax;
      const wb = (dx * cy - cx * dy) / area;
      const wc = (bx * dy - dx * by) / area;
      if (wb < 0 || wc < 0 || wb + wc > 1) continue;
      const wa = 1 - wb - wc;
      const near = wa * za + wb * zb + wc * zc;
      const at = y * width + x;
      if (near <= depth[at]) continue;
      depth[at] = near;
      const column = Math.min(lastColumn, Math.max(0, (ua + wb * ub + wc * uc) | 0));
      const row = Math.min(lastRow, Math.max(0, (va + wb * vb + wc * vc) | 0));
      const from = (row * texture.width + column) * 4;
      const gloss = data[from + 3] / 255;
      const red =
        data[from] * (wa * shades[sa] + wb * shades[sb] + wc * shades[sc]) +
        gloss * (wa * shades[sa + 3] + wb * shades[sb + 3] + wc * shades[sc + 3]);
      const green =
        data[from + 1] * (wa * shades[sa + 1] + wb * shades[sb + 1] + wc * shades[sc + 1]) +
        gloss * (wa * shades[sa + 4] + wb * shades[sb + 4] + wc * shades[sc + 4]);
      const blue =
        data[from + 2] * (wa * shades[sa + 2] + wb * shades[sb + 2] + wc * shades[sc + 2]) +
        gloss * (wa * shades[sa + 5] + wb * shades[sb + 5] + wc * shades[sc + 5]);
      const to = at * 4;
      colour[to] = compress(red);
      colour[to + 1] = compress(green);
      colour[to + 2] = compress(blue);
      colour[to + 3] = 255;
    }
  }
}

/** Bright light is compressed as a camera does, so that white paint keeps its form. */
function compress(bright: number): number {
  return bright < 150 ? bright : 255 - 11_025 / (bright - 45);
}

function averageSamples(fine: Uint8ClampedArray, layer: Layer): void {
  const stride = layer.width * 8;
  for (let row = 0; row < layer.height; row++) {
    for (let column = 0; column < layer.width; column++) {
      const from = row * 2 * stride + column * 8;
      const to = (row * layer.width + column) * 4;
      for (let channel = 0; channel < 4; channel++) {
        const at = from + channel;
        layer.data[to + channel] =
          (fine[at] + fine[at + 4] + fine[at + stride] + fine[at + stride + 4] + 2) >> 2;
      }
    }
  }
}
