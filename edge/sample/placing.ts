import type { Hour } from './gate-scene.ts';
import { gateDistance, lights } from './gate-scene.ts';
import { pullsMask, raisedHand } from './hand-gesture.ts';
import {
  coveredBox,
  coverLayer,
  drawSprite,
  hideLayer,
  type Layer,
  type Sprite,
  softenLayer,
} from './layer.ts';
import { paintMesh, placePoint } from './mesh-painter.ts';
import { drive, type PersonStand, type VehicleStand, walk } from './motion.ts';
import type { PersonArt } from './person-art.ts';
import { plateSize } from './plate-art.ts';
import type { PersonPassage, VehiclePassage } from './recipe.ts';
import type { TrueMoment } from './truth.ts';
import type { VehicleArt } from './vehicle-art.ts';
import { frameSize, project, scaleAt } from './view.ts';

/** A subject as one frame shows it. */
export interface Placed {
  /** Distance from the lens, metres. */
  z: number;
  layer: Layer;
  moment: TrueMoment;
}

type Box = [number, number, number, number];

/** A person at `at` seconds of the video; undefined when out of sight. `gateMask`: what hides those outside the gate. */
export function placePerson(
  person: PersonArt,
  passage: PersonPassage,
  at: number,
  gateMask: Uint8Array,
): (Placed & { stand: PersonStand }) | undefined {
  const along = at - passage.at + (passage.ahead ?? 0);
  const stand = walk(along);
  if (!stand) return undefined;
  const unit = scaleAt(stand.z);
  const scale = unit / person.pixelsPerMetre;
  const [x, ground] = project([stand.x, 0, stand.z]);
  const y = ground - (stand.walking ? 0.022 * Math.abs(Math.sin(2 * Math.PI * stand.step)) * unit : 0);
  const lean = stand.walking ? 0.012 * Math.sin(2 * Math.PI * stand.step) : 0.004 * Math.sin(at * 2.2);
  const body = bodyOf(person, passage, stand, along);
  const placing = { anchorX: person.foot.x, anchorY: person.foot.y, x, y, scale, lean };
  const layer = drawSprite(body, placing, frameSize);
  if (!layer) return undefined;
  const arm = armOf(person, passage, along);
  const over = arm && drawSprite(arm, placing, frameSize);
  if (over) coverLayer(layer, over);
  if (stand.z > gateDistance) hideLayer(layer, gateMask, frameSize.width);
  const box = coveredBox(layer);
  if (!box) return undefined;
  const [faceX, faceY, faceWidth, faceHeight] = person.face;
  const lift = (person.foot.y - faceY - faceHeight / 2) * scale;
  const face: Box = [
    x + (faceX - person.foot.x) * scale + lean * lift,
    y + (faceY - person.foot.y) * scale,
    faceWidth * scale,
    faceHeight * scale,
  ];
  return {
    z: stand.z,
    stand,
    layer,
    moment: { at, box, ...(shareInside(face) >= 0.5 && stand.z < gateDistance && { face: clip(face) }) },
  };
}

function bodyOf(
  { phases, pulled }: PersonArt,
  { hand }: PersonPassage,
  { walking, step }: PersonStand,
  along: number,
): Sprite {
  if (walking) return phases[step < 0.5 ? 1 : 2];
  return (hand && pullsMask(hand, along) && pulled) || phases[0];
}

/** The picture of the arm that is nearest to how far it is raised; undefined without one. */
function armOf({ arm }: PersonArt, { hand }: PersonPassage, along: number): Sprite | undefined {
  if (!arm || !hand) return undefined;
  const raised = raisedHand(hand, along);
  const apart = (pose: { raised: number }) => Math.abs(pose.raised - raised);
  return arm.reduce((best, pose) => (apart(pose) < apart(best) ? pose : best)).sprite;
}

/** A vehicle at `at` seconds of the video; undefined when out of sight. */
export function placeVehicle(
  vehicle: VehicleArt,
  passage: VehiclePassage,
  at: number,
  hour: Hour,
  gateMask: Uint8Array,
): (Placed & { stand: VehicleStand }) | undefined {
  const stand = drive(passage, at - passage.at);
  if (!stand) return undefined;
  const layer = paintVehicle(vehicle, stand, hour);
  if (!layer) return undefined;
  const outside = Math.min(stand.z, stand.z + Math.cos(stand.turn) * vehicle.shape.length) > gateDistance;
  if (outside) hideLayer(layer, gateMask, frameSize.width);
  const box = coveredBox(layer);
  if (!box) return undefined;
  const plate = outside ? undefined : plateBox(vehicle, stand, passage);
  return {
    z: Math.min(stand.z, placePoint(0, 0, vehicle.shape.length, stand)[2]),
    stand,
    layer,
    moment: { at, box: clip(box), ...(plate && shareInside(plate) > 0.999 && { plate: clip(plate) }) },
  };
}

/** Standing vehicles are painted once, finely; far ones finely too; near ones that move are smeared anyway. */
function paintVehicle(vehicle: VehicleArt, stand: VehicleStand, hour: Hour): Layer | undefined {
  const { mesh, textures, standing } = vehicle;
  if (stand.speed !== 0) {
    const samples = stand.z > 10 ? 2 : stand.z > 3.6 ? 1 : 0.5;
    const layer = paintMesh(mesh, textures, stand, lights[hour], frameSize, samples);
    return layer && samples === 1 ? blurByMotion(layer, stand) : layer;
  }
  const key = `${hour} ${stand.x} ${stand.z}`;
  if (standing?.key !== key)
    vehicle.standing = { key, layer: paintMesh(mesh, textures, stand, lights[hour], frameSize, 2) };
  return vehicle.standing?.layer;
}

/** A shutter of 1/100 s: what moves down the picture by more than half a pixel in it is smeared by three. */
function blurByMotion(layer: Layer, { z, speed }: VehicleStand): Layer {
  const shift = ((Math.abs(speed) / 100) * 1.3 * scaleAt(z)) / z;
  return shift > 0.5 ? softenLayer(layer, 0, 1) : layer;
}

/** Where the plate that faces the lens is seen; undefined when it is turned away or beside the lens. */
function plateBox(vehicle: VehicleArt, stand: VehicleStand, { plate }: VehiclePassage): Box | undefined {
  const towards = Math.cos(stand.turn);
  if (Math.abs(towards) < 0.3) return undefined;
  const [y, z] = towards > 0 ? vehicle.plates.front : vehicle.plates.rear;
  const size = plateSize(plate);
  const corners = [-1, 1].flatMap((side) =>
    [-1, 1].map((end) => placePoint((side * size.width) / 2000, y + (end * size.height) / 2000, z, stand)),
  );
  if (corners.some((corner) => corner[2] < 0.8)) return undefined;
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

/** The part of a box that lies in the frame. */
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
