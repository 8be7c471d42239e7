import type { FamiliarityVerdict } from '../../hub/contract/sighting.ts';
import type { GalleryMatch, TemplateKind } from '../gallery/gallery.ts';
import type { Face } from '../perceive/perception.ts';
import { rounded } from './rounded.ts';
import type { EnrolmentWanted } from './sight.ts';

/**
 * Cosine similarities of MobileFaceNet embeddings from which two faces are the same person's, by what is compared. Measured on
 * 118 pairs of the same and 962 of different people (65 photographs of face-api.js and deepface, masks painted on):
 * bare with bare ≥ 0.52 the same, ≤ 0.41 different; masked with bare 0.51 median and ≤ 0.40; masked with masked 0.73 median
 * and ≤ 0.58, because masks resemble each other. Above the strangers' greatest, since a gallery holds more than 962.
 */
const same = { bare: 0.55, maskedWithBare: 0.52, maskedWithMasked: 0.68 } as const;
/** Up to here two bare faces are different people's; between this and `same` nobody can tell. A masked face is never far enough. */
const different = 0.45;

/** Faces poorer than this are neither compared nor kept. */
const goodFaceQuality = 0.5;

/** Good faces that must all be far from everybody before somebody is called new. */
const strangerFaces = 3;
/** Matches with one subject that make it known; one bare face is enough when it is this near. */
const knownFaces = 2;
const plainSimilarity = 0.65;
/** This far above its bound a similarity could hardly be clearer. */
const clearMargin = 0.2;
/** Share of the matched faces that must agree on the subject. */
const knownShare = 2 / 3;
/** Matches with somebody else that overturn a first time already decided. */
const correctingFaces = 3;
/** Templates kept of one visit. */
const keptFaces = { bare: 3, masked: 1 } as const;
/** More subjects than this in one track is confusion; the rest is not remembered. */
const subjectsRemembered = 16;

/** Which templates a face is compared with: one that is not plainly bare counts as masked. */
export function templateKindOf(face: Pick<Face, 'mask'>): TemplateKind {
  return face.mask.verdict === 'not_worn' ? 'bare' : 'masked';
}

function sameFrom(face: TemplateKind, template: GalleryMatch): number {
  if (face === 'bare') return same.bare;
  return template.kind === 'bare' ? same.maskedWithBare : same.maskedWithMasked;
}

interface SubjectVotes {
  subject: string;
  category: GalleryMatch['category'];
  faces: number;
  /** Sum of 0.5 (just at the bound) to 1 (clear) per face. */
  clearness: number;
  isPlain: boolean;
}

interface KeptFace {
  quality: number;
  embedding: Float32Array;
}

/** A verdict and whom it names. */
export interface Familiarity {
  verdict: FamiliarityVerdict;
  subject?: string;
}

/** Who somebody is to this site, from the gallery's answers for the good faces of one track. */
export class FamiliarityVotes {
  readonly #subjects = new Map<string, SubjectVotes>();
  readonly #kept: Record<TemplateKind, KeptFace[]> = { bare: [], masked: [] };
  #faces = 0;
  #farFaces = 0;
  #greyFaces = 0;
  #maskedFaces = 0;
  #greatestFarSimilarity = 0;
  /** The subject that this track enrolled: matching oneself proves nothing. */
  #own: string | undefined;
  #enrolled: Record<TemplateKind, boolean> = { bare: false, masked: false };

