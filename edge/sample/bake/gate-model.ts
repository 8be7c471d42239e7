import { seededRandom } from '../random.ts';
import type { Patch } from './tracer.ts';

/** Materials of the gate's surroundings, by index into this list. */
export const materials = [
  'ground',
  'kerb',
  'render',
  'stone',
  'coping',
  'roof',
  'steel',
  'cabinet',
  'glass',
  'beam',
  'sign',
  'bark',
  'leaf',
  'hedge',
  'facadeSand',
  'facadeBrick',
  'facadeGrey',
  'lamp',
  'booth',
  'hump',
  'slab',
] as const;
export type Material = (typeof materials)[number];

type Vector = readonly [number, number, number];

/** Everything that stands still at the gate, metres; the camera is at (0, 1.85, 0) and looks along z. */
export function buildGate(): Patch[] {
  const model = new GateModel();
  model.addGround();
  model.addPortal();
  model.addBooth();
  model.addBarrierHousing();
  model.addStreet();
  model.addTrees();
  return model.patches;
}

/** Whether a patch belongs to what hides those who are still outside the gate. */
export function isGatePatch({ origin, along, across }: Patch): boolean {
  const farthest = origin[2] + Math.max(0, along[2]) + Math.max(0, across[2]);
  const highest = origin[1] + Math.max(0, along[1]) + Math.max(0, across[1]);
  return farthest < 12.7 && highest > 0.3;
}

class GateModel {
  readonly patches: Patch[] = [];
  private readonly random = seededRandom(20180501);

  addGround(): void {
    this.patch([-90, 0, -20], [180, 0, 0], [0, 0, 140], 'ground');
    this.box([-3.38, 0, -2], [-3.2, 0.13, 22.6], 'kerb');
    this.box([0.22, 0, 5.6], [0.56, 0.14, 13.4], 'kerb');
    this.box([2.62, 0, -2], [2.76, 0.1, 11.6], 'kerb');
    this.box([-40, 0, 30.4], [40, 0.14, 30.6], 'kerb');
    this.box([-3.1, 0, 13.1], [0.16, 0.045, 13.5], 'hump');
  }

  /** Pillars, the beam with the sign, and the walls to both sides. */
  addPortal(): void {
    for (const [left, right] of [
      [-4.35, -3.5],
      [2.72, 3.57],
    ]) {
      this.box([left, 0, 11.6], [right, 3.1, 12.4], 'stone');
      this.box([left - 0.06, 0, 11.54], [right + 0.06, 0.4, 12.46], 'coping');
      this.box([left - 0.06, 3.1, 11.54], [right + 0.06, 3.22, 12.46], 'coping');
    }
    this.box([-4.5, 3.22, 11.7], [3.72, 3.82, 12.3], 'beam');
    this.box([-4.7, 3.82, 11.5], [3.92, 3.92, 12.5], 'coping');
    this.patch([-2.15, 3.27, 11.68], [3.5, 0, 0], [0, 0.5, 0], 'sign');
    for (const [left, right] of [
      [-30, -4.35],
      [3.57, 30],
    ]) {
      this.box([left, 0, 11.88], [right, 2.0, 12.12], 'render');
      this.box([left, 2.0, 11.8], [right, 2.1, 12.2], 'coping');
    }
    for (const x of [-3.93, 3.14]) this.box([x - 0.11, 2.2, 11.38], [x + 0.11, 2.6, 11.56], 'lamp');
    for (const x of [-2.6, -0.4, 1.6]) this.box([x - 0.2, 3.19, 11.9], [x + 0.2, 3.219, 12.1], 'lamp');
    // Hedges before the walls.
    this.hedge([-9, 10.9], [-4.5, 11.7], 1.05);
    this.hedge([3.0, 10.4], [9, 11.4], 0.95);
    this.hedge([2.95, 4.5], [3.7, 10.2], 0.62);
    this.hedge([-7, 5], [-3.75, 8.4], 0.5);
  }

