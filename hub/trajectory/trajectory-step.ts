import type { TrajectoryEntry, TrajectoryStep } from '../contract/api.ts';

/** A sighting as a step on a subject's way. */
export function toStep(entry: TrajectoryEntry): TrajectoryStep {
  const { occurredAt, endedAt, kind, plate, verdicts } = entry;
  const confidence = kind === 'vehicle' ? plate?.confidence : verdicts.familiarity?.confidence;
  return {
    ...entry,
    ...(endedAt === undefined
      ? {}
      : { dwellSeconds: Math.max(0, (Date.parse(endedAt) - Date.parse(occurredAt)) / 1000) }),
    ...(confidence === undefined ? {} : { linkConfidence: confidence }),
  };
}