  /** `match`: the gallery's nearest; undefined when it holds nobody. `isGalleryWhole`: false when templates could not be compared. */
  add(face: Face, match: GalleryMatch | undefined, isGalleryWhole: boolean): void {
    if (!face.embedding || !(face.quality >= goodFaceQuality)) return;
    if (this.#own !== undefined && match?.subject === this.#own) return;
    const kind = templateKindOf(face);
    this.#faces++;
    this.#keep(kind, { quality: face.quality, embedding: face.embedding });

    const similarity = match?.similarity ?? -1;
    if (match && similarity >= sameFrom(kind, match)) this.#voteFor(match, kind);
    else if (kind === 'masked') this.#maskedFaces++;
    else if (similarity <= different && isGalleryWhole) {
      this.#farFaces++;
      this.#greatestFarSimilarity = Math.max(this.#greatestFarSimilarity, similarity);
    } else this.#greyFaces++;
  }

  /** Undefined while no good face has been compared. */
  familiarity(): Familiarity | undefined {
    if (this.#faces === 0) return undefined;
    const votes = this.#faces;
    const known = this.#known();
    if (known) {
      const verdict = known.category === 'registered' ? 'registered' : 'seen_before';
      return {
        verdict: { verdict, confidence: rounded(this.#knownConfidence(known)), votes },
        subject: known.subject,
      };
    }
    if (this.#own === undefined && !this.#isStranger())
      return { verdict: { verdict: 'cannot_tell', confidence: 0, votes } };
    const nearness = this.#greatestFarSimilarity / different;
    const verdict = { verdict: 'first_time', confidence: rounded(1 - nearness / 2), votes } as const;
    return this.#own === undefined ? { verdict } : { verdict, subject: this.#own };
  }

  /**
   * What should be kept of this visit, once: a stranger's best faces under a new subject; one more face of a stranger who
   * came back, so that the retention counts from the last visit; a masked face of somebody known bare in the same track.
   */
  enrolments(newSubject: () => string): EnrolmentWanted[] {
    const decided = this.familiarity();
    if (!decided || decided.verdict.verdict === 'cannot_tell') return [];
    if (decided.verdict.verdict === 'registered') return [];
    const isNew = decided.verdict.verdict === 'first_time';
    if (isNew) this.#own ??= newSubject();
    const subject = isNew ? this.#own : decided.subject;
    if (subject === undefined) return [];
    return (['bare', 'masked'] as const).flatMap((kind) => {
      if (this.#enrolled[kind] || this.#kept[kind].length === 0) return [];
      this.#enrolled[kind] = true;
      return this.#kept[kind]
        .slice(0, isNew ? keptFaces[kind] : 1)
        .map(({ embedding }) => ({ subject, category: 'stranger' as const, kind, embedding }));
    });
  }

  #voteFor(match: GalleryMatch, kind: TemplateKind): void {
    const { subject, category, similarity } = match;
    const known = this.#subjects.get(subject);
    if (!known && this.#subjects.size >= subjectsRemembered) return;
    const votes = known ?? { subject, category, faces: 0, clearness: 0, isPlain: false };
    votes.category = category;
    votes.faces++;
    votes.clearness += 0.5 + 0.5 * Math.min(1, (similarity - sameFrom(kind, match)) / clearMargin);
    votes.isPlain ||= kind === 'bare' && similarity >= plainSimilarity;
    this.#subjects.set(subject, votes);
  }

  #known(): SubjectVotes | undefined {
    const best = [...this.#subjects.values()].sort(
      (a, b) => b.faces - a.faces || b.clearness - a.clearness || (a.subject < b.subject ? -1 : 1),
    )[0];
    if (!best) return undefined;
    if (this.#own !== undefined && best.faces < correctingFaces) return undefined;
    const isEnough = best.faces >= knownFaces || best.isPlain;
    return isEnough && best.faces / this.#matchedFaces() >= knownShare ? best : undefined;
  }

  /** Where most faces are masked, the few that look bare may be misread and prove nothing. */
  #isStranger(): boolean {
    const isFar = this.#farFaces >= strangerFaces && this.#farFaces > this.#maskedFaces;
    return isFar && this.#greyFaces === 0 && this.#subjects.size === 0;
  }

  /** Less when faces matched others too. */
  #knownConfidence({ clearness }: SubjectVotes): number {
    return clearness / this.#matchedFaces();
  }

  #matchedFaces(): number {
    let faces = 0;
    for (const votes of this.#subjects.values()) faces += votes.faces;
    return faces;
  }

  #keep(kind: TemplateKind, face: KeptFace): void {
    if (this.#enrolled[kind]) return;
    this.#kept[kind] = [...this.#kept[kind], face]
      .sort((a, b) => b.quality - a.quality)
      .slice(0, keptFaces[kind]);
  }
}