  /** The guards' booth to the left of the lane. */
  addBooth(): void {
    const [x0, x1, z0, z1] = [-5.7, -3.72, 9.0, 10.75];
    this.box([x0, 0, z0], [x1, 0.95, z1], 'booth');
    this.box([x0 + 0.04, 0.95, z0 + 0.04], [x1 - 0.04, 2.1, z1 - 0.04], 'glass');
    for (const x of [x0, (x0 + x1) / 2 - 0.04, x1 - 0.08])
      for (const z of [z0, z1 - 0.08]) this.box([x, 0.95, z], [x + 0.08, 2.1, z + 0.08], 'steel');
    this.box([x0, 1.5, z0 - 0.005], [x1, 1.54, z0 + 0.05], 'steel');
    this.box([x0, 2.1, z0], [x1, 2.32, z1], 'booth');
    this.box([x0 - 0.3, 2.32, z0 - 0.35], [x1 + 0.3, 2.46, z1 + 0.3], 'roof');
    this.box([-4.6, 2.5, z0 + 0.1], [-4.2, 2.62, z0 + 0.4], 'steel');
  }

  /** What the barrier's arm turns on; the arm itself moves and is drawn into every frame. */
  addBarrierHousing(): void {
    this.box([0.24, 0.14, 9.8], [0.56, 1.17, 10.15], 'cabinet');
    this.box([-3.3, 0, 9.95], [-3.22, 0.9, 10.03], 'steel');
    // Low posts keep wheels off the footway.
    for (const z of [6.0, 7.3, 8.6, 11.4]) {
      this.box([0.35, 0.14, z], [0.43, 0.6, z + 0.08], 'steel');
      this.box([0.345, 0.5, z - 0.005], [0.435, 0.56, z + 0.085], 'slab');
    }
  }

  addStreet(): void {
    this.house([-34, -9.5], 42, 26, 'facadeSand');
    this.house([-7.5, 11.5], 58, 9.6, 'facadeBrick');
    this.house([14.5, 38], 44, 26, 'facadeGrey');
    this.house([-90, -36], 60, 30, 'facadeGrey');
    this.house([40, 90], 60, 30, 'facadeSand');
    for (const x of [-8, 8.5]) {
      this.box([x, 0, 31.2], [x + 0.14, 6.2, 31.34], 'steel');
      this.box([x - 0.5, 6.2, 30.2], [x + 0.6, 6.34, 30.9], 'lamp');
    }
    this.hedge([-28, 33.5], [-9, 34.6], 1.1);
    this.hedge([-6, 33.5], [3.5, 34.6], 1.0);
    this.hedge([6, 33.5], [30, 34.6], 1.1);
  }

  addTrees(): void {
    this.tree([5.6, 14.6], 4.3, 1.9, 3000);
    this.tree([9.2, 16.5], 4.8, 2.3, 2600);
    this.tree([-7.4, 15.2], 4.6, 2.2, 3000);
    this.tree([-11.5, 17.5], 4.6, 2.2, 2400);
    for (const x of [-17, -11.5, -5.4, 6.2, 12, 18]) this.tree([x, 32.4], 4.9, 2.1, 1500);
    this.tree([0.8, 36.5], 4.6, 2.0, 1300);
    // Behind the lens: only its shade is seen.
    this.tree([-7.6, 1.2], 5.6, 2.4, 1800);
    this.tree([4.9, -1.5], 6.2, 2.2, 1500);
  }

  private house(
    [left, right]: readonly [number, number],
    z: number,
    height: number,
    material: Material,
  ): void {
    this.box([left, 0, z], [right, height, z + 12], material);
    // Balcony slabs and the ledges between floors give the front some depth.
    for (let y = 3.6; y < Math.min(height, 16); y += 3)
      this.box([left - 0.1, y - 0.12, z - 0.18], [right + 0.1, y, z], 'slab');
    for (let x = left + 4.2; x < right - 3; x += 6.6)
      for (let y = 3.6; y < Math.min(height - 2, 16); y += 3) {
        this.box([x, y - 0.16, z - 1.3], [x + 2.8, y, z], 'slab');
        this.box([x, y, z - 1.3], [x + 2.8, y + 0.95, z - 1.22], 'slab');
      }
  }

