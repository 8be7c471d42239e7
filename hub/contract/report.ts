import { z } from 'zod';
import { alert, trajectoryEntry } from './api.ts';
import { correction } from './correction.ts';
import { instant, sha256, uuid } from './ids.ts';
import { policy } from './policy.ts';
import { evidence, sighting } from './sighting.ts';

/** Whether the bytes that the hub keeps are those that the sighting names. */
const pictureState = z.enum(['intact', 'changed', 'missing']);
export type PictureState = z.infer<typeof pictureState>;

/** The rules of a policy, by their field. */
const ruleName = z.enum(['mask', 'firstTime', 'outOfProvince', 'watchedProvinces']);
export type RuleName = z.infer<typeof ruleName>;

/** Everything that a printed report of one alert says, as the hub vouches for it at one instant. */
export const incidentReport = z.strictObject({
  alert,
  sighting: trajectoryEntry.optional().describe('absent when it has passed its retention'),
  sightingSha256: sha256
    .optional()
    .describe('of the sighting as the box told it, as canonical JSON (RFC 8785)'),
  original: sighting.optional().describe('as the box told it; absent when nothing was corrected'),
  corrections: z.array(correction).optional().describe('what people said since, oldest first'),
  pictures: z.array(
    z.strictObject({
      evidence,
      state: pictureState,
      foundSha256: sha256.optional().describe('of the bytes on the hub; absent when they are missing'),
    }),
  ),
  policyVersion: z.number().int().nonnegative().optional().describe('in force at the box when it decided'),
  rules: z
    .array(
      z.strictObject({
        name: ruleName,
        ...policy.shape.mask.unwrap().pick({ reason: true, owner: true, startsAt: true, endsAt: true }).shape,
      }),
    )
    .describe('those of that version that the flags come from'),
  printedBy: z.strictObject({ id: uuid, displayName: z.string() }),
  printedAt: instant,
});
export type IncidentReport = z.infer<typeof incidentReport>;
