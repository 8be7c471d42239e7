import type { CorrectedFact, Correction } from '../../../hub/contract/correction.ts';
import type { Sighting } from '../../../hub/contract/sighting.ts';

/** One correction with what held before it. */
export interface CorrectionStep {
  correction: Correction;
  /** Undefined when nothing was known: no plate read, nobody recognised. */
  from: CorrectedFact | undefined;
  /** Whether `from` is what the box told, not what somebody said before. */
  isOriginal: boolean;
  /** Whether it is what holds now: not taken back, and nothing said since. */
  holds: boolean;
}

/** What a sighting says about one fact; undefined when it says nothing. */
export function factIn(sighting: Sighting, of: CorrectedFact['of']): CorrectedFact | undefined {
  const { plate, verdicts, direction, subject } = sighting;
  switch (of) {
    case 'plate':
      return plate && { of, text: plate.text, class: plate.class };
    case 'mask':
      return verdicts.mask && { of, verdict: verdicts.mask.verdict };
    case 'familiarity':
      return verdicts.familiarity && { of, verdict: verdicts.familiarity.verdict };
    case 'direction':
      return { of, direction };
    case 'subject':
      return subject === undefined ? undefined : { of, subject };
  }
}

/** Corrections, oldest first, each with what it was said in place of. `original`: as the box told it. */
export function correctionSteps(original: Sighting, corrections: readonly Correction[]): CorrectionStep[] {
  return corrections.map((correction, index) => {
    const { of } = correction.fact;
    const before = corrections
      .slice(0, index)
      .findLast((earlier) => earlier.fact.of === of && heldAt(earlier, correction.by.at));
    const later = corrections.slice(index + 1);
    return {
      correction,
      from: before ? before.fact : factIn(original, of),
      isOriginal: before === undefined,
      holds: !correction.undone && !later.some(({ fact, undone }) => fact.of === of && !undone),
    };
  });
}

/** Whether two facts say the same. */
export function isSameFact(one: CorrectedFact | undefined, other: CorrectedFact | undefined): boolean {
  if (!one || !other) return one === other;
  const values = (fact: CorrectedFact) =>
    JSON.stringify(Object.entries(fact).sort(([a], [b]) => a.localeCompare(b)));
  return values(one) === values(other);
}

function heldAt({ undone }: Correction, at: string): boolean {
  return undone === undefined || undone.at > at;
}
