import { type Layer, newLayer } from './layer.ts';
import { project, scaleAt } from './view.ts';

/** Distance of the barrier from the lens, metres. */
export const barrierDistance = 9.97;

const pivot = [0.4, 1.02, barrierDistance] as const;
const reach = 3.55;
const thickness = 0.1;
const stripe = 0.42;

/** The barrier's arm with its counterweight, red and white. It mostly rests, so its last picture is kept. */
export class Barrier {
  private last: { raised: number; layer: Layer } | undefined;

  /** `raised` from 0 (across the lane) to 1 (up). */
  draw(raised: number): Layer {
    if (this.last?.raised !== raised) this.last = { raised, layer: drawArm((raised * 82 * Math.PI) / 180) };
    return this.last.layer;
  }
}

function drawArm(angle: number): Layer {
  const [x, y] = project(pivot);
  const scale = scaleAt(barrierDistance);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const slack = 30;
  const left = Math.floor(x - reach * scale * cos - slack);
  const top = Math.max(0, Math.floor(y - reach * scale * sin - slack));
  const layer = newLayer(
    left,
    top,
    Math.ceil(x + 0.5 * scale) + slack - left,
    Math.ceil(y + slack * 3) - top,
  );
  for (let row = 0; row < layer.height; row++) {
    for (let column = 0; column < layer.width; column++) {
      const dx = (x - (left + column + 0.5)) / scale;
      const dy = (y - (top + row + 0.5)) / scale;
      const along = dx * cos + dy * sin;
      const across = dy * cos - dx * sin;
      paintArm(layer, (row * layer.width + column) * 4, along, across, scale);
    }
  }
  return layer;
}

function paintArm(layer: Layer, at: number, along: number, across: number, scale: number): void {
  const weight = along < 0;
  const half = weight ? thickness * 0.9 : thickness / 2;
  const inside = Math.min(half - Math.abs(across), reach - along, along + 0.45) * scale + 0.5;
  if (inside <= 0) return;
  const cover = Math.min(1, inside);
  const lit = 0.78 + (0.3 * across) / half;
  const red = Math.floor(along / stripe) % 2 === 0;
  const colour = weight ? [70, 72, 74] : red ? [196, 32, 30] : [236, 236, 230];
  for (let channel = 0; channel < 3; channel++) layer.data[at + channel] = colour[channel] * lit * cover;
  layer.data[at + 3] = 255 * cover;
}
