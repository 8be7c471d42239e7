import { cast } from './cast.ts';
import { gateDistance, grainDeviation, type Hour, lights, paintScene, tones } from './gate-scene.ts';
import { coveredBox, drawSprite, type Layer } from './layer.ts';
import { paintMesh, placePoint } from './mesh-painter.ts';
import { drive, passageSeconds, walk } from './motion.ts';
import { type PersonArt, preparePerson } from './person-art.ts';
import { renderPlate } from './plate-art.ts';
import { seededRandom } from './random.ts';
import type { Passage, PersonPassage, Recipe, VehiclePassage } from './recipe.ts';
import type { TrueMoment } from './truth.ts';
import { prepareVehicle, type VehicleArt } from './vehicle-art.ts';
import { withPlates } from './vehicle-plates.ts';
import { frameSize, project, scaleAt } from './view.ts';
import { type Grain, makeGrain, newYuvFrame, paintLayer, paintPicture, type YuvFrame } from './yuv-frame.ts';

/** What one passage shows in one frame. */
export interface Appearance {
  passage: number;
  moment: TrueMoment;
}

/** The scene with everything prepared: gives the footage frame by frame. */
export interface Footage {
  frames: number;
  /** Frame `index`; the same memory is used for the next one. */
  compose(index: number): { frame: YuvFrame; seen: Appearance[] };
}

interface Actor {
  index: number;
  passage: Passage;
  person?: PersonArt;
  vehicle?: VehicleArt;
}

interface Placed {
  index: number;
  z: number;
  layer: Layer;
  moment: TrueMoment;
  passage: Passage;
}

type Box = [number, number, number, number];

const variants = 1;

/** Prepares backgrounds, people and vehicles. The same recipe and seed give the same frames. */
export async function prepareFootage(recipe: Recipe, seed: number): Promise<Footage> {
  const random = seededRandom(seed);
  const grains = {
    day: makeGrain(256, grainDeviation.day, random),
    dusk: makeGrain(256, grainDeviation.dusk, random),
  };
  const backgrounds = { day: await grainy('day', grains.day), dusk: await grainy('dusk', grains.dusk) };
  const actors = await Promise.all(recipe.passages.map(prepareActor));
  const frame = newYuvFrame(frameSize.width, frameSize.height);
  const compose = (index: number) => {
    const at = index / recipe.framesPerSecond;
    const dusk = Math.min(1, Math.max(0, (at - recipe.duskFrom) / (recipe.duskTo - recipe.duskFrom)));
    const hour: Hour = dusk < 0.5 ? 'day' : 'dusk';
    fillBackground(frame, backgrounds, index, dusk);
    const placed = actors.flatMap((actor) => place(actor, at, hour));
    placed.sort((a, b) => b.z - a.z);
    for (const { layer } of placed) paintLayer(frame, layer, tones[hour], grains[hour], index * 37);
    return { frame, seen: placed.map(({ index: passage, moment }) => ({ passage, moment })) };
  };
  return { frames: Math.round(recipe.seconds * recipe.framesPerSecond), compose };
}

async function grainy(hour: Hour, grain: Grain): Promise<YuvFrame[]> {
  const picture = await paintScene(hour);
  return Array.from({ length: variants }, (_, variant) => {
    const frame = newYuvFrame(frameSize.width, frameSize.height);
    const turned = { side: grain.side, values: rotated(grain.values, variant * 16_411) };
    paintPicture(frame, picture.data, turned);
    return frame;
  });
}

function rotated(values: Int8Array<ArrayBuffer>, by: number): Int8Array<ArrayBuffer> {
  const turned = new Int8Array(values.length);
  turned.set(values.subarray(by));
  turned.set(values.subarray(0, by), values.length - by);
  return turned;
}

function fillBackground(
  frame: YuvFrame,
  backgrounds: Record<Hour, YuvFrame[]>,
  index: number,
  dusk: number,
): void {
  const day = backgrounds.day[index % variants].bytes;
  const night = backgrounds.dusk[index % variants].bytes;
  if (dusk <= 0) frame.bytes.set(day);
  else if (dusk >= 1) frame.bytes.set(night);
  else {
    const share = Math.round(dusk * 256);
    for (let at = 0; at < frame.bytes.length; at++)
      frame.bytes[at] = (day[at] * (256 - share) + night[at] * share) >> 8;
  }
}

async function prepareActor(passage: Passage, index: number): Promise<Actor> {
  if (passage.kind === 'person')
    return { index, passage, person: await preparePerson(cast[passage.person], passage.mask) };
  const { text, class: plateClass, rows } = passage.plate;
  const plate = await renderPlate({ text, class: plateClass, rows }, { scale: 0.8 });
  const vehicle = withPlates(await prepareVehicle(passage.model, passage.colour), plate, {
    text,
    class: plateClass,
    rows,
  });
  return { index, passage, vehicle };
}

