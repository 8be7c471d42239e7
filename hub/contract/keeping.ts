import { z } from 'zod';
import { instant, name, uuid } from './ids.ts';

const days = z.number().int().min(1).max(3653);

/** Three years, one of which may be a leap year: what the rules ask of records of processing (PIPL art. 56). */
const auditDaysAtLeast = 1096;

/** How long each kind of thing is kept, days since the hub received it, and how much of the disk the pictures may take. */
export const retentionSettings = z.strictObject({
  evidenceDays: days.describe('pictures'),
  personDays: days.describe(
    'a person’s pseudonymous id on sightings and alerts: afterwards nobody can be followed',
  ),
  sightingDays: days.describe('sightings, with the plates of vehicles, and what could not be read'),
  alertDays: days.describe('alerts and what was done about them'),
  auditDays: z
    .number()
    .int()
    .min(auditDaysAtLeast)
    .max(3653)
    .describe('the audit trail; records of processing are kept for three years at least'),
  evidenceMaxBytes: z
    .number()
    .int()
    .min(1e6)
    .max(100e12)
    .describe('pictures on the disk, bytes; beyond it the oldest that no hold keeps go first'),
});
export type RetentionSettings = z.infer<typeof retentionSettings>;

/** `unnamed_pictures`: no sighting ever named them. `pictures_over_bound`: the oldest, because there were too many. */
const retentionKind = z.enum([
  'pictures',
  'unnamed_pictures',
  'pictures_over_bound',
  'persons',
  'sightings',
  'alerts',
  'dead_letters',
  'audit',
]);
export type RetentionKind = z.infer<typeof retentionKind>;

/** What a run removed of one kind. */
const retentionCount = z.strictObject({
  kind: retentionKind,
  count: z.number().int().nonnegative(),
  oldest: instant.optional(),
  newest: instant.optional(),
  held: z.number().int().nonnegative().describe('would have gone, and stays because a hold keeps it'),
});
export type RetentionCount = z.infer<typeof retentionCount>;

/** One run of the job that enforces retention. */
const retentionRun = z.strictObject({
  id: z.number().int(),
  at: instant,
  tookMs: z.number().nonnegative(),
  removed: z.array(retentionCount),
});
export type RetentionRun = z.infer<typeof retentionRun>;

/** What is kept how long, what was removed, and what would be removed now. */
export const retentionReport = z.strictObject({
  version: z.number().int().nonnegative(),
  settings: retentionSettings,
  evidence: z.strictObject({
    pictures: z.number().int().nonnegative(),
    bytes: z.number().int().nonnegative().describe('sealed, as they lie on the disk'),
  }),
  due: z.array(retentionCount).describe('what a run would remove now'),
  runs: z.array(retentionRun).describe('newest first'),
});
export type RetentionReport = z.infer<typeof retentionReport>;

/** Keeps one incident from retention and erasure: an alert with its sightings and pictures, or one sighting. */
export const newLegalHold = z.strictObject({
  about: z.strictObject({ kind: z.enum(['alert', 'sighting']), id: uuid }),
  reason: z.string().trim().min(1).max(500),
  until: instant.optional().describe('ends by itself then; otherwise it is lifted by a person'),
});
export type NewLegalHold = z.infer<typeof newLegalHold>;

const holder = z.strictObject({ id: uuid, displayName: z.string() });

export const legalHold = newLegalHold.extend({
  id: uuid,
  site: name,
  placedBy: holder,
  placedAt: instant,
  ended: z
    .strictObject({
      at: instant,
      by: holder.optional().describe('absent when its time was over'),
      reason: z.string().optional(),
    })
    .optional(),
});
export type LegalHold = z.infer<typeof legalHold>;

export const liftLegalHold = z.strictObject({ reason: z.string().trim().min(1).max(500) });

export const legalHoldQuery = z.strictObject({
  about: uuid.optional().describe('an alert or a sighting'),
  ended: z.enum(['true', 'false']).optional(),
});
export type LegalHoldQuery = z.infer<typeof legalHoldQuery>;
