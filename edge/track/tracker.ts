import type { Box, Detection, Perception } from '../perceive/perception.ts';
import { assign } from './assignment.ts';
import { type BoxFilter, boxOf, correct, predict, speedOf, startFilter } from './box-filter.ts';
import { centreDistance, containment, iou, isUsableBox, sizeOf } from './box-geometry.ts';
import type { Track } from './track.ts';

/** When a track begins, holds and ends. Scores are 0 to 1, times are seconds of lens time. */
export interface TrackerOptions {
  /** Detections from here on take part in the first association and may begin a track. */
  highScore: number;
  /** Detections from here on may keep a track alive in the second association. */
  lowScore: number;
  /** Times seen before a tentative track is confirmed. */
  confirmHits: number;
  /** A tentative track unseen for longer, and in more than one frame, was flicker. */
  tentativeSeconds: number;
  /** A confirmed track unseen for longer has ended. */
  lostSeconds: number;
  /** The same for a vehicle that stood still: others pass in front of it. */
  lostStandingSeconds: number;
  /** The same for what was on its way out of the picture: the next one may follow close behind. */
  lostLeavingSeconds: number;
}

/** For a camera at about 5 frames per second. */
const trackerDefaults: TrackerOptions = {
  highScore: 0.5,
  lowScore: 0.15,
  confirmHits: 3,
  tentativeSeconds: 0.5,
  lostSeconds: 3,
  lostStandingSeconds: 8,
  lostLeavingSeconds: 0.7,
};

/** Two detections of one kind that overlap by more are one thing found twice. */
const duplicateIou = 0.7;
/** A vehicle that lies this far inside one already followed is a part of it … */
const partContainment = 0.85;
/** … unless it is this much smaller: then it may stand in front. */
const partAreaRatio = 0.3;
/** A new track does not begin on top of one seen in the same frame. */
const occupiedIou = 0.5;
/** Below this overlap a pair needs nearness and a similar size. */
const clearIou = 0.1;
const similarSizeRatio = 2;
/** Highest cost of a pair, see `associationCost`. */
const costLimit = 1;
/** The second association goes by overlap alone (ByteTrack: 0.5). */
const weakIou = 0.4;
/** Slower than this, sizes per second, is standing. */
const standingSpeed = 0.15;
/** Frames in a row that something on its way out must be missed in, however few there are in a second. */
const leavingMisses = 3;
/** What should have less of itself than this in the picture by now has left it. */
const visibleShare = 0.75;

interface Followed {
  id: number;
  kind: Detection['kind'];
  state: 'tentative' | 'confirmed' | 'lost' | 'ended';
  filter: BoxFilter;
  /** Where it was last detected, pixels. */
  seenBox: Box;
  score: number;
  hits: number;
  /** Frames in a row without it. */
  misses: number;
  firstSeenAt: number;
  lastSeenAt: number;
  /** Whether it stood still when it was last seen. */
  stands: boolean;
  labelScores: Map<Detection['label'], number>;
  detection: number | undefined;
}

interface FrameSize {
  width: number;
  height: number;
}

interface Candidate {
  detection: Detection;
  /** Index into the frame's list. */
  index: number;
}

/**
 * Detections → tracks for one camera: association in two stages with a Kalman filter (ByteTrack [Zhang 2022]), persons and
 * vehicles apart. Deterministic, whatever the order of the detections; it reads no clock.
 */
export class Tracker {
  /** Rising counters of detections not used, by reason. */
  readonly drops = { unusable_box: 0, duplicate: 0, below_score: 0 };
  readonly #options: TrackerOptions;
  #followed: Followed[] = [];
  #lastId = 0;
  #now: number | undefined;
  #frame: FrameSize | undefined;

  constructor(options: Partial<TrackerOptions> = {}) {
    this.#options = { ...trackerDefaults, ...options };
  }

