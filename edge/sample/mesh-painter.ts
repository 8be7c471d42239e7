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
    lightVertex(shades, vertex * 6, [nx, ny, nz], [x, y - view.height, z], height, light);
  }
  return { places, shades };
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
  const fresnel = 0.07 + 0.93 * (1 - facing) ** 5;
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
    shades[at + 3 + channel] = 255 * (mirrored * fresnel * 1.15 + glint * light.sunColour[channel]);
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

function fillTriangles(mesh: Mesh, textures: readonly Texture[], lit: Lit, width: number, height: number) {
  const depth = new Float32Array(width * height);
  const colour = new Uint8ClampedArray(width * height * 4);
  for (let triangle = 0; triangle < mesh.textures.length; triangle++)
    fillTriangle(mesh, textures[mesh.textures[triangle]], lit, triangle * 3, width, height, depth, colour);
  return colour;
}

function fillTriangle(
  mesh: Mesh,
  texture: Texture,
  { places, shades }: Lit,
  first: number,
  width: number,
  height: number,
  depth: Float32Array,
  colour: Uint8ClampedArray,
): void {
  const a = mesh.triangles[first];
  const b = mesh.triangles[first + 1];
  const c = mesh.triangles[first + 2];
  const za = places[a * 3 + 2];
  const zb = places[b * 3 + 2];
  const zc = places[c * 3 + 2];
  if (za < 0 || zb < 0 || zc < 0) return;
  const ax = places[a * 3];
  const ay = places[a * 3 + 1];
  const bx = places[b * 3];
  const by = places[b * 3 + 1];
  const cx = places[c * 3];
  const cy = places[c * 3 + 1];
  const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
  if (Math.abs(area) < 1e-6) return;
  const top = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5));
  const bottom = Math.min(height - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
  const left = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5));
  const right = Math.min(width - 1, Math.floor(Math.max(ax, bx, cx) - 0.5));
  const { texels } = mesh;
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const wb = ((x + 0.5 - ax) * (cy - ay) - (cx - ax) * (y + 0.5 - ay)) / area;
      if (wb < 0 || wb > 1) continue;
      const wc = ((bx - ax) * (y + 0.5 - ay) - (x + 0.5 - ax) * (by - ay)) / area;
      if (wc < 0 || wb + wc > 1) continue;
      const wa = 1 - wb - wc;
      const near = wa * za + wb * zb + wc * zc;
      const at = y * width + x;
      if (near <= depth[at]) continue;
      const u = wa * texels[a * 2] + wb * texels[b * 2] + wc * texels[c * 2];
      const v = wa * texels[a * 2 + 1] + wb * texels[b * 2 + 1] + wc * texels[c * 2 + 1];
      const column = Math.min(texture.width - 1, Math.max(0, (u * texture.width) | 0));
      const row = Math.min(texture.height - 1, Math.max(0, (v * texture.height) | 0));
      const from = (row * texture.width + column) * 4;
      depth[at] = near;
      const gloss = texture.data[from + 3] / 255;
      for (let channel = 0; channel < 3; channel++) {
        const fallen =
          wa * shades[a * 6 + channel] + wb * shades[b * 6 + channel] + wc * shades[c * 6 + channel];
        const mirrored =
          wa * shades[a * 6 + 3 + channel] +
          wb * shades[b * 6 + 3 + channel] +
          wc * shades[c * 6 + 3 + channel];
        colour[at * 4 + channel] = texture.data[from + channel] * fallen + gloss * mirrored;
      }
      colour[at * 4 + 3] = 255;
    }
  }
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
