import { flagsOf, watchedProvinces } from '../../hub/contract/flagging.ts';
import type { Flag, Policy } from '../../hub/contract/policy.ts';
import type { Plate, ProvinceVerdict, Sighting } from '../../hub/contract/sighting.ts';
import type { EmbeddingTraits } from '../perceive/embedding-traits.ts';
import type { Box, PlateReading } from '../perceive/perception.ts';
import type { Track } from '../track/track.ts';
import { EvidenceChoice, type EvidenceOffer } from './evidence-choice.ts';
import { FamiliarityVotes } from './familiarity.ts';
import type { Findings } from './findings.ts';
import { footOf, LineCrossing, WholeBody } from './line-crossing.ts';
import { MaskVotes } from './mask-vote.ts';
import { type AgreedPlate, PlateVotes } from './plate-vote.ts';
import { provinceOfPlate } from './province.ts';
import type { EnrolmentWanted, EvidenceWanted, Observation, SightSetting } from './sight.ts';

/** A box that touches the edge of the frame is cut off there. */
const cutOffPenalty = 0.5;
/** Share of the frame from which on a scene gains nothing by being larger. */
const amplySeen = 0.15;
/** Width from which on a plate gains nothing by being larger, pixels. */
const amplePlateWidth = 140;

/** What a track amounts to so far. */
export interface Conclusion {
  direction: Sighting['direction'];
  subject?: string;
  plate?: Plate;
  verdicts: Sighting['verdicts'];
  flags: Flag[];
  evidence: string[];
}

/** Everything gathered about one track. Its size does not grow with the life of the track. */
export class SightingDraft {
  track: Track;
  readonly #plates = new PlateVotes();
  readonly #mask = new MaskVotes();
  readonly #familiarity: FamiliarityVotes;
  readonly #crossing: LineCrossing;
  readonly #body = new WholeBody();
  readonly #evidence = new EvidenceChoice();
  #province: ProvinceVerdict | undefined;

  constructor(track: Track, line: SightSetting['line'], bounds: EmbeddingTraits['bounds']) {
    this.track = track;
    this.#familiarity = new FamiliarityVotes(bounds);
    this.#crossing = new LineCrossing(line);
  }

  /** Takes in what one frame shows of the track and says which crops of that frame are wanted. */
  see(findings: Findings, observation: Observation, newId: () => string): EvidenceWanted[] {
    const { frame, compare, isGalleryWhole } = observation;
    const stands = this.track.kind === 'vehicle' || this.#body.isSeen(findings.box);
    if (stands) this.#crossing.follow(footOf(findings.box), frame);
    if (findings.face) {
      this.#mask.add(findings.face, frame.capturedAt);
      this.#familiarity.add(findings.face, compare, isGalleryWhole ?? true);
    }
    const isRead = findings.plate !== undefined && this.#plates.add(findings.plate);

    const agreedText = this.#plates.agreed()?.plate.text;
    const offers = [
      ...(this.track.state === 'tentative' ? [] : [sceneOffer(findings, frame)]),
      ...this.#faceOffer(findings),
      ...(isRead && findings.plate ? [plateOffer(findings.plate, agreedText)] : []),
    ];
    return offers.flatMap((offer) => this.#evidence.offer(offer, frame, newId) ?? []);
  }

  /** What must be kept of the faces, once familiarity is decided. */
  enrolments(newSubject: () => string): EnrolmentWanted[] {
    return this.#familiarity.enrolments(newSubject);
  }

  /** What the track amounts to under this policy at `at` (ms). */
  conclude(policy: Policy | undefined, at: number, hasEnded: boolean): Conclusion {
    const agreed = this.#plates.agreed();
    const mask = this.#mask.verdict();
    const familiarity = this.#familiarity.familiarity();
    const verdicts: Sighting['verdicts'] = {
      ...(mask && { mask }),
      ...(familiarity && { familiarity: familiarity.verdict }),
      ...(agreed && { province: this.#provinceOf(agreed, policy, at) }),
    };
    return {
      direction: this.#crossing.direction(),
      ...(familiarity?.subject !== undefined && { subject: familiarity.subject }),
      ...(agreed && { plate: agreed.plate }),
      verdicts,
      flags: flagsOf(verdicts, policy, at, hasEnded),
      evidence: this.#evidenceIds(mask?.verdict, agreed?.plate.text),
    };
  }

  /** Evidence ids given up since the last call. */
  takeDropped(): string[] {
    return this.#evidence.takeDropped();
  }

  /** Gives up all evidence and says which. */
  dropAll(): string[] {
    this.#evidence.dropAll();
    return this.#evidence.takeDropped();
  }

  #provinceOf(agreed: AgreedPlate, policy: Policy | undefined, at: number) {
    const rule = { homeProvince: policy?.homeProvince, watched: watchedProvinces(policy, at) };
    this.#province = provinceOfPlate(agreed, rule, this.#province);
    return this.#province;
  }

  #faceOffer({ face }: Findings): EvidenceOffer[] {
    if (!face) return [];
    const about = face.mask.verdict;
    const isDecided = this.#mask.verdict()?.verdict === about;
    const score = face.quality * face.score * (about === 'cannot_tell' ? 1 : face.mask.score);
    return [{ role: 'face', about, isDecided, score, box: face.box }];
  }

  #evidenceIds(mask: string | undefined, plateText: string | undefined): string[] {
    const chosen = [
      this.#evidence.chosen('face', mask === 'cannot_tell' ? '' : (mask ?? '')),
      this.#evidence.chosen('plate', plateText ?? ''),
      this.#evidence.chosen('scene', ''),
    ];
    return chosen.filter((id) => id !== undefined);
  }
}

function sceneOffer({ box, score }: Findings, frame: { width: number; height: number }): EvidenceOffer {
  const [x, y, width, height] = box;
  const isCutOff = x <= 1 || y <= 1 || x + width >= frame.width - 1 || y + height >= frame.height - 1;
  const share = Math.min(1, (width * height) / (frame.width * frame.height * amplySeen));
  return {
    role: 'scene',
    about: '',
    isDecided: true,
    score: score * Math.sqrt(share) * (isCutOff ? cutOffPenalty : 1),
    box,
  };
}

function plateOffer(plate: PlateReading, agreedText: string | undefined): EvidenceOffer {
  const box = boxAround(plate.corners);
  const score = plate.score * plate.confidence * Math.min(1, box[2] / amplePlateWidth);
  return { role: 'plate', about: plate.text, isDecided: plate.text === agreedText, score, box };
}

function boxAround(corners: PlateReading['corners']): Box {
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return [left, top, Math.max(...xs) - left, Math.max(...ys) - top];
}