  private tree([x, z]: readonly [number, number], height: number, radius: number, leaves: number): void {
    const trunk = radius * 0.08;
    this.box([x - trunk, 0, z - trunk], [x + trunk, height - radius * 0.4, z + trunk], 'bark');
    const clumps = Array.from({ length: 13 }, () => {
      const [dx, dy, dz] = this.inBall();
      const reach = radius * 0.68;
      return [
        x + dx * reach,
        height + dy * reach * 0.8,
        z + dz * reach,
        radius * (0.34 + 0.24 * this.random()),
      ];
    });
    for (let leaf = 0; leaf < leaves; leaf++) {
      const clump = clumps[leaf % clumps.length];
      const [dx, dy, dz] = this.inBall();
      const shell = 0.55 + 0.45 * this.random();
      const length = Math.hypot(dx, dy, dz) || 1;
      const reach = (clump[3] * shell) / length;
      this.leaf(
        [clump[0] + dx * reach, clump[1] + dy * reach * 0.85, clump[2] + dz * reach],
        radius * 0.085,
        'leaf',
      );
    }
  }

  private hedge(from: readonly [number, number], to: readonly [number, number], height: number): void {
    const inset = 0.09;
    this.box([from[0] + inset, 0, from[1] + inset], [to[0] - inset, height - inset, to[1] - inset], 'hedge');
    const near = from[1] < 15;
    const size = near ? 0.07 : 0.16;
    const count = Math.round(((to[0] - from[0]) * (height + (to[1] - from[1]))) / (size * size * 1.1));
    for (let leaf = 0; leaf < Math.min(count, 4200); leaf++) {
      const x = from[0] + (to[0] - from[0]) * this.random();
      const wrap = this.random() * (height + (to[1] - from[1]));
      const onFront = wrap < height;
      const y = onFront ? wrap : height;
      const z = onFront ? from[1] + 0.05 : from[1] + (wrap - height);
      const jitter = () => (this.random() - 0.5) * 0.16;
      this.leaf([x + jitter(), Math.max(0.03, y + jitter() - 0.03), z + jitter()], size, 'hedge');
    }
    for (const side of [from[0], to[0]])
      for (let leaf = 0; leaf < Math.min(900, count / 4); leaf++)
        this.leaf(
          [
            side + (this.random() - 0.5) * 0.12,
            this.random() * height,
            from[1] + (to[1] - from[1]) * this.random(),
          ],
          size,
          'hedge',
        );
  }

  private leaf(at: Vector, size: number, material: Material): void {
    const a = this.inBall();
    const b = this.inBall();
    const reach = size * (0.7 + 0.6 * this.random());
    this.patch(
      [
        at[0] - ((a[0] + b[0]) * reach) / 2,
        at[1] - ((a[1] + b[1]) * reach) / 2,
        at[2] - ((a[2] + b[2]) * reach) / 2,
      ],
      [a[0] * reach, a[1] * reach, a[2] * reach],
      [b[0] * reach, b[1] * reach, b[2] * reach],
      material,
    );
  }

  private inBall(): Vector {
    for (;;) {
      const x = this.random() * 2 - 1;
      const y = this.random() * 2 - 1;
      const z = this.random() * 2 - 1;
      if (x * x + y * y + z * z <= 1) return [x, y, z];
    }
  }

  /** A box without its floor. */
  private box(low: Vector, high: Vector, material: Material): void {
    const [w, h, d] = [high[0] - low[0], high[1] - low[1], high[2] - low[2]];
    this.patch([low[0], low[1], low[2]], [w, 0, 0], [0, h, 0], material);
    this.patch([low[0], low[1], high[2]], [w, 0, 0], [0, h, 0], material);
    this.patch([low[0], low[1], low[2]], [0, 0, d], [0, h, 0], material);
    this.patch([high[0], low[1], low[2]], [0, 0, d], [0, h, 0], material);
    this.patch([low[0], high[1], low[2]], [w, 0, 0], [0, 0, d], material);
    if (low[1] > 0.2) this.patch([low[0], low[1], low[2]], [w, 0, 0], [0, 0, d], material);
  }

  private patch(origin: Vector, along: Vector, across: Vector, material: Material): void {
    this.patches.push({ origin, along, across, material: materials.indexOf(material) });
  }
}
