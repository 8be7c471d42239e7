import type { Picture } from '../capture/frame.ts';
import { FaceLandmarker } from './face-landmarker.ts';
import { type FaceProposal, FaceProposer } from './face-proposer.ts';
import { FaceRefiner, type RefinedFace } from './face-refiner.ts';
import { boxMerit, faceScore, placeOnPerson, reportedFrom } from './face-score.ts';
import { clipBox, intersectionOverSmaller, intersectionOverUnion, suppress } from './nms.ts';
import type { Box, Detection, Face } from './perception.ts';
import { searchTiles } from './search-tiles.ts';

/** Proposals as weak as this still tell how many tiles take a place for a face … */
const weakestProposal = 0.06;
/** … but from here on one is looked at closely; masked faces are proposed weakly. */
const lookedAtFrom = 0.1;
/** The best so many are looked at: fifty faces in one picture stay within the time of a frame. */
const mostProposals = 160;
/** Above this a proposal is of the face that one of them turned out to be. */
const sameFace = 0.3;
/** Above this, two proposals of one region are one … */
const sameProposal = 0.4;
/** … and two of any are one face. */
const overlapLimit = 0.5;
/** A face that reaches further out of the picture, parts of its size, is cut: its missing part would be guessed. */
const cutFrom = 0.02;
/** So much of it may lie above the picture by the refiner, which sees half of a face that is gone as a quarter. */
const mostForehead = 0.12;
/** A face nearer to the border, parts of its size, may go on beyond it. */
const clearFrom = 0.04;
/** Where the mesh is surer than this its points are finer than the refiner's; it seldom is of masked faces. */
const sureMesh = 0.6;

/**
 * Where a face lies to the border of the picture. `clear`: so far from it that it is surely whole; `near`: of some that are half
 * gone the refiner thinks that they begin there; `forehead_cut`: of that no more than the forehead is gone; `cut`: the mouth may
 * be gone too. Of a cut face `box` holds only what is inside.
 */
type Border = 'clear' | 'near' | 'forehead_cut' | 'cut';

/** A face before mask, quality and embedding. */
export interface FoundFace extends Pick<Face, 'box' | 'score' | 'landmarks' | 'person'> {
  border: Border;
}

/**
 * Finds faces, masked or bare: proposals on each person's head (and over the whole picture when asked), each looked at
 * closely on its crop, then 5 landmarks.
 */
export class FaceFinder {
  readonly #proposer: FaceProposer;
  readonly #refiner: FaceRefiner;
  readonly #landmarker: FaceLandmarker;
  #unlooked = 0;

  private constructor(proposer: FaceProposer, refiner: FaceRefiner, landmarker: FaceLandmarker) {
    this.#proposer = proposer;
    this.#refiner = refiner;
    this.#landmarker = landmarker;
  }

  static async load(modelsFolder: string): Promise<FaceFinder> {
    return new FaceFinder(
      await FaceProposer.load(modelsFolder),
      await FaceRefiner.load(modelsFolder),
      await FaceLandmarker.load(modelsFolder),
    );
  }

  /** Best first; boxes and landmarks in pixels of `picture`, as are those of `persons`. */
  async find(
    picture: Picture,
    persons: readonly Detection[],
    { wholePicture }: { wholePicture: boolean },
  ): Promise<FoundFace[]> {
    const regions = persons.map(({ box }) => headRegion(box));
    if (wholePicture) regions.push(...searchTiles(picture.width, picture.height));

    const byRegion: FaceProposal[][] = [];
    for (const region of regions)
      byRegion.push(await this.#proposer.propose(picture, region, weakestProposal));
    const distinct = suppress(
      byRegion.flatMap((all) =>
        suppress(
          all.filter(({ score }) => score >= lookedAtFrom),
          sameProposal,
        ),
      ),
      overlapLimit,
    );
    const looked = distinct.slice(0, mostProposals);
    this.#unlooked += distinct.length - looked.length;
    // A bare wall is full of weak ones: only those at a place that is looked at are worth comparing with each other.
    const proposals = byRegion.flatMap((all) =>
      suppress(
        all.filter(({ box }) => looked.some((place) => intersectionOverUnion(place.box, box) > 0)),
        sameProposal,
      ),
    );
    const refined = await this.#refiner.refine(
      picture,
      looked.map(({ box }) => box),
    );

    const likely = refined.flatMap((face, i) => {
      const own = looked[i]!;
      const there = proposals.filter(({ box }) => intersectionOverUnion(box, face.box) > sameFace);
      const found = this.#weigh(picture, face, there.length > 0 ? there : [own], persons);
      return found ? [{ box: found.box, score: boxMerit(own.score, face.score), found }] : [];
    });
    // An ear or a badge inside a face is part of it.
    const faces = suppress(likely, overlapLimit, intersectionOverSmaller)
      .map(({ found }) => found)
      .sort((a, b) => b.score - a.score);
    for (const face of faces) {
      const mesh = await this.#landmarker.locate(picture, face);
      if (mesh.score >= sureMesh) face.landmarks = mesh.landmarks;
    }
    return faces;
  }

  /** Places that were not looked at closely since the last call: a frame held more than time allows. */
  takeDrops(): Record<string, number> {
    const drops = { face_proposal_over_limit: this.#unlooked };
    this.#unlooked = 0;
    return drops;
  }

  async release(): Promise<void> {
    await this.#proposer.release();
    await this.#refiner.release();
    await this.#landmarker.release();
  }

  #weigh(
    picture: Picture,
    refined: RefinedFace,
    proposals: readonly FaceProposal[],
    persons: readonly Detection[],
  ): FoundFace | undefined {
    const box = clipBox(refined.box, picture.width, picture.height);
    if (box[2] < 1 || box[3] < 1) return undefined;
    const { place, person } = placeOnPerson(box, persons);
    const score = faceScore({
      proposed: proposals.map((proposal) => proposal.score),
      refined: refined.score,
      place,
      side: Math.max(box[2], box[3]),
      pictureSide: Math.max(picture.width, picture.height),
    });
    if (score < reportedFrom) return undefined;
    const { landmarks } = refined;
    const border = borderOf(refined.box, picture);
    return { box, score, landmarks, border, ...(person !== undefined && { person }) };
  }
}

/** By how far a box reaches out of the picture, parts of its width or height, where it does so most; negative inside. */
function borderOf([x, y, width, height]: Box, picture: Picture): Border {
  const above = -y / height;
  const across = Math.max(-x, x + width - picture.width) / width;
  const elsewhere = Math.max(across, (y + height - picture.height) / height);
  if (elsewhere > cutFrom || above > mostForehead) return 'cut';
  if (above > cutFrom) return 'forehead_cut';
  return Math.max(above, elsewhere) < -clearFrom ? 'clear' : 'near';
}

/** Where the head of a standing, sitting or half-visible person can be, with some room around. */
function headRegion([x, y, width, height]: Box): Box {
  const room = width * 0.15;
  const headHeight = Math.min(height, Math.max(height * 0.45, width * 0.8));
  return [x - room, y - room, width + 2 * room, headHeight + room];
}
