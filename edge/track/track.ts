import type { Box, Detection } from '../perceive/perception.ts';

/** tentative → confirmed → lost → ended. */
type TrackState = 'tentative' | 'confirmed' | 'lost' | 'ended';

/** One person or vehicle followed by one camera. Ids rise within a camera and are not reused. */
export interface Track {
  id: number;
  kind: Detection['kind'];
  /** The label seen most often. */
  label: Detection['label'];
  state: TrackState;
  /** Kalman-filtered, pixels of the full picture. */
  box: Box;
  score: number;
  /** Lens times, ms. */
  firstSeenAt: number;
  lastSeenAt: number;
  /** Index into this frame's `persons` or `vehicles`; undefined when the track was not seen in this frame. */
  detection?: number;
}
