import type { Picture } from '../capture/frame.ts';
import { type ConfirmedFace, FaceConfirmer } from './face-confirmer.ts';
import { FaceLandmarker } from './face-landmarker.ts';
import { FaceProposer } from './face-proposer.ts';
import { clipBox, intersectionOverSmaller, suppress } from './nms.ts';
import type { Box, Detection, Face } from './perception.ts';
import { searchTiles } from './search-tiles.ts';

/** Below this a proposal is not looked at closely. */
const proposalThreshold = 0.35;
/** A face this likely is reported when it sits where a detected person has the head. */
const scoreOnPerson = 0.5;
/** Without a person around it, a face must be this likely. */
const scoreAlone = 0.62;
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
      const confirmed = await this.#confirmer.confirm(picture, proposal.box);
      if (!confirmed) continue;
      const person = personOf(confirmed.box, persons);
      const score = (proposal.score + confirmed.score) / 2;
      if (score < (person === undefined ? scoreAlone : scoreOnPerson)) continue;
      faces.push(await this.#describe(picture, confirmed, score, person));
    }
    return suppress(
      faces.filter(({ box }) => box[2] >= 1 && box[3] >= 1),
      overlapLimit,
      intersectionOverSmaller,
    );
  }

  async release(): Promise<void> {
    await this.#proposer.release();
    await this.#confirmer.release();
    await this.#landmarker.release();
  }

  async #describe(
    picture: Picture,
    confirmed: ConfirmedFace,
    score: number,
    person: number | undefined,
  ): Promise<FoundFace> {
    const { landmarks } = await this.#landmarker.locate(picture, confirmed);
    return {
      box: clipBox(confirmed.box, picture.width, picture.height),
      score,
      landmarks,
      ...(person !== undefined && { person }),
    };
  }
}

/** Where the head of a standing, sitting or half-visible person can be, with some room around. */
function headRegion([x, y, width, height]: Box): Box {
  const room = width * 0.15;
  const headHeight = Math.min(height, Math.max(height * 0.45, width * 0.8));
  return [x - room, y - room, width + 2 * room, headHeight + room];
}

/** The person on whose head the face sits: the best fitting one, by its index. */
function personOf(face: Box, persons: readonly Detection[]): number | undefined {
  const centreX = face[0] + face[2] / 2;
  const centreY = face[1] + face[3] / 2;
  let best: { index: number; distance: number } | undefined;
  persons.forEach(({ box: [x, y, width, height] }, index) => {
    const across = (centreX - x) / width;
    const down = (centreY - y) / height;
    if (across < 0.05 || across > 0.95 || down < -0.05 || down > 0.55 || face[2] > width * 1.1) return;
    // Heads are near the top and the middle; of two persons one behind the other the nearer fit wins.
    const distance = Math.abs(across - 0.5) + Math.abs(down - 0.15);
    if (!best || distance < best.distance) best = { index, distance };
  });
  return best?.index;
}
