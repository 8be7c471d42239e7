import type { CorrectedFact, Correction } from '../contract/correction.ts';
import { flagsOf, isProvince, placeOf, provincialClasses, watchedProvinces } from '../contract/flagging.ts';
import type { Flag, Policy } from '../contract/policy.ts';
import type { Sighting } from '../contract/sighting.ts';

/** A person's word: no frames took part. */
const certain = { confidence: 1, votes: 0 };

/** The flags that each fact decides; those of other facts stay as the box set them. */
const decides: Record<CorrectedFact['of'], readonly Flag[]> = {
  plate: ['out_of_province', 'watched_province', 'province_uncertain'],
  mask: ['mask_not_worn', 'mask_worn_improperly'],
  familiarity: ['first_time'],
  direction: [],
  subject: [],
};

/**
 * A sighting with the corrections that hold, oldest first, and the flags that policy asks for then. Pure; without any the
 * sighting itself. `policy`: in force now; its rules are asked as of the instant at which the box decided.
 */
export function correct(sighting: Sighting, corrections: readonly Correction[], policy: Policy): Sighting {
  const facts = corrections.filter(({ undone }) => undone === undefined).map(({ fact }) => fact);
  if (facts.length === 0) return sighting;
  const corrected = facts.reduce((before, fact) => withFact(before, fact, policy), sighting);
  const asked = new Set(facts.flatMap(({ of }) => decides[of]));
  const decidedAt = Date.parse(sighting.decidedAt);
  // A person does not wait for more frames: what is still uncertain is flagged at once.
  const now = flagsOf(certainVotes(corrected.verdicts), policy, decidedAt, true);
  const flags = [
    ...sighting.flags.filter((flag) => !asked.has(flag)),
    ...now.filter((flag) => asked.has(flag)),
  ];
  return { ...corrected, flags };
}

/** Which facts of a sighting are a person's word. */
export function correctedFacts(corrections: readonly Correction[]): CorrectedFact['of'][] {
  const holding = corrections.filter(({ undone }) => undone === undefined);
  return [...new Set(holding.map(({ fact }) => fact.of))];
}

function withFact(sighting: Sighting, fact: CorrectedFact, policy: Policy): Sighting {
  const { verdicts } = sighting;
  switch (fact.of) {
    case 'direction':
      return { ...sighting, direction: fact.direction };
    case 'subject':
      return { ...sighting, subject: fact.subject };
    case 'mask':
      return { ...sighting, verdicts: { ...verdicts, mask: { verdict: fact.verdict, ...certain } } };
    case 'familiarity':
      return { ...sighting, verdicts: { ...verdicts, familiarity: { verdict: fact.verdict, ...certain } } };
    case 'plate': {
      const characters = [...fact.text].map((text) => ({ text, confidence: 1 }));
      return {
        ...sighting,
        plate: { text: fact.text, class: fact.class, characters, ...certain },
        verdicts: { ...verdicts, province: provinceOf(fact, Date.parse(sighting.decidedAt), policy) },
      };
    }
  }
}

function provinceOf(
  { text, class: plateClass }: Extract<CorrectedFact, { of: 'plate' }>,
  at: number,
  policy: Policy,
): NonNullable<Sighting['verdicts']['province']> {
  if (plateClass !== 'unknown' && !provincialClasses.has(plateClass)) {
    return { verdict: 'not_applicable', ...certain };
  }
  const code = [...text][0];
  if (!isProvince(code)) return { verdict: 'uncertain', ...certain };
  const rule = { homeProvince: policy.homeProvince, watched: watchedProvinces(policy, at) };
  return { verdict: placeOf(code, rule), code, ...certain };
}

/** The rule for uncertain provinces counts votes. */
function certainVotes(verdicts: Sighting['verdicts']): Sighting['verdicts'] {
  const { province } = verdicts;
  return province ? { ...verdicts, province: { ...province, votes: Number.MAX_SAFE_INTEGER } } : verdicts;
}