  /**
   * All tracks after the frame taken at `capturedAt` (ms), by id; those that end with it appear this one last time. Time
   * that runs backwards is taken as standing still. `frame` is the size of the picture that the boxes are in, pixels.
   */
  update(
    perception: Pick<Perception, 'persons' | 'vehicles'>,
    capturedAt: number,
    frame?: FrameSize,
  ): Track[] {
    const at = Number.isFinite(capturedAt) ? capturedAt : (this.#now ?? 0);
    const before = this.#now ?? at;
    const now = Math.max(before, at);
    this.#now = now;
    this.#frame = frame;

    const seconds = (now - before) / 1000;
    for (const track of this.#followed) {
      track.filter = predict(track.filter, seconds, track.detection !== undefined);
      track.detection = undefined;
      if ((now - track.lastSeenAt) / 1000 > this.#patience(track)) track.state = 'ended';
    }
    this.#follow('person', perception.persons, now);
    this.#follow('vehicle', perception.vehicles, now);
    for (const track of this.#followed) if (track.detection === undefined) this.#miss(track, now);

    const tracks = this.#followed.map(describe);
    this.#followed = this.#followed.filter((track) => track.state !== 'ended');
    return tracks;
  }

  #follow(kind: Detection['kind'], detections: readonly Detection[], now: number): void {
    const candidates = this.#usable(detections);
    const strong = candidates.filter(({ detection }) => detection.score >= this.#options.highScore);
    const weak = candidates.filter(({ detection }) => detection.score < this.#options.highScore);
    const own = this.#followed.filter((track) => track.kind === kind && track.state !== 'ended');

    const settled = own.filter((track) => track.state !== 'tentative');
    const strongLeft = this.#associate(settled, strong, now, associationCost(now), costLimit);
    const unseen = settled.filter((track) => track.detection === undefined && isFoundWeakly(track));
    this.#associate(unseen, weak, now, weakCost, 1 - weakIou);
    const tentative = own.filter((track) => track.state === 'tentative');
    const left = this.#associate(tentative, strongLeft, now, associationCost(now), costLimit);

    for (const candidate of left) {
      if (this.#isOccupied(kind, candidate.detection.box)) this.drops.duplicate++;
      else this.#begin(kind, candidate, now);
    }
  }

  /** What can be followed, best first, each thing once. The order does not depend on the order given. */
  #usable(detections: readonly Detection[]): Candidate[] {
    const usable: Candidate[] = [];
    for (const [index, detection] of detections.entries()) {
      if (!isUsableBox(detection.box) || !Number.isFinite(detection.score)) this.drops.unusable_box++;
      else if (detection.score < this.#options.lowScore) this.drops.below_score++;
      else usable.push({ detection, index });
    }
    const kept: Candidate[] = [];
    for (const candidate of usable.sort(byScoreThenPlace)) {
      const isKnown = kept.some(
        (better) => iou(better.detection.box, candidate.detection.box) > duplicateIou,
      );
      if (isKnown) this.drops.duplicate++;
      else kept.push(candidate);
    }
    return kept;
  }

  /** Pairs tracks with candidates and gives back the candidates that found none. */
  #associate(
    tracks: Followed[],
    candidates: Candidate[],
    now: number,
    cost: (track: Followed, box: Box) => number,
    limit: number,
  ): Candidate[] {
    const costs = tracks.map((track) => candidates.map(({ detection }) => cost(track, detection.box)));
    const taken = new Set<Candidate>();
    for (const { row, column } of assign(costs, limit)) {
      this.#see(tracks[row], candidates[column], now);
      taken.add(candidates[column]);
    }
    return candidates.filter((candidate) => !taken.has(candidate));
  }

  #see(track: Followed, { detection, index }: Candidate, now: number): void {
    track.filter = correct(track.filter, detection.box);
    track.seenBox = detection.box;
    track.detection = index;
    track.score = detection.score;
    track.hits++;
    track.misses = 0;
    track.lastSeenAt = now;
    track.labelScores.set(detection.label, (track.labelScores.get(detection.label) ?? 0) + detection.score);
    if (track.state !== 'tentative' || track.hits >= this.#options.confirmHits) track.state = 'confirmed';
    track.stands = speedOf(track.filter) < standingSpeed;
  }

  #miss(track: Followed, now: number): void {
    track.misses++;
    if (track.state === 'confirmed') track.state = 'lost';
    if (track.state !== 'tentative' || track.misses < 2) return;
    if ((now - track.lastSeenAt) / 1000 > this.#options.tentativeSeconds) track.state = 'ended';
  }

  /** Seconds that a track may stay unseen; what should be passing out of the picture by now gets the least. */
  #patience(track: Followed): number {
    const { lostSeconds, lostStandingSeconds, lostLeavingSeconds } = this.#options;
    if (track.state === 'tentative') return lostSeconds;
    const isMissed = track.misses >= leavingMisses;
    if (isMissed && !track.stands && isLeaving(boxOf(track.filter), this.#frame)) return lostLeavingSeconds;
    return track.stands && track.kind === 'vehicle' ? lostStandingSeconds : lostSeconds;
  }

  #isOccupied(kind: Detection['kind'], box: Box): boolean {
    return this.#followed.some((track) => {
      if (track.kind !== kind || track.detection === undefined) return false;
      const other = boxOf(track.filter);
      if (iou(other, box) >= occupiedIou) return true;
      const areaRatio = (box[2] * box[3]) / (other[2] * other[3]);
      return kind === 'vehicle' && areaRatio >= partAreaRatio && containment(box, other) >= partContainment;
    });
  }

  #begin(kind: Detection['kind'], { detection, index }: Candidate, now: number): void {
    this.#followed.push({
      id: ++this.#lastId,
      kind,
      state: this.#options.confirmHits <= 1 ? 'confirmed' : 'tentative',
      filter: startFilter(detection.box),
      seenBox: detection.box,
      score: detection.score,
      hits: 1,
      misses: 0,
      firstSeenAt: now,
      lastSeenAt: now,
      stands: false,
      labelScores: new Map([[detection.label, detection.score]]),
      detection: index,
    });
  }
}

