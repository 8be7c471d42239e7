import { fileURLToPath } from 'node:url';
import type { Picture } from '../capture/frame.ts';
import { decodePicture } from '../capture/picture-codec.ts';
import type { Light } from './mesh-painter.ts';
import type { Tone } from './yuv-frame.ts';

/** Day, or dusk with the lamps on. */
export type Hour = 'day' | 'dusk';

/** Distance of the gate's far side from the lens, metres: what is farther passes behind its walls. */
export const gateDistance = 12.3;

/** The empty scene at an hour, as large as the footage: traced once, see `bake/`. */
export async function loadScene(hour: Hour): Promise<Picture> {
  return decodePicture(sceneFile(`gate-${hour}.webp`));
}

/** How far each pixel of the scene belongs to the gate and its walls, which hide what is outside: 0–255. */
export async function loadGateMask(): Promise<Uint8Array<ArrayBuffer>> {
  const { data } = await decodePicture(sceneFile('gate-mask.png'));
  return Uint8Array.from({ length: data.length / 3 }, (_, pixel) => data[pixel * 3]);
}

function sceneFile(name: string): string {
  return fileURLToPath(new URL(`scene/${name}`, import.meta.url));
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
    sunColour: [0.5, 0.41, 0.29],
    skyColour: [0.25, 0.26, 0.31],
    groundColour: [0.13, 0.115, 0.1],
    mirrored: [
      [0.06, 0.055, 0.05],
      [0.09, 0.08, 0.08],
      [0.4, 0.36, 0.42],
      [0.16, 0.2, 0.34],
    ],
  },
};

/** How the hour tints people, who bring the light of their photograph with them; at dusk the lamps over the reader help. */
export function toneOf(hour: Hour, distance: number): Tone {
  if (hour === 'day') return { red: 0.96, green: 0.97, blue: 0.98 };
  const lamp = Math.exp(-(((distance - 3) / 3.2) ** 2));
  const gate = 0.6 * Math.exp(-(((distance - 11.5) / 2) ** 2));
  const gain = 0.4 + 0.42 * Math.max(lamp, gate);
  return { red: gain * 1.04, green: gain * 0.95, blue: gain * 0.84 };
}

/** Vehicles are lit by `lights`: the hour adds nothing. */
export const plainTone: Tone = { red: 1, green: 1, blue: 1 };

/** Standard deviation of the sensor's noise, steps of luma. */
export const grainDeviation: Record<Hour, number> = { day: 1.3, dusk: 2.6 };

/** How dark a shadow is: in the sun, and right under something. */
export const shadowStrength: Record<Hour, { sun: number; contact: number }> = {
  day: { sun: 0.5, contact: 0.62 },
  dusk: { sun: 0, contact: 0.6 },
};
