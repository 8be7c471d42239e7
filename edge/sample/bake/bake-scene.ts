import { join } from 'node:path';
import { encodeStill } from '../../capture/picture-codec.ts';
import { seededRandom } from '../random.ts';
import { frameSize, view } from '../view.ts';
import { drawDecals, lookAt, noise, type Surface } from './gate-materials.ts';
import { buildGate, isGatePatch } from './gate-model.ts';
import { type Hit, PatchTree } from './tracer.ts';

type Vector = [number, number, number];
type Hour = 'day' | 'dusk';
const hours: Hour[] = ['day', 'dusk'];

const sun = unit([-0.45, 0.75, -0.5]);
const sunColour: Vector = [2.9, 2.62, 2.2];
const sunSpread = 0.025;

/** Lamps that burn at dusk: where, their colour, and how far from a point the light may start (soft shadows). */
const lamps: { at: Vector; colour: Vector; size: number }[] = [
  { at: [-2.6, 3.1, 12], colour: [5.6, 4.2, 2.5], size: 0.15 },
  { at: [-0.4, 3.1, 12], colour: [5.6, 4.2, 2.5], size: 0.15 },
  { at: [1.6, 3.1, 12], colour: [5.6, 4.2, 2.5], size: 0.15 },
  { at: [-3.93, 2.4, 11.1], colour: [1.6, 1.2, 0.7], size: 0.05 },
  { at: [3.14, 2.4, 11.1], colour: [1.6, 1.2, 0.7], size: 0.05 },
  { at: [0.9, 4.2, 3.6], colour: [9, 7.6, 5.6], size: 0.2 },
  { at: [-3.6, 1.7, 8.6], colour: [1.5, 1.2, 0.8], size: 0.4 },
  { at: [-8, 6.1, 30.5], colour: [30, 21, 11], size: 0.3 },
  { at: [8.5, 6.1, 30.5], colour: [30, 21, 11], size: 0.3 },
];

/** Light gathered for one picture, before it is developed: per pixel red, green, blue. */
interface Exposure {
  light: Float32Array;
  albedo: Float32Array;
  own: Float32Array;
}

/** How finely to trace, and which part. */
export interface BakeOptions {
  scale?: number;
  rays?: number;
  area?: readonly [left: number, top: number, right: number, bottom: number];
  onRow?: (share: number) => void;
}

/**
 * Traces the empty scene by day and at dusk and writes `gate-day.webp`, `gate-dusk.webp` and `gate-mask.png`, the
 * pixels in which the gate and its walls hide what is outside. `scale` below 1 gives a quick look; `rays` per pixel;
 * outside `area` (columns and rows of the footage, from and to) the pictures stay black.
 */
export async function bakeScene(
  outFolder: string,
  { scale = 1, rays = 6, area = [0, 0, frameSize.width, frameSize.height], onRow }: BakeOptions = {},
): Promise<void> {
  const width = Math.round(frameSize.width * scale);
  const height = Math.round(frameSize.height * scale);
  const tree = new PatchTree(buildGate());
  const decals = await drawDecals();
  const tracer = new SceneTracer(tree, (hit, place) =>
    lookAt(tree.patches[hit.patch].material, place, hit.normal, hit.patch, decals),
  );
  const exposures = { day: newExposure(width * height), dusk: newExposure(width * height) };
  const depth = new Float32Array(width * height);
  const mask = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    if (row / scale < area[1] || row / scale >= area[3]) continue;
    for (let column = Math.floor(area[0] * scale); column < Math.min(width, area[2] * scale); column++) {
      const pixel = row * width + column;
      let hidden = 0;
      for (let ray = 0; ray < rays; ray++) {
        const seen = tracer.look((column + tracer.random()) / scale, (row + tracer.random()) / scale);
        for (const hour of hours) expose(exposures[hour], pixel, seen[hour], 1 / rays);
        depth[pixel] += Math.min(200, seen.distance) / rays;
        if (seen.patch !== undefined && isGatePatch(tree.patches[seen.patch])) hidden++;
      }
      mask[pixel] = (255 * hidden) / rays;
    }
    onRow?.((row + 1) / height);
  }
  for (const hour of hours) {
    smooth(exposures[hour].light, depth, width, height);
    await encodeStill(
      { width, height, data: develop(exposures[hour], hour) },
      join(outFolder, `gate-${hour}.webp`),
    );
  }
  const grey = new Uint8Array(width * height * 3);
  for (let at = 0; at < grey.length; at++) grey[at] = mask[Math.floor(at / 3)];
  await encodeStill({ width, height, data: grey }, join(outFolder, 'gate-mask.png'));
}

