import { z } from 'zod';
import { instant, name, sha256, uuid } from './ids.ts';
import { flag, province } from './policy.ts';

const confidence = z.number().min(0).max(1);
const votes = z.number().int().nonnegative().describe('frames that took part');

const maskVerdict = z.strictObject({
  verdict: z.enum(['worn', 'not_worn', 'worn_improperly', 'cannot_tell']),
  confidence,
  votes,
});
export type MaskVerdict = z.infer<typeof maskVerdict>;

const familiarityVerdict = z.strictObject({
  verdict: z.enum(['registered', 'seen_before', 'first_time', 'cannot_tell']),
  confidence,
  votes,
});
export type FamiliarityVerdict = z.infer<typeof familiarityVerdict>;

const provinceVerdict = z.strictObject({
  verdict: z.enum(['home', 'out_of_province', 'watched', 'not_applicable', 'uncertain']),
  code: province.optional().describe('absent when not applicable or uncertain'),
  confidence,
  votes,
});
export type ProvinceVerdict = z.infer<typeof provinceVerdict>;

/** The rows of the plate class table (GA 36-2018). */
export const plateClass = z.enum([
  'small_car',
  'large_vehicle',
  'driving_school',
  'trailer',
  'small_new_energy',
  'large_new_energy',
  'police',
  'hong_kong_macao',
  'embassy',
  'consulate',
  'military',
  'armed_police',
  'emergency',
  'civil_aviation',
  'unknown',
]);
export type PlateClass = z.infer<typeof plateClass>;

/** A plate as agreed over the track; `text` is best effort even when the province is uncertain. */
export const plate = z.strictObject({
  text: z.string().min(1).max(12),
  class: plateClass,
  confidence,
  characters: z.array(z.strictObject({ text: z.string(), confidence })).max(12),
  votes,
});
export type Plate = z.infer<typeof plate>;

/** `[x, y, width, height]` in pixels of the full-resolution frame. */
const box = z.tuple([z.number(), z.number(), z.number(), z.number()]);

/** One picture a verdict was read from; its JPEG travels on `evidence/{id}` before the sighting that names it. */
export const evidence = z.strictObject({
  id: uuid,
  sha256,
  role: z.enum(['face', 'plate', 'scene']),
  occurredAt: instant.describe('lens time of the frame'),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  box: box.optional().describe('where the crop lies in the full frame, pixels [x, y, width, height]'),
});
export type Evidence = z.infer<typeof evidence>;

const direction = z.enum(['entry', 'exit', 'unknown']);

/** What a track amounted to. Revisions share the id; a later revision may raise, correct or withdraw a flag. */
export const sighting = z.strictObject({
  schema: z.literal(1),
  id: uuid,
  revision: z.number().int().min(1),
  phase: z.enum(['opened', 'updated', 'closed']),
  site: name,
  box: name,
  gate: name,
  camera: name,
  kind: z.enum(['person', 'vehicle']),
  occurredAt: instant.describe('lens time of the first frame of the track'),
  decidedAt: instant.describe('lens time of the frame that made this revision'),
  endedAt: instant.optional().describe('lens time of the last frame; only when closed'),
  direction,
  subject: uuid
    .optional()
    .describe('pseudonymous id from the box’s gallery, for a person it could recognise'),
  vehicleType: z.enum(['car', 'truck', 'bus', 'motorcycle']).optional(),
  plate: plate.optional(),
  verdicts: z.strictObject({
    mask: maskVerdict.optional(),
    familiarity: familiarityVerdict.optional(),
    province: provinceVerdict.optional(),
  }),
  flags: z.array(flag).describe('a flag is a verdict that policy wants a person to see; empty withdraws'),
  policyVersion: z.number().int().nonnegative(),
  evidence: z.array(evidence).max(8),
});
export type Sighting = z.infer<typeof sighting>;

/** The hub's word that it has committed, or why it never will. The box deletes only what a receipt names. */
export const receipt = z.strictObject({
  schema: z.literal(1),
  sightings: z.array(z.strictObject({ id: uuid, revision: z.number().int().min(1) })).default([]),
  evidence: z.array(uuid).default([]),
  refused: z
    .array(
      z.strictObject({
        kind: z.enum(['sighting', 'evidence']),
        id: z.string(),
        revision: z.number().int().optional(),
        code: z.string().describe('the hub’s error code; the box keeps what was refused and shows it'),
      }),
    )
    .default([]),
});
export type Receipt = z.infer<typeof receipt>;
