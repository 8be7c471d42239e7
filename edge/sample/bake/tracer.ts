/** A flat four-sided surface: `origin + s·along + t·across` for s and t from 0 to 1; metres. */
export interface Patch {
  origin: readonly [number, number, number];
  along: readonly [number, number, number];
  across: readonly [number, number, number];
  material: number;
}

/** What a ray meets. */
export interface Hit {
  distance: number;
  patch: number;
  /** Unit normal that faces the ray. */
  normal: [number, number, number];
}

const leafSize = 4;

/** Patches in a tree of boxes [Wald 2007], so that a ray meets only a few of many thousands. */
export class PatchTree {
  readonly patches: readonly Patch[];
  private readonly order: Uint32Array;
  private readonly numbers: Float64Array;
  /** Per node: six bounds, then first patch and count for a leaf, or index of the right child and 0. */
  private readonly nodes: Float64Array;
  private readonly stack = new Uint32Array(256);

  constructor(patches: readonly Patch[]) {
    this.patches = patches;
    this.numbers = new Float64Array(patches.length * 12);
    for (const [index, patch] of patches.entries()) this.numbers.set(numbersOf(patch), index * 12);
    this.order = Uint32Array.from(patches.keys());
    const nodes: number[] = [];
    this.split(nodes, 0, patches.length);
    this.nodes = Float64Array.from(nodes);
  }

  /** The nearest patch along a ray within `limit` metres; `direction` is a unit vector. */
  meet(origin: readonly number[], direction: readonly number[], limit: number): Hit | undefined {
    const found = this.search(origin, direction, limit, false);
    if (found.patch < 0) return undefined;
    const at = found.patch * 12;
    const facing =
      this.numbers[at + 9] * direction[0] +
      this.numbers[at + 10] * direction[1] +
      this.numbers[at + 11] * direction[2];
    const sign = facing > 0 ? -1 : 1;
    return {
      distance: found.distance,
      patch: found.patch,
      normal: [sign * this.numbers[at + 9], sign * this.numbers[at + 10], sign * this.numbers[at + 11]],
    };
  }

  /** Whether anything lies within `limit` metres along a ray. */
  isBlocked(origin: readonly number[], direction: readonly number[], limit: number): boolean {
    return this.search(origin, direction, limit, true).patch >= 0;
  }

  private search(origin: readonly number[], direction: readonly number[], limit: number, any: boolean) {
    const { nodes, stack, order } = this;
    const [ox, oy, oz] = origin;
    const [ix, iy, iz] = [1 / direction[0], 1 / direction[1], 1 / direction[2]];
    let distance = limit;
    let patch = -1;
    let depth = 0;
    stack[depth++] = 0;
    while (depth > 0) {
      const node = stack[--depth];
      const ax = (nodes[node] - ox) * ix;
      const bx = (nodes[node + 3] - ox) * ix;
      const ay = (nodes[node + 1] - oy) * iy;
      const by = (nodes[node + 4] - oy) * iy;
      const az = (nodes[node + 2] - oz) * iz;
      const bz = (nodes[node + 5] - oz) * iz;
      const near = Math.max(0, Math.min(ax, bx), Math.min(ay, by), Math.min(az, bz));
      const far = Math.min(distance, Math.max(ax, bx), Math.max(ay, by), Math.max(az, bz));
      if (!(near <= far)) continue;
      const count = nodes[node + 7];
      if (count === 0) {
        stack[depth++] = nodes[node + 6];
        stack[depth++] = node + 8;
        continue;
      }
      const first = nodes[node + 6];
      for (let at = first; at < first + count; at++) {
        const met = this.meetPatch(order[at], origin, direction, distance);
        if (met >= distance) continue;
        distance = met;
        patch = order[at];
        if (any) return { distance, patch };
      }
    }
    return { distance, patch };
  }

  /** Distance to a patch, or infinity. Möller and Trumbore's test with both coordinates up to 1. */
  private meetPatch(patch: number, o: readonly number[], d: readonly number[], limit: number): number {
    const n = this.numbers;
    const at = patch * 12;
    const px = d[1] * n[at + 8] - d[2] * n[at + 7];
    const py = d[2] * n[at + 6] - d[0] * n[at + 8];
    const pz = d[0] * n[at + 7] - d[1] * n[at + 6];
    const det = n[at + 3] * px + n[at + 4] * py + n[at + 5] * pz;
    if (Math.abs(det) < 1e-12) return Number.POSITIVE_INFINITY;
    const tx = o[0] - n[at];
    const ty = o[1] - n[at + 1];
    const tz = o[2] - n[at + 2];
    const s = (tx * px + ty * py + tz * pz) / det;
    if (s < 0 || s > 1) return Number.POSITIVE_INFINITY;
    const qx = ty * n[at + 5] - tz * n[at + 4];
    const qy = tz * n[at + 3] - tx * n[at + 5];
    const qz = tx * n[at + 4] - ty * n[at + 3];
    const t = (d[0] * qx + d[1] * qy + d[2] * qz) / det;
    if (t < 0 || t > 1) return Number.POSITIVE_INFINITY;
    const distance = (n[at + 6] * qx + n[at + 7] * qy + n[at + 8] * qz) / det;
    return distance > 1e-4 && distance < limit ? distance : Number.POSITIVE_INFINITY;
  }

  /** Appends the node for `order[first..last)`; the left child follows its parent at once. */
  private split(nodes: number[], first: number, last: number): void {
    const node = nodes.length;
    const { low, high } = this.boundsOf(first, last);
    nodes.push(...low, ...high, first, last - first);
    if (last - first <= leafSize) return;
    const size = low.map((value, axis) => high[axis] - value);
    const axis = size.indexOf(Math.max(...size));
    const centre = (patch: number) => {
      const at = patch * 12 + axis;
      return this.numbers[at] + (this.numbers[at + 3] + this.numbers[at + 6]) / 2;
    };
    this.order.subarray(first, last).sort((a, b) => centre(a) - centre(b));
    const middle = (first + last) >> 1;
    nodes[node + 7] = 0;
    this.split(nodes, first, middle);
    nodes[node + 6] = nodes.length;
    this.split(nodes, middle, last);
  }

  private boundsOf(first: number, last: number): { low: number[]; high: number[] } {
    const low = [Infinity, Infinity, Infinity];
    const high = [-Infinity, -Infinity, -Infinity];
    for (let index = first; index < last; index++) {
      const at = this.order[index] * 12;
      for (let axis = 0; axis < 3; axis++) {
        const o = this.numbers[at + axis];
        const u = this.numbers[at + 3 + axis];
        const v = this.numbers[at + 6 + axis];
        low[axis] = Math.min(low[axis], o + Math.min(0, u) + Math.min(0, v) - 1e-4);
        high[axis] = Math.max(high[axis], o + Math.max(0, u) + Math.max(0, v) + 1e-4);
      }
    }
    return { low, high };
  }
}

/** Origin, both edges and unit normal of a patch. */
function numbersOf({ origin, along, across }: Patch): number[] {
  const normal = [
    along[1] * across[2] - along[2] * across[1],
    along[2] * across[0] - along[0] * across[2],
    along[0] * across[1] - along[1] * across[0],
  ];
  const length = Math.hypot(...normal);
  return [...origin, ...along, ...across, ...normal.map((value) => value / length)];
}
