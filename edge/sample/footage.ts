import { Barrier, barrierDistance } from './barrier.ts';
import { cast } from './cast.ts';
import {
  gateDistance,
  grainDeviation,
  type Hour,
  lights,
  loadGateMask,
  loadScene,
  plainTone,
  shadowStrength,
  toneOf,
} from './gate-scene.ts';
import type { Layer } from './layer.ts';
import { barrierFor, passageSeconds, type VehicleStand } from './motion.ts';
import { type PersonArt, preparePerson } from './person-art.ts';
import { type Placed, placePerson, placeVehicle } from './placing.ts';
import { renderPlate } from './plate-art.ts';
import { seededRandom } from './random.ts';
import type { Passage, PersonPassage, Recipe, VehiclePassage } from './recipe.ts';
import { castShadow, footprint, type GroundPoint, layShadow, roundSpot, thrown } from './shadow.ts';
import type { TrueMoment } from './truth.ts';
import { prepareVehicle, type VehicleArt } from './vehicle-art.ts';
import { shineLamps } from './vehicle-lamps.ts';
import { withPlates } from './vehicle-plates.ts';
import { frameSize } from './view.ts';
import {
  type Grain,
  makeGrain,
  newYuvFrame,
  paintLayer,
  paintPicture,
  type Tone,
  type YuvFrame,
} from './yuv-frame.ts';

/** What one passage shows in one frame. */
export interface Appearance {
  passage: number;
  moment: TrueMoment;
}

/** Gives the footage frame by frame. */
export interface Footage {
  frames: number;
  /** Frame `index`; the same memory is used for the next one, so one at a time. */
  compose(index: number): Promise<{ frame: YuvFrame; seen: Appearance[] }>;
}

type Actor =
  | { index: number; passage: PersonPassage; person: PersonArt }
  | { index: number; passage: VehiclePassage; vehicle: VehicleArt };

/** Something to lay over the background; the farthest goes first. */
interface Act {
  z: number;
  layer: Layer;
  tone: Tone;
  appearance?: Appearance;
  castShade?: () => void;
  shineAhead?: () => void;
  shineOver?: () => void;
}

/**
 * The same recipe and seed give the same frames. People, vehicles and the dusk are prepared when they are first
 * needed: the first frames should not wait for what comes a minute later.
 */
export async function prepareFootage(recipe: Recipe, seed: number): Promise<Footage> {
  const random = seededRandom(seed);
  const grains = {
    day: makeGrain(256, grainDeviation.day, random),
    dusk: makeGrain(256, grainDeviation.dusk, random),
  };
  const background = once((hour: Hour) => paintBackground(hour, grains[hour]));
  const gateMask = await loadGateMask();
  const actor = once((index: number) => prepareActor(recipe.passages[index], index));
  const barrier = new Barrier();
  const frame = newYuvFrame(frameSize.width, frameSize.height);

  const compose = async (index: number) => {
    const at = index / recipe.framesPerSecond;
    const dusk = Math.min(1, Math.max(0, (at - recipe.duskFrom) / (recipe.duskTo - recipe.duskFrom)));
    const hour: Hour = dusk < 0.5 ? 'day' : 'dusk';
    await fillBackground(frame, background, dusk);
    const actors = await Promise.all(passagesAt(recipe, at).map(actor));
    const acts = actors.flatMap((actor) => actOf(actor, frame, at, hour, gateMask));
    acts.push(barrierAct(barrier, recipe, at, hour));
    acts.sort((a, b) => b.z - a.z);
    for (const act of acts) act.castShade?.();
    for (const act of acts) act.shineAhead?.();
    for (const act of acts) {
      paintLayer(frame, act.layer, act.tone, grains[hour], index * 37);
      act.shineOver?.();
    }
    return { frame, seen: acts.flatMap(({ appearance }) => appearance ?? []) };
  };
  return { frames: Math.round(recipe.seconds * recipe.framesPerSecond), compose };
}

/** Numbers of the passages under way at `at` seconds. */
function passagesAt({ passages }: Recipe, at: number): number[] {
  return passages.flatMap((passage, index) =>
    at >= passage.at && at <= passage.at + passageSeconds(passage) ? [index] : [],
  );
}

/** Remembers what was made for a key. */
function once<Key, Made>(make: (key: Key) => Promise<Made>): (key: Key) => Promise<Made> {
  const made = new Map<Key, Promise<Made>>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}