interface Glimpse {
  albedo: Vector;
  light: Vector;
  own: Vector;
}

type Seen = Record<Hour, Glimpse> & { distance: number; patch: number | undefined };

class SceneTracer {
  readonly random = seededRandom(7);
  private readonly tree: PatchTree;
  private readonly lookAtHit: (hit: Hit, place: Vector) => Surface;

  constructor(tree: PatchTree, lookAtHit: (hit: Hit, place: Vector) => Surface) {
    this.tree = tree;
    this.lookAtHit = lookAtHit;
  }

  look(column: number, row: number): Seen {
    const eye: Vector = [0, view.height, 0];
    const direction = unit([(column - view.centre) / view.focal, (view.horizon - row) / view.focal, 1]);
    const hit = this.tree.meet(eye, direction, 400);
    if (!hit) {
      const sky = (hour: Hour): Glimpse => ({
        albedo: [0, 0, 0],
        light: [0, 0, 0],
        own: skyAt(direction, hour, true),
      });
      return { day: sky('day'), dusk: sky('dusk'), distance: 400, patch: undefined };
    }
    const place = step(eye, direction, hit.distance);
    const surface = this.lookAtHit(hit, place);
    const start = step(place, hit.normal, 0.003);
    const light = { day: this.sunAt(start, hit.normal), dusk: this.lampAt(start, hit.normal) };
    this.addBounce(start, hit.normal, light);
    const glimpse = (hour: Hour): Glimpse => ({
      albedo: surface.albedo,
      light: light[hour],
      own: surface[hour],
    });
    return { day: glimpse('day'), dusk: glimpse('dusk'), distance: hit.distance, patch: hit.patch };
  }

  private sunAt(place: Vector, normal: Vector): Vector {
    const towards = unit([
      sun[0] + sunSpread * (this.random() - 0.5) * 2,
      sun[1] + sunSpread * (this.random() - 0.5) * 2,
      sun[2] + sunSpread * (this.random() - 0.5) * 2,
    ]);
    const facing = dot(normal, towards);
    if (facing <= 0 || this.tree.isBlocked(place, towards, 200)) return [0, 0, 0];
    return scaled(sunColour, facing);
  }

  /** One lamp, chosen by chance in proportion to what it could give here. */
  private lampAt(place: Vector, normal: Vector): Vector {
    const gains = lamps.map(({ at, colour }) => {
      const away: Vector = [at[0] - place[0], at[1] - place[1], at[2] - place[2]];
      const distance = Math.hypot(...away);
      return (Math.max(0.02, dot(normal, away) / distance) * colour[0]) / (distance * distance + 0.3);
    });
    const whole = gains.reduce((sum, gain) => sum + gain, 0);
    let left = this.random() * whole;
    const reached = (gain: number) => {
      left -= gain;
      return left <= 0;
    };
    const index = Math.max(0, gains.findIndex(reached));
    const { at, colour, size } = lamps[index];
    const from: Vector = [0, 1, 2].map((axis) => at[axis] + size * (this.random() - 0.5) * 2) as Vector;
    const away: Vector = [from[0] - place[0], from[1] - place[1], from[2] - place[2]];
    const distance = Math.hypot(...away);
    const towards = scaled(away, 1 / distance);
    const facing = dot(normal, towards);
    if (facing <= 0 || this.tree.isBlocked(place, towards, distance - 0.3)) return [0, 0, 0];
    return scaled(colour, (facing / (distance * distance + 0.3)) * (whole / Math.max(1e-9, gains[index])));
  }

  /** Light from the sky, or thrown back by what stands in its way. */
  private addBounce(place: Vector, normal: Vector, light: Record<Hour, Vector>): void {
    const direction = this.aroundNormal(normal);
    const hit = this.tree.meet(place, direction, 60);
    if (!hit) {
      for (const hour of hours) add(light[hour], skyAt(direction, hour, false));
      return;
    }
    const there = step(place, direction, hit.distance);
    const surface = this.lookAtHit(hit, there);
    const start = step(there, hit.normal, 0.003);
    const second = { day: this.sunAt(start, hit.normal), dusk: this.lampAt(start, hit.normal) };
    const open = 0.25 + 0.35 * Math.max(0, hit.normal[1]);
    for (const hour of hours) {
      const ambient = scaled(skyAt([0, 1, 0], hour, false), open);
      add(
        light[hour],
        surface.albedo.map(
          (share, channel) => share * (second[hour][channel] + ambient[channel]) + surface[hour][channel],
        ) as Vector,
      );
    }
  }

