import { z } from 'zod';
import { instant, uuid } from './ids.ts';
import { plateClass, sighting } from './sighting.ts';

const reason = z.string().trim().min(1).max(300);

/** Characters of a plate: a province, letters, digits and the signs of special plates. */
const plateText = z
  .string()
  .regex(/^[A-Z0-9\u4e00-\u9fff]{1,12}$/, 'use the characters of the plate, capital letters, no spaces');

/** What a person says about a sighting in place of what the lens saw. */
const correctedFact = z.discriminatedUnion('of', [
  z.strictObject({ of: z.literal('plate'), text: plateText, class: plateClass }),
  z.strictObject({
    of: z.literal('mask'),
    verdict: z.enum(['worn', 'not_worn', 'worn_improperly', 'cannot_tell']),
  }),
  z.strictObject({
    of: z.literal('familiarity'),
    verdict: z.enum(['registered', 'seen_before', 'first_time', 'cannot_tell']),
  }),
  z.strictObject({ of: z.literal('direction'), direction: sighting.shape.direction }),
  z.strictObject({ of: z.literal('subject'), subject: uuid }),
]);
export type CorrectedFact = z.infer<typeof correctedFact>;

/** A subject is corrected by splitting and merging. */
export const newCorrection = z.strictObject({
  fact: correctedFact.refine(({ of }) => of !== 'subject', 'split or merge the subject instead'),
  reason,
});

const actor = z.strictObject({ id: uuid, displayName: z.string(), at: instant });

/** One correction; the sighting as the box told it stays beside it. */
export const correction = z.strictObject({
  id: uuid,
  sighting: uuid,
  fact: correctedFact,
  reason,
  by: actor,
  undone: actor.optional(),
});
export type Correction = z.infer<typeof correction>;

/** What was seen, what was said about it since, and what holds. */
export const correctedSighting = z.strictObject({
  original: sighting.describe('as the box told it'),
  current: sighting.describe('with the corrections that hold'),
  corrections: z.array(correction).describe('oldest first, those undone among them'),
});
export type CorrectedSighting = z.infer<typeof correctedSighting>;

/** Two ids are one person. */
export const newMerge = z.strictObject({ with: uuid, reason });

/** Some sightings of a person are somebody else's. */
export const newSplit = z.strictObject({ sightings: z.array(uuid).min(1).max(200), reason });
