import { type RgbaPicture, rasterizeSvg } from '../capture/picture-codec.ts';
import type { Light } from './mesh-painter.ts';
import { frameSize } from './view.ts';
import type { Tone } from './yuv-frame.ts';

/** Day, or dusk with the lamps on. */
export type Hour = 'day' | 'dusk';

/** Distance of the gate from the lens, metres: what is farther passes behind its walls. */
export const gateDistance = 10;

/** The empty scene at an hour, opaque, as large as the footage. */
export async function paintScene(hour: Hour): Promise<RgbaPicture> {
  const sky = hour === 'day' ? '#bcd0de' : '#2b3450';
  const ground = hour === 'day' ? '#8b8b88' : '#2d2c2e';
  return rasterizeSvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${frameSize.width}" height="${frameSize.height}"><rect width="1920" height="1080" fill="${sky}"/><rect y="310" width="1920" height="770" fill="${ground}"/></svg>`,
  );
}

const unit = (x: number, y: number, z: number) => {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length] as const;
};

/** The light on vehicles. */
export const lights: Record<Hour, Light> = {
  day: {
    sun: unit(-0.45, 0.75, -0.5),
    sunColour: [0.72, 0.67, 0.58],
    skyColour: [0.5, 0.55, 0.62],
    groundColour: [0.25, 0.24, 0.22],
    mirrored: [
      [0.2, 0.2, 0.2],
      [0.28, 0.3, 0.27],
      [0.95, 0.97, 1],
      [0.55, 0.7, 0.95],
    ],
  },
  dusk: {
    sun: unit(0.25, 0.8, -0.45),
    sunColour: [0.3, 0.24, 0.16],
    skyColour: [0.17, 0.19, 0.27],
    groundColour: [0.08, 0.07, 0.06],
    mirrored: [
      [0.06, 0.055, 0.05],
      [0.09, 0.08, 0.08],
      [0.4, 0.36, 0.42],
      [0.16, 0.2, 0.34],
    ],
  },
};

/** How the hour tints people, who bring the light of their photograph with them. */
export const tones: Record<Hour, Tone> = {
  day: { red: 0.97, green: 0.98, blue: 1 },
  dusk: { red: 0.62, green: 0.55, blue: 0.5 },
};

/** Standard deviation of the sensor's noise, steps of luma. */
export const grainDeviation: Record<Hour, number> = { day: 1.2, dusk: 2.4 };