function isLeaving([x, y, width, height]: Box, frame: FrameSize | undefined): boolean {
  if (!frame) return false;
  const across = Math.min(frame.width, x + width) - Math.max(0, x);
  const down = Math.min(frame.height, y + height) - Math.max(0, y);
  return Math.max(0, across) * Math.max(0, down) < visibleShare * width * height;
}

/**
 * 0 (same place) to 1: overlap and, because at 5 frames per second a runner leaves his own box between two frames, the
 * distance of the middles in relation to what the thing can have covered. Infinite where the pair cannot be.
 */
function associationCost(now: number): (track: Followed, box: Box) => number {
  return (track, box) => {
    const expected = boxOf(track.filter);
    const overlap = iou(expected, box);
    const unseenSeconds = Math.min(1, (now - track.lastSeenAt) / 1000);
    // Until a track has been seen three times its speed is not known.
    const sizesPerSecond = track.hits < 3 ? 2.5 : 1;
    const reach = sizeOf(expected) * (0.5 + sizesPerSecond * unseenSeconds);
    const distance = centreDistance(expected, box);
    if (overlap < clearIou && (distance > reach || !isSimilarInSize(expected, box)))
      return Number.POSITIVE_INFINITY;
    return 0.6 * (1 - overlap) + 0.4 * Math.min(1, distance / reach);
  };
}

/**
 * Whether a weak detection may be this track. Unlike in ByteTrack that holds for a lost person too: whoever stands close to
 * the camera, feet out of the picture, is detected weakly for as long as he stands there. One vehicle follows another
 * into the same place, so a lost one is found again by strong detections alone.
 */
function isFoundWeakly({ kind, state }: Followed): boolean {
  return state === 'confirmed' || (state === 'lost' && kind === 'person');
}

/**
 * 0 (same place) to 1 (apart), by overlap with where the track should be. A person counts as well where he was last
 * detected: when the feet leave the picture the box jumps, and the filter mistakes the jump for a walk.
 */
function weakCost({ kind, filter, seenBox }: Followed, box: Box): number {
  const expected = iou(boxOf(filter), box);
  return 1 - (kind === 'person' ? Math.max(expected, iou(seenBox, box)) : expected);
}

function isSimilarInSize(a: Box, b: Box): boolean {
  const ratio = sizeOf(a) / sizeOf(b);
  return ratio < similarSizeRatio && ratio > 1 / similarSizeRatio;
}

function byScoreThenPlace(a: Candidate, b: Candidate): number {
  return (
    b.detection.score - a.detection.score ||
    a.detection.box[0] - b.detection.box[0] ||
    a.detection.box[1] - b.detection.box[1] ||
    a.detection.box[2] - b.detection.box[2] ||
    a.detection.box[3] - b.detection.box[3] ||
    a.detection.label.localeCompare(b.detection.label)
  );
}

function describe(track: Followed): Track {
  return {
    id: track.id,
    kind: track.kind,
    label: commonLabel(track.labelScores),
    state: track.state,
    box: boxOf(track.filter),
    score: track.score,
    firstSeenAt: track.firstSeenAt,
    lastSeenAt: track.lastSeenAt,
    ...(track.detection === undefined ? {} : { detection: track.detection }),
  };
}

function commonLabel(scores: Map<Detection['label'], number>): Detection['label'] {
  const ordered = [...scores].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  return ordered[0][0];
}
