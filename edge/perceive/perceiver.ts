import type { Frame } from '../capture/frame.ts';
import type { Perception } from './perception.ts';

/** What a caller wants computed beyond detections; each costs time. */
export interface PerceiveOptions {
  /** Compute embeddings for faces of enough quality. */
  embed: boolean;
  /** Look for faces and plates in the whole picture too, not only on detected persons and vehicles (still pictures). */
  wholePicture: boolean;
}

/**
 * A frame → detections, faces, plates. All ONNX lives behind this, in one worker thread. The frame's buffers are
 * transferred for the time of the call and are back in `frame` when the promise settles. One call at a time per perceiver.
 */
export interface Perceiver {
  start(): Promise<void>;
  perceive(frame: Pick<Frame, 'small' | 'full'>, options: PerceiveOptions): Promise<Perception>;
  /** Stops by message; sessions are released before the thread ends. */
  stop(): Promise<void>;
}
