import type { Picture } from '../capture/frame.ts';
import { FaceConfirmer } from './face-confirmer.ts';
import { FaceLandmarker } from './face-landmarker.ts';
import { type FaceProposal, FaceProposer } from './face-proposer.ts';
import { faceScore, placeOnPerson } from './face-score.ts';
import { clipBox, intersectionOverSmaller, suppress } from './nms.ts';
import type { Box, Detection, Face } from './perception.ts';
import { searchTiles } from './search-tiles.ts';

/** Below this a proposal is not looked at closely. */
const proposalThreshold = 0.25;
/** A face this likely is reported. */
const scoreThreshold = 0.28;
/** Above this, two proposals are one face. */
const overlapLimit = 0.5;

/** A face before mask, quality and embedding. */
export type FoundFace = Pick<Face, 'box' | 'score' | 'landmarks' | 'person'>;

/**
 * Finds faces, masked or bare: proposals on each person's head (and over the whole picture when asked), each
 * confirmed on its crop, then 5 landmarks.
 */
export class FaceFinder {
  readonly #proposer: FaceProposer;
  readonly #confirmer: FaceConfirmer;
  readonly #landmarker: FaceLandmarker;

  private constructor(proposer: FaceProposer, confirmer: FaceConfirmer, landmarker: FaceLandmarker) {
    this.#proposer = proposer;
    this.#confirmer = confirmer;
    this.#landmarker = landmarker;
  }

  static async load(modelsFolder: string): Promise<FaceFinder> {
    return new FaceFinder(
      await FaceProposer.load(modelsFolder),
      await FaceConfirmer.load(modelsFolder),
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

    const proposals = [];
    for (const region of regions)
      proposals.push(...(await this.#proposer.propose(picture, region, proposalThreshold)));

    const faces: FoundFace[] = [];
    for (const proposal of suppress(proposals, overlapLimit)) {
      const face = await this.#lookClosely(picture, proposal, persons);
      if (face) faces.push(face);
    }
    // An ear or a badge inside a face is part of it.
    return suppress(faces, overlapLimit, intersectionOverSmaller);
  }

  async release(): Promise<void> {
    await this.#proposer.release();
    await this.#confirmer.release();
    await this.#landmarker.release();
  }

  async #lookClosely(
    picture: Picture,
    proposal: FaceProposal,
    persons: readonly Detection[],
  ): Promise<FoundFace | undefined> {
    const confirmed = await this.#confirmer.confirm(picture, proposal.box);
    if (!confirmed) return undefined;
    const box = clipBox(confirmed.box, picture.width, picture.height);
    if (box[2] < 1 || box[3] < 1) return undefined;

    const { place, person } = placeOnPerson(box, persons);
    const signs = { proposal: proposal.score, confirmation: confirmed.score, place };
    // Not even the best mesh would make it a face.
    if (faceScore({ ...signs, mesh: 1 }) < scoreThreshold) return undefined;
    const { landmarks, score: mesh } = await this.#landmarker.locate(picture, confirmed);
    const score = faceScore({ ...signs, mesh });
    if (score < scoreThreshold) return undefined;
    return { box, score, landmarks, ...(person !== undefined && { person }) };
  }
}

/** Where the head of a standing, sitting or half-visible person can be, with some room around. */
function headRegion([x, y, width, height]: Box): Box {
  const room = width * 0.15;
  const headHeight = Math.min(height, Math.max(height * 0.45, width * 0.8));
  return [x - room, y - room, width + 2 * room, headHeight + room];
}
