import type { PersonPassage, VehiclePassage } from './recipe.ts';

/** Where a person is, and how far along a step (0–1, two steps per turn). */
export interface PersonStand {
  x: number;
  z: number;
  step: number;
  walking: boolean;
}

/** Where the front of a vehicle is, how it is turned, and how fast it goes (m/s, towards the lens is positive). */
export interface VehicleStand {
  x: number;
  z: number;
  turn: number;
  speed: number;
  braking: boolean;
}

type WayPoint = readonly [x: number, z: number];

const walkingSpeed = 1.75;
const stepLength = 0.72;
const pauseSeconds = 1.9;

/** From behind the wall, through the side passage, up to the reader beside the camera. */
const footway: readonly WayPoint[] = [
  [4.9, 14.2],
  [2.3, 13.4],
  [1.75, 12.0],
  [1.6, 10.0],
  [1.15, 6.4],
  [0.44, 2.35],
];
/** And on past the camera. */
const footwayOut: readonly WayPoint[] = [
  [0.44, 2.35],
  [0.95, 1.9],
  [1.7, 1.4],
];

/** From the street into the lane, up to where drivers stop to be read, then past the camera. */
const driveIn: readonly WayPoint[] = [
  [-14, 26.5],
  [-7.2, 26.4],
  [-4.2, 25.2],
  [-2.4, 22.6],
  [-1.75, 19],
  [-1.55, 14],
  [-1.42, 5.15],
];
const driveInOut: readonly WayPoint[] = [
  [-1.42, 5.15],
  [-1.5, 2],
  [-1.6, -6.5],
];
const driveOut: readonly WayPoint[] = [
  [-1.7, -4.2],
  [-1.55, 6],
  [-1.6, 16],
  [-1.0, 21],
  [1.4, 24.4],
  [5, 25.6],
  [16, 25.8],
];

/** The way of a person at `seconds` after setting out; undefined before and after. */
export function walk(seconds: number): PersonStand | undefined {
  const wayIn = wayLength(footway);
  const slowing = 0.8;
  const arrive = wayIn / walkingSpeed + slowing / 2;
  if (seconds < 0) return undefined;
  if (seconds < arrive) {
    const done = distanceWithBraking(seconds, arrive, walkingSpeed, slowing);
    const [x, z] = along(footway, done);
    return { x, z, step: (done / stepLength / 2) % 1, walking: true };
  }
  const waited = seconds - arrive;
  const [endX, endZ] = footway.at(-1)!;
  if (waited < pauseSeconds) return { x: endX, z: endZ, step: 0, walking: false };
  const gone = (waited - pauseSeconds) * 1.5;
  if (gone > wayLength(footwayOut)) return undefined;
  const [x, z] = along(footwayOut, gone);
  return { x, z, step: (gone / stepLength / 2) % 1, walking: true };
}

/** Seconds a person needs from setting out until gone. */
export const walkSeconds =
  wayLength(footway) / walkingSpeed + 0.4 + pauseSeconds + wayLength(footwayOut) / 1.5;

/** The way of a vehicle at `seconds` after setting out; undefined before and after. */
export function drive(passage: VehiclePassage, seconds: number): VehicleStand | undefined {
  if (seconds < 0) return undefined;
  return passage.direction === 'entry' ? driveInwards(seconds) : driveOutwards(seconds);
}

/** How far the barrier is up for this vehicle, 0 to 1: up before its nose is near, down once its tail is through. */
export function barrierFor(passage: VehiclePassage, seconds: number): number {
  const stand = drive(passage, seconds);
  if (!stand) return 0;
  const entering = passage.direction === 'entry';
  const nose = stand.z;
  const tail = entering ? stand.z + longest : stand.z - longest;
  const opening = entering ? (24 - nose) / 6 : (nose + 1) / 5;
  const closing = entering ? (tail - 7.5) / 2 : (13.5 - tail) / 2;
  return Math.min(1, Math.max(0, Math.min(opening, closing)));
}

/** No vehicle of the sample is longer, metres. */
const longest = 6;
const cruise = 6.4;

function driveInwards(seconds: number): VehicleStand | undefined {
  const length = wayLength(driveIn);
  const slowing = 2.2;
  const arrive = length / cruise + slowing / 2;
  const pause = 1.1;
  if (seconds < arrive) {
    const done = distanceWithBraking(seconds, arrive, cruise, slowing);
    const left = arrive - seconds;
    return { ...headed(driveIn, done), speed: cruise * Math.min(1, left / slowing), braking: left < slowing };
  }
  const waited = seconds - arrive;
  if (waited < pause) return { ...headed(driveIn, length), speed: 0, braking: true };
  const gone = 1.9 * (waited - pause) ** 2;
  if (gone > wayLength(driveInOut)) return undefined;
  return { ...headed(driveInOut, gone), speed: 3.8 * (waited - pause), braking: false };
}

function driveOutwards(seconds: number): VehicleStand | undefined {
  const done = Math.min(seconds, 2.2) ** 2 * 0.25 + seconds * 3.1 + Math.max(0, seconds - 2.2) * 1.4;
  if (done > wayLength(driveOut)) return undefined;
  const { x, z, turn } = headed(driveOut, done);
  return { x, z, turn: turn, speed: -4, braking: seconds < 0.6 };
}

/** Runs at `speed` and comes to rest at `arrive`, braking evenly during the last `slowing` seconds. */
function distanceWithBraking(seconds: number, arrive: number, speed: number, slowing: number): number {
  const braking = Math.max(0, seconds - (arrive - slowing));
  return speed * (seconds - braking) + speed * (braking - braking ** 2 / (2 * slowing));
}

/** Point on a way, and the turn about the vertical of something that looks along it. */
function headed(way: readonly WayPoint[], distance: number): { x: number; z: number; turn: number } {
  const [x, z] = along(way, distance);
  const [aheadX, aheadZ] = along(way, distance + 1.2);
  const [behindX, behindZ] = along(way, distance - 1.2);
  const turn = Math.atan2(-(aheadX - behindX), -(aheadZ - behindZ));
  return { x, z, turn };
}

function along(way: readonly WayPoint[], distance: number): [number, number] {
  let left = distance;
  for (let index = 1; index < way.length; index++) {
    const [ax, az] = way[index - 1];
    const [bx, bz] = way[index];
    const stretch = Math.hypot(bx - ax, bz - az);
    if (left <= stretch || index === way.length - 1) {
      const share = left / stretch;
      return [ax + (bx - ax) * share, az + (bz - az) * share];
    }
    left -= stretch;
  }
  return [...way[0]];
}

function wayLength(way: readonly WayPoint[]): number {
  return way
    .slice(1)
    .reduce((sum, [x, z], index) => sum + Math.hypot(x - way[index][0], z - way[index][1]), 0);
}

/** Seconds after setting out at which a person is gone, or a vehicle at the latest. */
export function passageSeconds(passage: PersonPassage | VehiclePassage): number {
  return passage.kind === 'person' ? walkSeconds : 14;
}
