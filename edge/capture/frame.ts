/** Packed 8-bit RGB, row-major, no padding: `data.length === width * height * 3`. */
export interface Picture {
  width: number;
  height: number;
  data: Uint8Array<ArrayBuffer>;
}

/** One decoded instant of one camera, at two sizes. The two show the same instant, never neighbours. */
export interface Frame {
  camera: string;
  /** Rises by one with every frame decoded by this capture, dropped ones included. */
  sequence: number;
  /** Lens time, ms since the epoch, UTC. */
  capturedAt: number;
  /** Small stream for detection; the same picture as `full` when that is small already. */
  small: Picture;
  /** Full resolution, for crops and evidence. */
  full: Picture;
}
