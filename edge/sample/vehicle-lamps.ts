import { placePoint } from './mesh-painter.ts';
import type { VehicleStand } from './motion.ts';
import type { VehicleArt } from './vehicle-art.ts';
import { project, scaleAt } from './view.ts';
import { addGlow, type YuvFrame } from './yuv-frame.ts';

/** The lamps of a vehicle at dusk: `ahead` lights the road, `over` the lamps themselves and their halo. */
export function shineLamps(
  frame: YuvFrame,
  vehicle: VehicleArt,
  stand: VehicleStand,
): { ahead: () => void; over: () => void } {
  const towards = Math.cos(stand.turn);
  const [x, y] = towards > 0 ? vehicle.lamps.front : vehicle.lamps.rear;
  const z = towards > 0 ? 0.02 : vehicle.shape.length;
  const lamps = [-x, x].map((side) => placePoint(side, y, z, stand)).filter((lamp) => lamp[2] > 0.9);
  const ahead = () => {
    if (towards > 0.6 && stand.z > 1.2) lightRoad(frame, stand);
  };
  const over = () => {
    for (const lamp of lamps) {
      if (towards > 0.3) shineWhite(frame, lamp);
      else if (towards < -0.3) shineRed(frame, lamp, stand.braking);
    }
  };
  return { ahead, over };
}

function lightRoad(frame: YuvFrame, stand: VehicleStand): void {
  for (const side of [-0.62, 0.62]) {
    const [lampX, , lampZ] = placePoint(side, 0, -2.4, stand);
    if (lampZ < 1.2) continue;
    const [column, row] = project([lampX, 0, lampZ]);
    const scale = scaleAt(lampZ);
    addGlow(frame, { x: column, y: row, radiusX: scale * 1.3, radiusY: scale * 0.75, colour: [70, 64, 50] });
  }
}

function shineWhite(frame: YuvFrame, lamp: [number, number, number]): void {
  const [x, y] = project(lamp);
  const scale = scaleAt(lamp[2]);
  const halo = (radius: number, colour: readonly [number, number, number]) =>
    addGlow(frame, { x, y, radiusX: radius * scale, radiusY: radius * scale, colour });
  halo(0.5, [50, 48, 41]);
  halo(0.2, [190, 184, 168]);
  halo(0.09, [255, 252, 240]);
}

function shineRed(frame: YuvFrame, lamp: [number, number, number], braking: boolean): void {
  const [x, y] = project(lamp);
  const scale = scaleAt(lamp[2]);
  const gain = braking ? 1 : 0.55;
  addGlow(frame, { x, y, radiusX: 0.42 * scale, radiusY: 0.32 * scale, colour: [120 * gain, 8, 6] });
  addGlow(frame, { x, y, radiusX: 0.16 * scale, radiusY: 0.09 * scale, colour: [235 * gain, 40, 30] });
}
