/** A point of the scene in metres: x to the right, y up from the ground, z away from the lens. */
export type Place = readonly [x: number, y: number, z: number];

/** Size of the footage, pixels. */
export const frameSize = { width: 1920, height: 1080 } as const;

/**
 * The one camera of the scene: a pinhole with a shifted lens, so that upright things stay upright.
 * `focal` in pixels (57° across), `height` of the lens in metres, `horizon` in rows from the top.
 */
export const view = { focal: 1750, height: 1.85, centre: 960, horizon: 310 } as const;

/** Where a place is seen, in pixels of the footage; `place[2]` must be positive. */
export function project([x, y, z]: Place): [number, number] {
  return [view.centre + (view.focal * x) / z, view.horizon + (view.focal * (view.height - y)) / z];
}

/** Pixels per metre at a distance in metres. */
export function scaleAt(z: number): number {
  return view.focal / z;
}
