import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodePicture } from '../../../edge/capture/picture-codec.ts';
import { bakeScene } from '../../../edge/sample/bake/bake-scene.ts';
import { buildGate } from '../../../edge/sample/bake/gate-model.ts';
import { type Patch, PatchTree } from '../../../edge/sample/bake/tracer.ts';
import { loadGateMask, loadScene } from '../../../edge/sample/gate-scene.ts';
import { seededRandom } from '../../../edge/sample/random.ts';
import { frameSize, project } from '../../../edge/sample/view.ts';

type Vector = [number, number, number];

/** Where a ray meets the plane of a patch, if inside it: written the long way, to hold the tree against. */
function distanceTo({ origin, along, across }: Patch, from: Vector, towards: Vector): number {
  const cross = (a: readonly number[], b: readonly number[]): Vector => [
    a[1]! * b[2]! - a[2]! * b[1]!,
    a[2]! * b[0]! - a[0]! * b[2]!,
    a[0]! * b[1]! - a[1]! * b[0]!,
  ];
  const dot = (a: readonly number[], b: readonly number[]) => a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;
  const normal = cross(along, across);
  const slope = dot(normal, towards);
  if (Math.abs(slope) < 1e-9) return Number.POSITIVE_INFINITY;
  const to = origin.map((value, axis) => value - from[axis]!);
  const distance = dot(normal, to) / slope;
  if (distance < 1e-3) return Number.POSITIVE_INFINITY;
  const within = from.map((value, axis) => value + towards[axis]! * distance - origin[axis]!);
  const s = dot(cross(within, across), normal) / dot(normal, normal);
  const t = dot(cross(along, within), normal) / dot(normal, normal);
  return s >= 0 && s <= 1 && t >= 0 && t <= 1 ? distance : Number.POSITIVE_INFINITY;
}

const random = seededRandom(11);
const anywhere = (reach: number): Vector =>
  [reach, reach, reach].map((most) => (random() - 0.5) * 2 * most) as Vector;
const patches: Patch[] = Array.from({ length: 400 }, () => ({
  origin: anywhere(6),
  along: anywhere(1.5),
  across: anywhere(1.5),
  material: 0,
}));
const tree = new PatchTree(patches);
const coordinate = fc.double({ min: -1, max: 1, noNaN: true });

describe('tracing the empty scene', () => {
  test('the tree finds the very patch that looking at all of them finds', () => {
    fc.assert(
      fc.property(
        fc.tuple(coordinate, coordinate, coordinate),
        fc.tuple(coordinate, coordinate, coordinate),
        (at, to) => {
          const length = Math.hypot(...to);
          fc.pre(length > 0.1);
          const from = at.map((value) => value * 7) as Vector;
          const towards = to.map((value) => value / length) as Vector;
          const nearest = Math.min(...patches.map((patch) => distanceTo(patch, from, towards)));
          const hit = tree.meet(from, towards, 100);
          if (nearest === Number.POSITIVE_INFINITY) expect(hit).toBeUndefined();
          else expect(hit!.distance).toBeCloseTo(nearest, 4);
          expect(tree.isBlocked(from, towards, 100)).toBe(hit !== undefined);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('the gate is the same at every building', () => {
    expect(buildGate()).toEqual(buildGate());
  });

  test('a quick look gives day, a darker dusk, and the mask', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bake-'));
    await bakeScene(folder, { scale: 0.04, rays: 1 });
    expect((await readdir(folder)).toSorted()).toEqual(['gate-day.webp', 'gate-dusk.webp', 'gate-mask.png']);
    const mean = async (file: string) => {
      const { data } = await decodePicture(join(folder, file));
      return data.reduce((sum, value) => sum + value, 0) / data.length;
    };
    expect(await mean('gate-day.webp')).toBeGreaterThan((await mean('gate-dusk.webp')) * 1.5);
    await rm(folder, { recursive: true });
  });

  test('the pictures in the folder are of the footage’s size, and the mask hides the walls and not the passage', async () => {
    const [day, dusk, mask] = await Promise.all([loadScene('day'), loadScene('dusk'), loadGateMask()]);
    for (const { width, height } of [day, dusk]) expect({ width, height }).toEqual(frameSize);
    const hidden = (x: number, y: number, z: number) => {
      const [column, row] = project([x, y, z]);
      return mask[Math.round(row) * frameSize.width + Math.round(column)];
    };
    expect(hidden(3.1, 1.5, 11.6)).toBe(255);
    expect(hidden(5.2, 1.6, 11.88)).toBe(255);
    expect(hidden(1.7, 1.0, 12.1)).toBe(0);
    expect(hidden(-1.6, 0.6, 12.1)).toBe(0);
  });
});