async function paintBackground(hour: Hour, grain: Grain): Promise<YuvFrame> {
  const frame = newYuvFrame(frameSize.width, frameSize.height);
  paintPicture(frame, (await loadScene(hour)).data, grain);
  return frame;
}

async function fillBackground(
  frame: YuvFrame,
  background: (hour: Hour) => Promise<YuvFrame>,
  share: number,
): Promise<void> {
  if (share <= 0 || share >= 1) {
    frame.bytes.set((await background(share <= 0 ? 'day' : 'dusk')).bytes);
    return;
  }
  const [day, dusk] = [await background('day'), await background('dusk')];
  const late = Math.round(share * 256);
  for (let at = 0; at < frame.bytes.length; at++)
    frame.bytes[at] = (day.bytes[at] * (256 - late) + dusk.bytes[at] * late) >> 8;
}

async function prepareActor(passage: Passage, index: number): Promise<Actor> {
  if (passage.kind === 'person')
    return { index, passage, person: await preparePerson(cast[passage.person], passage.mask, passage.hand) };
  const plate = await renderPlate(passage.plate, { scale: 0.8 });
  const vehicle = await prepareVehicle(passage.model, passage.colour);
  return { index, passage, vehicle: withPlates(vehicle, plate, passage.plate) };
}

function actOf(actor: Actor, frame: YuvFrame, at: number, hour: Hour, gateMask: Uint8Array): Act[] {
  const { index } = actor;
  if ('person' in actor) {
    const placed = placePerson(actor.person, actor.passage, at, gateMask);
    if (!placed) return [];
    const castShade = () => shadePerson(frame, placed.stand, hour, gateMask);
    return [{ ...toAct(placed, index), tone: toneOf(hour, placed.z), castShade }];
  }
  const placed = placeVehicle(actor.vehicle, actor.passage, at, hour, gateMask);
  if (!placed) return [];
  const act: Act = {
    ...toAct(placed, index),
    tone: plainTone,
    castShade: () => shadeVehicle(frame, actor.vehicle, placed.stand, hour, gateMask),
  };
  if (hour === 'dusk' && placed.z < gateDistance) {
    const shine = shineLamps(frame, actor.vehicle, placed.stand);
    act.shineAhead = shine.ahead;
    act.shineOver = shine.over;
  }
  return [act];
}

function toAct({ z, layer, moment }: Placed, passage: number): Pick<Act, 'z' | 'layer' | 'appearance'> {
  return { z, layer, appearance: { passage, moment } };
}

function barrierAct(barrier: Barrier, { passages }: Recipe, at: number, hour: Hour): Act {
  const raised = Math.max(
    0,
    ...passages.map((passage) => (passage.kind === 'vehicle' ? barrierFor(passage, at - passage.at) : 0)),
  );
  const gain = hour === 'day' ? 0.95 : 0.5;
  const tone = { red: gain, green: gain * 0.97, blue: gain * (hour === 'day' ? 0.95 : 0.8) };
  return { z: barrierDistance, layer: barrier.draw(raised), tone };
}

function shadePerson(
  frame: YuvFrame,
  { x, z }: { x: number; z: number },
  hour: Hour,
  gateMask: Uint8Array,
): void {
  const { sun, contact } = shadowStrength[hour];
  const head = thrown([x, z], 1.5, lights[hour].sun);
  lay(frame, [...roundSpot(x, z, 0.17), ...roundSpot(head[0], head[1], 0.2)], 0.1, sun, z, gateMask);
  lay(frame, roundSpot(x, z, 0.24), 0.12, contact, z, gateMask);
}

function shadeVehicle(
  frame: YuvFrame,
  { shape }: VehicleArt,
  stand: VehicleStand,
  hour: Hour,
  gateMask: Uint8Array,
): void {
  const { sun, contact } = shadowStrength[hour];
  const size = { half: shape.wheels.half, length: shape.length };
  const floor = footprint(stand, size, -0.02);
  const roof = footprint(stand, size, -0.25).map((point) =>
    thrown(point, shape.height * 0.85, lights[hour].sun),
  );
  lay(frame, [...floor, ...roof], 0.14, sun, stand.z, gateMask);
  lay(frame, footprint(stand, size, -0.06), 0.16, contact, stand.z, gateMask);
}

function lay(
  frame: YuvFrame,
  points: GroundPoint[],
  blur: number,
  strength: number,
  z: number,
  gateMask: Uint8Array,
): void {
  if (strength === 0) return;
  const shadow = castShadow(points, blur, frameSize);
  if (shadow) layShadow(frame, shadow, strength, z > gateDistance ? gateMask : undefined);
}
