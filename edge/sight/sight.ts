import type { Policy } from '../../hub/contract/policy.ts';
import type { Evidence, Sighting } from '../../hub/contract/sighting.ts';
import type { GalleryMatch, TemplateKind } from '../gallery/gallery.ts';
import type { Box, Perception, Point } from '../perceive/perception.ts';
import type { Track } from '../track/track.ts';

/** Where this camera stands and what counts as passing. */
export interface SightSetting {
  site: string;
  box: string;
  gate: string;
  camera: string;
  /** A line across the passage in fractions of the frame; who crosses it towards `inside` enters. */
  line?: { from: Point; to: Point; inside: Point };
}

/** The gallery's nearest template of this kind; undefined when it holds none. */
export type Compare = (embedding: Float32Array, kind: TemplateKind) => GalleryMatch | undefined;

/** Everything one frame brings. */
export interface Observation {
  frame: { sequence: number; capturedAt: number; width: number; height: number };
  /** All tracks of the camera after this frame, those that ended with it included. */
  tracks: Track[];
  perception: Perception;
  compare: Compare;
  policy: Policy | undefined;
  /** False when the gallery holds templates it cannot open: then nobody is called new. */
  isGalleryWhole?: boolean;
}

/** A crop of the frame just observed that is the best evidence so far for a verdict of a track. */
export interface EvidenceWanted {
  id: string;
  role: Evidence['role'];
  /** Pixels of the full picture, inside it. */
  box: Box;
}

/** A template to be kept: the face was good enough and its familiarity decided. */
export interface EnrolmentWanted {
  subject: string;
  category: 'registered' | 'stranger';
  kind: TemplateKind;
  embedding: Float32Array;
}

/** A revision whose evidence is named by id; the pipeline fills hash and size from the encoded picture. */
export type SightingRevision = Omit<Sighting, 'evidence'> & { evidence: string[] };

/** What the pipeline must do after a frame, in this order: encode evidence, enrol, record revisions, drop evidence. */
export interface SightResult {
  evidenceWanted: EvidenceWanted[];
  enrolments: EnrolmentWanted[];
  revisions: SightingRevision[];
  /** Evidence ids that no later revision will name. */
  evidenceDropped: string[];
}

/** Tracks → sightings for one camera. Deterministic: ids come from `newId`, time only from the observation. */
export interface Sight {
  observe(observation: Observation): SightResult;
  /** Closes every open sighting, when the camera ends. */
  close(at: number): SightResult;
}
