import { isProvince, type ProvinceRule, placeOf, provincialClasses } from '../../hub/contract/flagging.ts';
import type { ProvinceVerdict } from '../../hub/contract/sighting.ts';
import type { PlateReading } from '../perceive/perception.ts';
import type { AgreedPlate } from './plate-vote.ts';
import { rounded } from './rounded.ts';

/** Being at home accuses nobody; anything else must be surer. Probabilities, 0 to 1. */
const needed = {
  home: { votes: 2, confidence: 0.9, support: 0.6 },
  away: { votes: 3, confidence: 0.97, support: 0.75 },
  /** Share of the readings whose class settles whether the rule applies, and of those that may say otherwise. */
  applicable: { share: 0.6, otherwise: 0.15 },
  notApplicable: { votes: 2, share: 0.8 },
  /**
   * One picture has no vote behind it. Of 757 plates in held pictures, 620 of them drawn, 710 get a province with these, a
   * drawn one a wrong one. With less `text` or `score`, plates of other countries get one.
   */
  single: { confidence: 0.9, text: 0.75, score: 0.5 },
} as const;

/**
 * The province of one reading, for a single picture. The code is given whenever the province character is read well
 * enough, also where the verdict has to be `uncertain` because no home province is known.
 */
export function provinceOfReading(
  reading: PlateReading,
  rule: ProvinceRule,
): { verdict: ProvinceVerdict['verdict']; code?: string } {
  if (reading.class === 'unknown') return { verdict: 'uncertain' };
  if (!provincialClasses.has(reading.class)) return { verdict: 'not_applicable' };
  const province = reading.characters[0];
  if (!province || !isProvince(province.text)) return { verdict: 'uncertain' };
  if (!(province.confidence >= needed.single.confidence)) return { verdict: 'uncertain' };
  // Whose other characters are guessed, or that hardly fits, is perhaps no Chinese plate, or one seen in a mirror.
  if (!(reading.confidence >= needed.single.text)) return { verdict: 'uncertain' };
  if (!(reading.score >= needed.single.score)) return { verdict: 'uncertain' };
  return { verdict: placeOf(province.text, rule), code: province.text };
}

/**
 * The province agreed over a track. It never guesses: what is not sure, or has no home to be compared with, is `uncertain`.
 * `held`: the verdict so far, which one poor reading does not take back.
 */
export function provinceOfPlate(
  agreed: AgreedPlate,
  rule: ProvinceRule,
  held?: ProvinceVerdict,
): ProvinceVerdict {
  const { plate, provinceSupport } = agreed;
  const { votes } = plate;
  const { applies, appliesNot } = applicability(agreed);
  if (votes >= needed.notApplicable.votes && appliesNot >= needed.notApplicable.share)
    return { verdict: 'not_applicable', confidence: rounded(appliesNot), votes };

  const code = plate.characters[0].text;
  const posterior = plate.characters[0].confidence;
  // A doubt repeated in every frame stays a doubt: the posterior alone would grow sure of it.
  const confidence = rounded(Math.min(posterior, provinceSupport));
  const uncertain: ProvinceVerdict = { verdict: 'uncertain', confidence, votes };
  const isApplicable = applies >= needed.applicable.share && appliesNot <= needed.applicable.otherwise;
  if (!isApplicable || !isProvince(code)) return uncertain;
  const verdict = placeOf(code, rule);
  if (verdict === 'uncertain') return uncertain;
  const isHeld = held?.verdict === verdict && held.code === code;
  const bar = verdict === 'home' || isHeld ? needed.home : needed.away;
  const isSure = votes >= bar.votes && posterior >= bar.confidence && provinceSupport >= bar.support;
  return isSure ? { verdict, code, confidence, votes } : uncertain;
}

/** The shares of the readings whose class has a province, and whose class has none; the rest is of unknown class. */
function applicability({ classShares }: AgreedPlate): { applies: number; appliesNot: number } {
  let applies = 0;
  let appliesNot = 0;
  for (const [plateClass, share] of classShares) {
    if (provincialClasses.has(plateClass)) applies += share;
    else if (plateClass !== 'unknown') appliesNot += share;
  }
  return { applies, appliesNot };
}
