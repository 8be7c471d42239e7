import type { GalleryMatch } from '../../../edge/gallery/gallery.ts';
import type {
  Box,
  Detection,
  Face,
  MaskReading,
  Perception,
  PlateReading,
} from '../../../edge/perceive/perception.ts';
import { comparedKindOf } from '../../../edge/sight/familiarity.ts';
import type {
  Compare,
  Observation,
  SightingRevision,
  SightResult,
  SightSetting,
} from '../../../edge/sight/sight.ts';
import { SightingDesk } from '../../../edge/sight/sighting-desk.ts';
import { Tracker } from '../../../edge/track/tracker.ts';
import type { Policy } from '../../../hub/contract/policy.ts';
import type { PlateClass } from '../../../hub/contract/sighting.ts';
import { type Sighting, sighting } from '../../../hub/contract/sighting.ts';

/** 2026-03-01T08:00:00Z. */
export const start = Date.UTC(2026, 2, 1, 8);
const frameMs = 200;
const frameSize = { width: 1920, height: 1080 };

const campaign = {
  enabled: true,
  reason: 'a test',
  owner: 'the tester',
  startsAt: '2026-02-01T00:00:00.000Z',
  endsAt: '2026-04-01T00:00:00.000Z',
};

/** Every rule in force, home 苏, watched 鄂. */
export function aPolicy(changes: Partial<Policy> = {}): Policy {
  return {
    schema: 1,
    site: 'garden',
    version: 3,
    homeProvince: '苏',
    mask: campaign,
    firstTime: campaign,
    outOfProvince: campaign,
    watchedProvinces: [{ ...campaign, provinces: ['鄂'] }],
    strangerRetentionDays: 14,
    ...changes,
  };
}

const setting: SightSetting = {
  site: 'garden',
  box: 'box-1',
  gate: 'east',
  camera: 'east-in',
  line: { from: [0.1, 0.7], to: [0.9, 0.7], inside: [0.5, 1] },
};

/** A reading of `text`; `confidence` holds for every character but those in `doubts` (position → rival and its share). */
export function aReading(
  text: string,
  {
    confidence = 0.9,
    score = 0.9,
    plateClass = (text.length === 8 ? 'small_new_energy' : 'small_car') as PlateClass,
    colour = (text.length === 8 ? 'green' : 'blue') as PlateReading['colour'],
    doubts = {} as Record<number, { rival: string; share: number }>,
  } = {},
): PlateReading {
  return {
    corners: [
      [800, 700],
      [940, 700],
      [940, 745],
      [800, 745],
    ],
    score,
    text,
    confidence,
    characters: [...text].map((character, index) => {
      const doubt = doubts[index];
      const own = doubt ? 1 - doubt.share : confidence;
      const alternatives = [{ text: character, confidence: own }];
      if (doubt) alternatives.push({ text: doubt.rival, confidence: doubt.share });
      return { text: character, confidence: own, alternatives };
    }),
    class: plateClass,
    colour,
    rows: 1,
  };
}

export function aMask(verdict: MaskReading['verdict'], score = 0.9): MaskReading {
  const rest = (1 - score) / 2;
  const probabilities = { worn: rest, not_worn: rest, worn_improperly: rest };
  if (verdict !== 'cannot_tell') probabilities[verdict] = score;
  return { verdict, score, probabilities };
}

/** One of its own for every face, so that a scripted gallery can tell whose it is. */
function anEmbedding(): Float32Array {
  return Float32Array.of(1, 0, 0, 0);
}

/** A gallery that finds `match` for this face, and for what it is fused with `fused`. */
export function scripted(
  face: Pick<Face, 'mask' | 'embeddings'>,
  match: GalleryMatch | undefined,
  fused: GalleryMatch | undefined = match,
): Compare {
  const compared = face.embeddings?.[comparedKindOf(face)];
  return (embedding) => {
    if (embedding === compared) return match;
    return embedding === face.embeddings?.upper ? undefined : fused;
  };
}

/** Cosine similarities of a network that tells people apart as well whole as by the upper half. */
export const bounds = {
  whole: { differentUpTo: 0.45, sameFrom: 0.55, plainFrom: 0.65 },
  upper: { differentUpTo: 0.3, sameFrom: 0.7, plainFrom: 0.85 },
};

export function aFace(mask: MaskReading['verdict'], changes: Partial<Face> = {}): Face {
  return {
    score: 0.95,
    box: [620, 320, 60, 70],
    landmarks: [
      [635, 345],
      [665, 345],
      [650, 360],
      [638, 375],
      [662, 375],
    ],
    mask: aMask(mask),
    quality: 0.8,
    embeddings: { ...(mask === 'not_worn' && { whole: anEmbedding() }), upper: anEmbedding() },
    ...changes,
  };
}

