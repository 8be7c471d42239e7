import type { Box, Face, PlateReading } from '../perceive/perception.ts';
import type { Track } from '../track/track.ts';
import type { Observation } from './sight.ts';

/** Boxes of people are at least this many times as high as wide when they show more than head and chest. */
const wholePerson = 1.6;
/** How much a face below the middle of a person counts. */
const belowTheMiddle = 0.3;

/** What one frame says about one track: at most one face of a person, at most one plate of a vehicle. */
export interface Findings {
  /** The detection's own box, pixels: what the frame shows, where the track's box is what the filter believes. */
  box: Box;
  score: number;
  face?: Face;
  plate?: PlateReading;
}

/** Findings by track id, for the tracks seen in this frame. A face or plate goes to one track, the one that it fits best. */
export function findingsOf({
  tracks,
  perception,
}: Pick<Observation, 'tracks' | 'perception'>): Map<number, Findings> {
  const findings = new Map<number, Findings>();
  const seen = { person: new Map<number, Track>(), vehicle: new Map<number, Track>() };
  for (const track of tracks) {
    if (track.detection === undefined) continue;
    const list = track.kind === 'person' ? perception.persons : perception.vehicles;
    const detection = list[track.detection];
    if (!detection) continue;
    seen[track.kind].set(track.detection, track);
    findings.set(track.id, { box: detection.box, score: detection.score });
  }

  for (const face of perception.faces) {
    const owner = ownerOf(middleOf(face.box), face.person, seen.person, findings);
    const own = owner && findings.get(owner.id);
    if (!own || (own.face && worthOfFace(own.face, own.box) >= worthOfFace(face, own.box))) continue;
    own.face = face;
  }
  for (const plate of perception.plates) {
    const owner = ownerOf(middleOfCorners(plate), plate.vehicle, seen.vehicle, findings);
    const own = owner && findings.get(owner.id);
    if (!own || (own.plate && worthOfPlate(own.plate) >= worthOfPlate(plate))) continue;
    own.plate = plate;
  }
  return findings;
}

/** The track whose detection was named; without a name the smallest seen box around the point, which is the nearest thing. */
function ownerOf(
  [x, y]: [number, number],
  named: number | undefined,
  seen: Map<number, Track>,
  findings: Map<number, Findings>,
): Track | undefined {
  if (named !== undefined) return seen.get(named);
  let owner: Track | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const track of seen.values()) {
    const box = findings.get(track.id)?.box;
    if (!box || x < box[0] || y < box[1] || x > box[0] + box[2] || y > box[1] + box[3]) continue;
    if (box[2] * box[3] >= least) continue;
    owner = track;
    least = box[2] * box[3];
  }
  return owner;
}

function middleOf([x, y, width, height]: Box): [number, number] {
  return [x + width / 2, y + height / 2];
}

function middleOfCorners({ corners }: PlateReading): [number, number] {
  const [x, y] = corners.reduce((sum, corner) => [sum[0] + corner[0] / 4, sum[1] + corner[1] / 4], [0, 0]);
  return [x, y];
}

/** Heads are above: what looks like a face below the middle of a whole person is rather a print, a bag or a child in arms. */
function worthOfFace({ score, quality, box: face }: Face, [, top, width, height]: Box): number {
  const isWhole = height >= wholePerson * width;
  const depth = (middleOf(face)[1] - top) / height;
  return score * quality * (isWhole && depth > 0.5 ? belowTheMiddle : 1);
}

function worthOfPlate(plate: PlateReading): number {
  return plate.score * plate.confidence;
}
