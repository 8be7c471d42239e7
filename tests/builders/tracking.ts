import type { Box, Detection } from '../../edge/perceive/perception.ts';
import type { Track } from '../../edge/track/track.ts';
import { Tracker } from '../../edge/track/tracker.ts';

export const frameMs = 200;

export function person(box: Box, score = 0.8): Detection {
  return { kind: 'person', label: 'person', score, box };
}

export function vehicle(box: Box, score = 0.8, label: Detection['label'] = 'car'): Detection {
  return { kind: 'vehicle', label, score, box };
}

export function seen(detections: Detection[]) {
  return {
    persons: detections.filter((detection) => detection.kind === 'person'),
    vehicles: detections.filter((detection) => detection.kind === 'vehicle'),
  };
}

/** Feeds one frame per entry, `frameMs` apart, and gives back the tracks after each. */
export function run(frames: Detection[][], tracker = new Tracker()): Track[][] {
  return frames.map((detections, index) => tracker.update(seen(detections), index * frameMs));
}

export function ids(frames: Track[][]): number[] {
  return [...new Set(frames.flat().map((track) => track.id))];
}
