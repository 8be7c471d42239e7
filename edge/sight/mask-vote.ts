import type { MaskVerdict } from '../../hub/contract/sighting.ts';
import type { Face, MaskReading } from '../perceive/perception.ts';
import { rounded } from './rounded.ts';

type Decided = Exclude<MaskVerdict['verdict'], 'cannot_tell'>;
const decidable: readonly Decided[] = ['worn', 'not_worn', 'worn_improperly'];

/** A verdict needs this much of its own: a hand over the mouth lasts less. */
const needed = { frames: 3, milliseconds: 500, share: 0.6, lead: 0.2 } as const;
/** Only the last seconds count: people take masks off and put them on. */
const windowMilliseconds = 4000;
/** The window never holds more, whatever the frame rate. */
const windowFrames = 60;
/** Faces poorer than this say nothing about a mask. */
const leastQuality = 0.15;

interface Vote {
  at: number;
  weight: number;
  reading: Decided;
  probabilities: MaskReading['probabilities'];
}

/**
 * The mask over a track: probabilities of the last seconds, weighted by the quality of the face. A verdict stands until
 * another one has earned its place; before the first it is `cannot_tell`.
 */
export class MaskVotes {
  #window: Vote[] = [];
  #seen = 0;
  #verdict: MaskVerdict | undefined;

  /** `at`: lens time, ms. */
  add(face: Pick<Face, 'mask' | 'quality' | 'score'>, at: number): void {
    this.#seen++;
    const weight = face.quality * face.score;
    if (face.mask.verdict === 'cannot_tell' || !(face.quality >= leastQuality) || !(weight > 0)) return;
    const { probabilities, verdict } = face.mask;
    if (!decidable.every((name) => probabilities[name] >= 0)) return;
    this.#window.push({ at, weight, reading: verdict, probabilities });
    this.#window = this.#window.filter((vote) => at - vote.at <= windowMilliseconds).slice(-windowFrames);
    this.#verdict = this.#decide() ?? this.#verdict;
  }

  /** Undefined while no face has been seen. */
  verdict(): MaskVerdict | undefined {
    if (this.#seen === 0) return undefined;
    return this.#verdict ?? { verdict: 'cannot_tell', confidence: 0, votes: this.#seen };
  }

  #decide(): MaskVerdict | undefined {
    const total = this.#window.reduce((sum, vote) => sum + vote.weight, 0);
    const [best, second] = decidable
      .map((name) => ({
        name,
        share: this.#window.reduce((sum, vote) => sum + vote.weight * vote.probabilities[name], 0) / total,
      }))
      .sort((a, b) => b.share - a.share);
    const own = this.#window.filter((vote) => vote.reading === best.name);
    const lasted = own.length > 0 ? own[own.length - 1].at - own[0].at : 0;
    const isSure =
      own.length >= needed.frames &&
      lasted >= needed.milliseconds &&
      best.share >= needed.share &&
      best.share - second.share >= needed.lead;
    if (!isSure) return undefined;
    return { verdict: best.name, confidence: rounded(best.share), votes: this.#window.length };
  }
}
