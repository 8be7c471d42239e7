import type { MaskVerdict, PlateClass } from '../../hub/contract/sighting.ts';

/** `[x, y, width, height]` in pixels of the full-resolution picture. */
export type Box = [number, number, number, number];
/** `[x, y]` in pixels of the full-resolution picture. */
export type Point = [number, number];

/** A person or vehicle found in one frame. */
export interface Detection {
  kind: 'person' | 'vehicle';
  label: 'person' | 'car' | 'truck' | 'bus' | 'motorcycle';
  /** 0 to 1. */
  score: number;
  box: Box;
}

/** Probabilities of one face's mask classes in one frame; they sum to 1. */
export interface MaskReading {
  verdict: MaskVerdict['verdict'];
  /** Probability of `verdict`, 0 to 1. */
  score: number;
  probabilities: { worn: number; not_worn: number; worn_improperly: number };
}

/** One face in one frame. */
export interface Face {
  score: number;
  box: Box;
  /** Left eye, right eye, nose, left and right mouth corner as seen in the picture, order of ArcFace [Deng 2019]. */
  landmarks: [Point, Point, Point, Point, Point];
  mask: MaskReading;
  /** 0 to 1: size, sharpness, pose and light together; gates enrolment and comparison. */
  quality: number;
  /** Index into `persons`, when the face belongs to a detected person. */
  person?: number;
  /** Unit-length embeddings, `whole` of bare faces alone; absent below the quality gate or when not asked for. */
  embeddings?: { whole?: Float32Array; upper: Float32Array };
}

/** One character position of a reading: the best character, and what else it could be. */
export interface CharacterReading {
  text: string;
  /** Posterior of `text` at this position among the beam's hypotheses, 0 to 1. */
  confidence: number;
  /** Up to 5 alternatives with their posteriors, best first, `text` itself included. */
  alternatives: { text: string; confidence: number }[];
}

/** One OCR result of one plate in one frame. */
export interface PlateReading {
  /** Clockwise from top left, pixels of the full picture. */
  corners: [Point, Point, Point, Point];
  /** That this is a plate at all, 0 to 1. */
  score: number;
  text: string;
  /** Geometric mean of the characters' confidences, 0 to 1. */
  confidence: number;
  characters: CharacterReading[];
  class: PlateClass;
  colour: 'blue' | 'yellow' | 'green' | 'white' | 'black' | 'unknown';
  rows: 1 | 2;
  /** Index into `vehicles`, when the plate was found on a detected vehicle. */
  vehicle?: number;
}

/** All findings of one frame. Boxes are in pixels of the full picture, whatever the models ran on. */
export interface Perception {
  persons: Detection[];
  vehicles: Detection[];
  faces: Face[];
  plates: PlateReading[];
  /** Milliseconds per model and `total`. */
  timings: Record<string, number>;
}
