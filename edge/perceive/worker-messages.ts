import { isMarkedAsUntransferable } from 'node:worker_threads';
import type { Picture } from '../capture/frame.ts';
import type { EdgeErrorCode } from '../errors.ts';
import type { PerceiveOptions } from './perceiver.ts';
import type { Perception } from './perception.ts';

/** What the perceiver asks of its worker. */
export type WorkerRequest =
  | { kind: 'perceive'; pictures: Pictures; options: PerceiveOptions }
  | { kind: 'stop' };

/** What the worker answers: once `ready` or `refused` at start, then one answer per `perceive`. */
export type WorkerAnswer =
  | { kind: 'ready' }
  | { kind: 'refused'; failure: Failure }
  | { kind: 'perceived'; pictures: Pictures; perception: Perception; drops: Record<string, number> }
  | { kind: 'failed'; pictures: Pictures; failure: Failure };

/** A frame on its way. Its buffers are moved, not copied, so they exist on one side only. */
export interface Pictures {
  small: Picture;
  full: Picture;
}

/** An error in a form that survives the way between threads. */
export interface Failure {
  code: EdgeErrorCode;
  subject: string | undefined;
  /** What went wrong underneath. */
  cause: string;
}

/**
 * The buffers to move with a message, each once. One that holds more than its picture, or that belongs to a native
 * library, cannot be moved and is copied with the message instead.
 */
export function buffersOf({ small, full }: Pictures): ArrayBuffer[] {
  const movable = [small.data, full.data].filter(
    (data) => data.byteLength === data.buffer.byteLength && !isMarkedAsUntransferable(data.buffer),
  );
  return [...new Set(movable.map((data) => data.buffer))];
}