function place(actor: Actor, at: number, hour: Hour): Placed[] {
  const { passage } = actor;
  if (at > passage.at + passageSeconds(passage)) return [];
  const placed =
    passage.kind === 'person' ? placePerson(actor, passage, at) : placeVehicle(actor, passage, at, hour);
  return placed ? [placed] : [];
}

function placePerson({ index, person }: Actor, passage: PersonPassage, at: number): Placed | undefined {
  const stand = walk(at - passage.at + (passage.ahead ?? 0));
  if (!stand || !person) return undefined;
  const [x, y] = project([stand.x, 0, stand.z]);
  const scale = scaleAt(stand.z) / person.pixelsPerMetre;
  const bob = stand.walking ? 0.022 * Math.abs(Math.sin(2 * Math.PI * stand.step)) * scaleAt(stand.z) : 0;
  const sway = stand.walking ? 0.012 * Math.sin(2 * Math.PI * stand.step) : 0.004 * Math.sin(at * 2.2);
  const phase = !stand.walking ? 0 : stand.step < 0.5 ? 1 : 2;
  const placing = { anchorX: person.foot.x, anchorY: person.foot.y, x, y: y - bob, scale, lean: sway };
  const layer = drawSprite(person.phases[phase], placing, frameSize);
  const box = layer && coveredBox(layer);
  if (!layer || !box) return undefined;
  const [faceX, faceY, faceWidth, faceHeight] = person.face;
  const lift = (person.foot.y - faceY - faceHeight / 2) * scale;
  const face: Box = [
    x + (faceX - person.foot.x) * scale + sway * lift,
    y - bob + (faceY - person.foot.y) * scale,
    faceWidth * scale,
    faceHeight * scale,
  ];
  return {
    index,
    z: stand.z,
    layer,
    passage,
    moment: { at, box, ...(shareInside(face) >= 0.5 && { face: clip(face) }) },
  };
}

function placeVehicle(
  { index, vehicle }: Actor,
  passage: VehiclePassage,
  at: number,
  hour: Hour,
): Placed | undefined {
  const stand = drive(passage, at - passage.at);
  if (!stand || !vehicle) return undefined;
  const layer = paintMesh(
    vehicle.mesh,
    vehicle.textures,
    stand,
    lights[hour],
    frameSize,
    stand.z < 3 ? 1 : 2,
  );
  const box = layer && coveredBox(layer);
  if (!layer || !box) return undefined;
  const plate = plateBox(vehicle, stand, passage);
  return {
    index,
    z: stand.z,
    layer,
    passage,
    moment: { at, box, ...(plate && shareInside(plate) > 0.999 && { plate: clip(plate) }) },
  };
}

/** Where the plate that faces the lens is seen; undefined beside or behind it, and when it is turned away. */
function plateBox(
  vehicle: VehicleArt,
  stand: { x: number; z: number; turn: number },
  passage: VehiclePassage,
): Box | undefined {
  const front = Math.cos(stand.turn) > 0.3;
  if (!front && Math.cos(stand.turn) > -0.3) return undefined;
  const [y, z] = front ? vehicle.plates.front : vehicle.plates.rear;
  const width = passage.plate.class.endsWith('new_energy') ? 0.48 : 0.44;
  const height = passage.plate.rows === 2 ? 0.22 : 0.14;
  const corners = [-1, 1].flatMap((side) =>
    [-1, 1].map((end) => placePoint((side * width) / 2, y + (end * height) / 2, z, stand)),
  );
  if (corners.some((corner) => corner[2] < 0.5)) return undefined;
  const seen = corners.map(project);
  const left = Math.min(...seen.map(([column]) => column));
  const top = Math.min(...seen.map(([, row]) => row));
  return [
    left,
    top,
    Math.max(...seen.map(([column]) => column)) - left,
    Math.max(...seen.map(([, row]) => row)) - top,
  ];
}

function shareInside(box: Box): number {
  const [, , width, height] = clip(box);
  return (width * height) / (box[2] * box[3]);
}

function clip([x, y, width, height]: Box): Box {
  const left = Math.min(frameSize.width, Math.max(0, x));
  const top = Math.min(frameSize.height, Math.max(0, y));
  return [
    left,
    top,
    Math.max(0, Math.min(frameSize.width, x + width) - left),
    Math.max(0, Math.min(frameSize.height, y + height) - top),
  ];
}

void gateDistance;
