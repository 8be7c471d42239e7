import { z } from 'zod';
import { plateClass } from '../../hub/contract/sighting.ts';

/** `[x, y, width, height]` in pixels of the footage, clipped to the frame. */
const seenBox = z.tuple([z.number(), z.number(), z.number(), z.number()]);

const moment = z.strictObject({
  at: z.number().nonnegative().describe('seconds from the start of the video'),
  box: seenBox.describe('what is seen of the whole subject'),
  face: seenBox.optional().describe('the face, when at least half of it is in the picture'),
  plate: seenBox.optional().describe('the plate, when all of it is in the picture'),
});

const passage = z.strictObject({
  id: z.string().describe('this passage; rises with time'),
  from: z.number().nonnegative().describe('seconds: first frame in which anything of the subject is seen'),
  to: z.number().positive().describe('seconds: last such frame'),
  direction: z.enum(['entry', 'exit']),
  light: z.enum(['day', 'dusk']),
  moments: z.array(moment).min(1).describe('the first frame of every half second while the subject is seen'),
});

const personPassage = passage.extend({
  kind: z.literal('person'),
  person: z.string().describe('the same person has the same name in every passage'),
  masked: z.boolean(),
  hand: z
    .strictObject({
      from: z.number(),
      to: z.number(),
      pullsMaskAt: z.number().optional().describe('for less than half a second off the nose'),
    })
    .optional()
    .describe(
      'seconds from the start of the video between which a hand is before the mouth; may reach beyond it',
    ),
});

const vehiclePassage = passage.extend({
  kind: z.literal('vehicle'),
  vehicleType: z.enum(['car', 'truck', 'bus']),
  plate: z.strictObject({
    text: z.string(),
    class: plateClass,
    province: z.string().length(1),
    rows: z.union([z.literal(1), z.literal(2)]),
  }),
});

/** What really happens in the sample footage. Nothing but tests may read it. */
export const sampleTruth = z.strictObject({
  schema: z.literal(1),
  recipe: z.string().describe('hash of everything the footage is made from; another recipe is rendered anew'),
  seed: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  framesPerSecond: z.number().positive(),
  seconds: z.number().positive(),
  passages: z.array(z.discriminatedUnion('kind', [personPassage, vehiclePassage])),
});
export type SampleTruth = z.infer<typeof sampleTruth>;
export type TruePassage = SampleTruth['passages'][number];
export type TrueMoment = z.infer<typeof moment>;
