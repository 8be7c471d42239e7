import type { FamiliarityVerdict } from '../../hub/contract/sighting.ts';
import type { GalleryMatch, TemplateKind } from '../gallery/gallery.ts';
import type { EmbeddingTraits } from '../perceive/embedding-traits.ts';
import type { Face } from '../perceive/perception.ts';
import { BestFaces } from './best-faces.ts';
import { rounded } from './rounded.ts';
import type { Compare, EnrolmentWanted } from './sight.ts';

/** Faces poorer than this are neither compared nor kept. */
const goodFaceQuality = 0.5;

/** Good faces that must all be far from everybody before somebody is called new. */
const strangerFaces = 3;
/** Matches with one subject that make it known; one face is enough when it is plainly near. */
const knownFaces = 2;
/** This far above its bound a similarity could hardly be clearer. */
const clearMargin = 0.2;
/** Share of the matched faces that must agree on the subject. */
const knownShare = 2 / 3;
/** Matches with somebody else that overturn a first time already decided. */
const correctingFaces = 3;
/** Templates kept of one visit. */
const keptFaces = { whole: 3, upper: 2 } as const;
/** More subjects than this in one track is confusion; the rest is not remembered. */
const subjectsRemembered = 16;

/** What of a face is compared: of one that is not plainly bare, what a mask leaves. */
export function comparedKindOf(face: Pick<Face, 'mask'>): TemplateKind {
  return face.mask.verdict === 'not_worn' ? 'whole' : 'upper';
}

interface SubjectVotes {
  subject: string;
  category: GalleryMatch['category'];
  faces: number;
  /** Sum of 0.5 (just at the bound) to 1 (clear) per face. */
  clearness: number;
  isPlain: boolean;
}

/** A verdict and whom it names. */
export interface Familiarity {
  verdict: FamiliarityVerdict;
  subject?: string;
}

/**
 * Who somebody is to this site, from the gallery's answers for the good faces of one track, one by one and for the best of
 * them fused into one.
 */
export class FamiliarityVotes {
  readonly #bounds: EmbeddingTraits['bounds'];
  readonly #subjects = new Map<string, SubjectVotes>();
  /** `whole` holds bare faces alone, `upper` masked and bare ones. */
  readonly #best: Record<TemplateKind, BestFaces> = { whole: new BestFaces(), upper: new BestFaces() };
  /** What the best faces of a kind together are nearest to; undefined while they are too few. */
  readonly #fused: Partial<Record<TemplateKind, { match: GalleryMatch | undefined }>> = {};
  #faces = 0;
  #farFaces = 0;
  #greyFaces = 0;
  /** Of the far faces, how near the nearest came to nobody being able to tell, 0 to 1. */
  #greatestNearness = 0;
  /** The subject that this track enrolled: matching oneself proves nothing. */
  #own: string | undefined;
  #enrolled: Record<TemplateKind, boolean> = { whole: false, upper: false };

  constructor(bounds: EmbeddingTraits['bounds']) {
    this.#bounds = bounds;
  }