export function person(box: Box, score = 0.8): Detection {
  return { kind: 'person', label: 'person', score, box };
}

export function vehicle(box: Box, label: Detection['label'] = 'car', score = 0.8): Detection {
  return { kind: 'vehicle', label, score, box };
}

/** What a scene shows in one frame. */
export interface Shown {
  persons?: Detection[];
  vehicles?: Detection[];
  faces?: Face[];
  plates?: PlateReading[];
  matches?: (GalleryMatch | undefined)[];
}

/** Everything the desk wanted over a scene, in order, and per frame. */
export interface Outcome {
  perFrame: SightResult[];
  revisions: SightingRevision[];
  enrolments: SightResult['enrolments'];
  evidenceWanted: SightResult['evidenceWanted'];
  evidenceDropped: string[];
  at: number;
}

/** Ids in order of asking, in the shape of UUIDs. */
function countingIds() {
  let last = 0;
  const next = () => `00000000-0000-4000-8000-${String(++last).padStart(12, '0')}`;
  return { sighting: next, evidence: next, subject: next };
}

/** Runs a scene through the real tracker and a desk, one entry per frame, `frameMs` apart; `patience` empty frames follow. */
export function play(
  scene: Shown[],
  {
    policy = aPolicy() as Policy | undefined | ((at: number) => Policy | undefined),
    patience = 45,
    isGalleryWhole = true,
    closeAtEnd = false,
  } = {},
): Outcome {
  const tracker = new Tracker();
  const desk = new SightingDesk(setting, bounds, countingIds());
  const perFrame: SightResult[] = [];
  let at = start;
  for (const [sequence, shown] of [...scene, ...Array<Shown>(patience).fill({})].entries()) {
    at = start + sequence * frameMs;
    const perception: Perception = {
      persons: shown.persons ?? [],
      vehicles: shown.vehicles ?? [],
      faces: shown.faces ?? [],
      plates: shown.plates ?? [],
      timings: {},
    };
    const observation: Observation = {
      frame: { sequence, capturedAt: at, ...frameSize },
      tracks: tracker.update(perception, at),
      perception,
      compare: (embedding, kind) => {
        const index = perception.faces.findIndex((face) => face.embeddings?.[kind] === embedding);
        return shown.matches?.[Math.max(0, index)];
      },
      policy: typeof policy === 'function' ? policy(at) : policy,
      isGalleryWhole,
    };
    perFrame.push(desk.observe(observation));
  }
  if (closeAtEnd) perFrame.push(desk.close(at));
  return {
    perFrame,
    revisions: perFrame.flatMap((result) => result.revisions),
    enrolments: perFrame.flatMap((result) => result.enrolments),
    evidenceWanted: perFrame.flatMap((result) => result.evidenceWanted),
    evidenceDropped: perFrame.flatMap((result) => result.evidenceDropped),
    at,
  };
}

/** The sighting as the pipeline would send it: parsed by the contract, with hash and size filled in. */
export function filled(revision: SightingRevision, wanted: SightResult['evidenceWanted']): Sighting {
  return sighting.parse({
    ...revision,
    evidence: revision.evidence.map((id) => {
      const picture = wanted.find((other) => other.id === id);
      if (!picture) throw new Error('a revision names evidence that was never asked for');
      const [, , width, height] = picture.box;
      return {
        id,
        sha256: '0'.repeat(64),
        role: picture.role,
        occurredAt: revision.decidedAt,
        width,
        height,
        box: picture.box,
      };
    }),
  });
}

/** A car that comes towards the camera over the line, `frames` long; `readings` are its plate, frame by frame. */
export function carApproaching(frames: number, readings: (PlateReading | undefined)[]): Shown[] {
  return Array.from({ length: frames }, (_, index) => {
    const width = 300 + index * 12;
    const box: Box = [870 - width / 2, 380 + index * 16, width, width * 0.75];
    const reading = readings[index];
    const shift = (corner: [number, number]): [number, number] => [corner[0], corner[1] + index * 16 - 200];
    return {
      vehicles: [vehicle(box)],
      plates: reading
        ? [{ ...reading, vehicle: 0, corners: reading.corners.map(shift) as PlateReading['corners'] }]
        : [],
    };
  });
}

/** A person who walks towards the camera, with one face per frame as given. */
export function personWalking(
  faces: (Face | undefined)[],
  matches: (GalleryMatch | undefined)[] = [],
): Shown[] {
  return faces.map((face, index) => ({
    persons: [person([600 + index * 4, 300 + index * 8, 110, 320])],
    faces: face ? [{ ...face, person: 0, box: [620 + index * 4, 320 + index * 8, 60, 70] as Box }] : [],
    matches: [matches[index]],
  }));
}