  /** A direction drawn with the weight of its cosine to the normal. */
  private aroundNormal(normal: Vector): Vector {
    const angle = 2 * Math.PI * this.random();
    const high = 2 * this.random() - 1;
    const flat = Math.sqrt(1 - high * high);
    return unit([
      normal[0] * 1.0001 + flat * Math.cos(angle),
      normal[1] * 1.0001 + high,
      normal[2] * 1.0001 + flat * Math.sin(angle),
    ]);
  }
}

function skyAt([x, y, z]: readonly number[], hour: Hour, withClouds: boolean): Vector {
  const high = Math.min(1, Math.max(0, y) ** 0.55);
  if (hour === 'dusk') {
    const glow = Math.exp(-Math.max(0, y) * 7) * (0.6 + 0.4 * x);
    return [
      0.1 + 0.42 * glow - 0.045 * high,
      0.125 + 0.2 * glow - 0.04 * high,
      0.22 + 0.1 * glow - 0.03 * high,
    ];
  }
  const clear: Vector = [0.92 - 0.56 * high, 0.98 - 0.42 * high, 1.06 - 0.2 * high];
  if (!withClouds) return clear;
  const far = 1 / Math.max(0.05, y + 0.06);
  const cloud = noise(x * far * 0.9, 3, z * far * 0.5) * 0.65 + noise(x * far * 2.6, 5, z * far * 1.4) * 0.35;
  const cover = Math.min(1, Math.max(0, (cloud - 0.42) * 3));
  return clear.map((value) => value * (1 - cover) + 1.06 * cover) as Vector;
}

/** Filmic curve, the lens's fall-off towards the corners, and gamma: light to 8-bit RGB. */
function develop({ light, albedo, own }: Exposure, hour: Hour): Uint8Array<ArrayBuffer> {
  const gain = hour === 'day' ? 0.56 : 0.6;
  const data = new Uint8Array(light.length);
  for (let at = 0; at < light.length; at++) {
    const value = (light[at] * albedo[at] + own[at]) * gain;
    const filmic = (value * (2.51 * value + 0.03)) / (value * (2.43 * value + 0.59) + 0.14);
    data[at] = 255.5 * Math.min(1, Math.max(0, filmic)) ** (1 / 2.2);
  }
  return data;
}

function newExposure(pixels: number): Exposure {
  return {
    light: new Float32Array(pixels * 3),
    albedo: new Float32Array(pixels * 3),
    own: new Float32Array(pixels * 3),
  };
}

function expose({ light, albedo, own }: Exposure, pixel: number, glimpse: Glimpse, share: number): void {
  for (let channel = 0; channel < 3; channel++) {
    light[pixel * 3 + channel] += glimpse.light[channel] * share;
    albedo[pixel * 3 + channel] += glimpse.albedo[channel] * share;
    own[pixel * 3 + channel] += glimpse.own[channel] * share;
  }
}

/** Takes the grain out of the light (not out of the surfaces) between neighbours at like distances, in three rounds. */
function smooth(light: Float32Array, depth: Float32Array, width: number, height: number): void {
  for (const stride of [1, 2, 3]) {
    const before = light.slice();
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const pixel = row * width + column;
        const sums = [0, 0, 0];
        let weights = 0;
        for (let dy = -1; dy <= 1; dy++) {
          for (let dx = -1; dx <= 1; dx++) {
            const x = column + dx * stride;
            const y = row + dy * stride;
            if (x < 0 || y < 0 || x >= width || y >= height) continue;
            const other = y * width + x;
            const apart = (depth[other] - depth[pixel]) / (0.012 * depth[pixel] * stride);
            const brighter =
              (before[other * 3 + 1] - before[pixel * 3 + 1]) / (0.28 + 0.5 * before[pixel * 3 + 1]);
            const weight = Math.exp(-apart * apart - brighter * brighter * 0.7);
            weights += weight;
            for (let channel = 0; channel < 3; channel++)
              sums[channel] += weight * before[other * 3 + channel];
          }
        }
        for (let channel = 0; channel < 3; channel++) light[pixel * 3 + channel] = sums[channel] / weights;
      }
    }
  }
}

function unit(v: readonly number[]): Vector {
  const length = Math.hypot(v[0], v[1], v[2]);
  return [v[0] / length, v[1] / length, v[2] / length];
}

const dot = (a: readonly number[], b: readonly number[]) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const scaled = (v: readonly number[], by: number): Vector => [v[0] * by, v[1] * by, v[2] * by];
const step = (from: readonly number[], along: readonly number[], by: number): Vector => [
  from[0] + along[0] * by,
  from[1] + along[1] * by,
  from[2] + along[2] * by,
];
const add = (to: Vector, by: readonly number[]) => {
  for (let axis = 0; axis < 3; axis++) to[axis] += by[axis];
};