  /** `isGalleryWhole`: false when templates could not be compared. */
  add(face: Face, compare: Compare, isGalleryWhole: boolean): void {
    const kind = comparedKindOf(face);
    const embedding = face.embeddings?.[kind];
    if (!face.embeddings || !embedding || !(face.quality >= goodFaceQuality)) return;
    const match = compare(embedding, kind);
    if (this.#own !== undefined && match?.subject === this.#own) return;
    this.#faces++;
    const { upper } = face.embeddings;
    this.#keep('upper', face.quality, upper);
    if (kind === 'whole') this.#keep('whole', face.quality, embedding);

    const { differentUpTo, sameFrom } = this.#bounds[kind];
    const similarity = similarityOf(match);
    // Who has only ever been seen masked is known by the upper half alone.
    const masked = kind === 'whole' && similarity < sameFrom ? compare(upper, 'upper') : undefined;
    if (match && similarity >= sameFrom) this.#voteFor(match, kind);
    else if (masked && masked.similarity >= this.#bounds.upper.plainFrom) this.#voteFor(masked, 'upper');
    else if (similarityOf(masked) >= this.#bounds.upper.sameFrom) this.#greyFaces++;
    else if (similarity <= differentUpTo && isGalleryWhole) {
      this.#farFaces++;
      this.#greatestNearness = Math.max(this.#greatestNearness, nearness(similarity, differentUpTo));
    } else this.#greyFaces++;
    this.#compareFused(kind, compare);
  }

  /** Undefined while no good face has been compared. */
  familiarity(): Familiarity | undefined {
    if (this.#faces === 0) return undefined;
    const votes = this.#faces;
    const known = this.#known() ?? this.#knownFused();
    if (known) {
      const verdict = known.category === 'registered' ? 'registered' : 'seen_before';
      return {
        verdict: { verdict, confidence: rounded(this.#knownConfidence(known)), votes },
        subject: known.subject,
      };
    }
    if (this.#own === undefined && !this.#isStranger())
      return { verdict: { verdict: 'cannot_tell', confidence: 0, votes } };
    const confidence = rounded(1 - this.#greatestNearness / 2);
    const verdict = { verdict: 'first_time', confidence, votes } as const;
    return this.#own === undefined ? { verdict } : { verdict, subject: this.#own };
  }

  /**
   * What should be kept of this visit, once: a stranger's best faces under a new subject; one more face of a stranger who
   * came back, so that the retention counts from the last visit. Of a bare face both kinds are kept: it may come masked.
   */
  enrolments(newSubject: () => string): EnrolmentWanted[] {
    const decided = this.familiarity();
    if (!decided || decided.verdict.verdict === 'cannot_tell') return [];
    if (decided.verdict.verdict === 'registered') return [];
    const isNew = decided.verdict.verdict === 'first_time';
    if (isNew) this.#own ??= newSubject();
    const subject = isNew ? this.#own : decided.subject;
    if (subject === undefined) return [];
    return (['whole', 'upper'] as const).flatMap((kind) => {
      const best = this.#best[kind].faces;
      if (this.#enrolled[kind] || best.length === 0) return [];
      this.#enrolled[kind] = true;
      return best
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
    votes.clearness += clearness(similarity, this.#bounds[kind].sameFrom);
    votes.isPlain ||= similarity >= this.#bounds[kind].plainFrom;
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

  /** Each face alone was too unlike, but together they are like one subject, and no face was like another. */
  #knownFused(): SubjectVotes | undefined {
    if (this.#own !== undefined) return undefined;
    const found = (['whole', 'upper'] as const).flatMap((kind) => {
      const match = this.#fused[kind]?.match;
      return match && match.similarity >= this.#bounds[kind].sameFrom ? [{ kind, match }] : [];
    });
    const [first] = found;
    if (!first) return undefined;
    const named = [...this.#subjects.keys(), ...found.map(({ match }) => match.subject)];
    if (named.some((subject) => subject !== first.match.subject)) return undefined;
    const { subject, category, similarity } = first.match;
    const clear = clearness(similarity, this.#bounds[first.kind].sameFrom);
    return { subject, category, faces: 1, clearness: clear, isPlain: false };
  }

  #isStranger(): boolean {
    const isFar = this.#farFaces >= strangerFaces && this.#greyFaces === 0 && this.#subjects.size === 0;
    return (
      isFar &&
      (['whole', 'upper'] as const).every((kind) => {
        const fused = this.#fused[kind];
        return !fused || similarityOf(fused.match) <= this.#bounds[kind].differentUpTo;
      })
    );
  }

  #compareFused(kind: TemplateKind, compare: Compare): void {
    const fused = this.#own === undefined ? this.#best[kind].fused() : undefined;
    if (fused) this.#fused[kind] = { match: compare(fused, kind) };
  }

  /** Less when faces matched others too. */
  #knownConfidence({ clearness }: SubjectVotes): number {
    return clearness / Math.max(1, this.#matchedFaces());
  }

  #matchedFaces(): number {
    let faces = 0;
    for (const votes of this.#subjects.values()) faces += votes.faces;
    return faces;
  }

  #keep(kind: TemplateKind, quality: number, embedding: Float32Array): void {
    if (!this.#enrolled[kind]) this.#best[kind].offer(quality, embedding);
  }
}

/** As unlike as can be where there is nothing to compare with. */
function similarityOf(match: GalleryMatch | undefined): number {
  return match?.similarity ?? -1;
}

function nearness(similarity: number, differentUpTo: number): number {
  return differentUpTo > 0 ? Math.min(1, Math.max(0, similarity) / differentUpTo) : 1;
}

function clearness(similarity: number, sameFrom: number): number {
  return 0.5 + 0.5 * Math.min(1, (similarity - sameFrom) / clearMargin);
}
