import { z } from 'zod';
import { instant, name, uuid } from './ids.ts';
import { flag } from './policy.ts';
import { timeOfDay, weekday } from './roster.ts';

const seconds = z.number().int().min(10).max(3600);

/** Seconds until the next stage is told, for each flag; an alert with several takes the shortest. */
const escalateAfterSeconds = z.strictObject({
  mask_not_worn: seconds.default(60),
  mask_worn_improperly: seconds.default(90),
  first_time: seconds.default(60),
  out_of_province: seconds.default(60),
  watched_province: seconds.default(30),
  province_uncertain: seconds.default(120),
});

/** Hours in which some flags ring nobody; what is seen is listed all the same. */
const quietHours = z.strictObject({
  flags: z.array(flag).min(1),
  gates: z.array(name).max(40).default([]).describe('empty: all'),
  weekdays: z.array(weekday).min(1).max(7),
  startsAt: timeOfDay,
  endsAt: timeOfDay.describe('at or before the start: the day after'),
});
export type QuietHours = z.infer<typeof quietHours>;

/** How loudly the hub rings. */
export const alertSettings = z.strictObject({
  cooldownMinutes: z
    .number()
    .int()
    .min(0)
    .max(240)
    .default(10)
    .describe('the same subject, flags and gate ring once within'),
  expireAfterMinutes: z
    .number()
    .int()
    .min(5)
    .max(720)
    .default(30)
    .describe('an alert that nobody touched is over after; what arrives later than that never rings'),
  sameMomentSeconds: z
    .number()
    .int()
    .min(0)
    .max(30)
    .default(5)
    .describe('what two cameras of a gate flag alike within this time is one alert'),
  escalateAfterSeconds: escalateAfterSeconds.prefault({}),
  storm: z
    .strictObject({
      after: z
        .number()
        .int()
        .min(3)
        .max(100)
        .default(8)
        .describe('open alerts with the same flags at a gate'),
      withinSeconds: z.number().int().min(10).max(600).default(60),
    })
    .prefault({}),
  quietHours: z.array(quietHours).max(50).default([]),
  neighbours: z
    .array(z.strictObject({ gate: name, next: z.array(name).min(1).max(20) }))
    .max(40)
    .default([])
    .describe('who helps at a gate; a gate without an entry is helped by all others'),
});
export type AlertSettings = z.infer<typeof alertSettings>;

/** What is not to ring for a while: at least one of gate, flag and subject narrows it. */
export const newSnooze = z
  .strictObject({
    gate: name.optional(),
    flag: flag.optional(),
    subject: z.string().min(1).max(60).optional().describe('a plate, or a person’s pseudonymous id'),
    until: instant,
    reason: z.string().trim().min(1).max(200),
  })
  .refine(
    ({ gate, flag, subject }) => gate !== undefined || flag !== undefined || subject !== undefined,
    'name a gate, a flag or a subject',
  );
export type NewSnooze = z.infer<typeof newSnooze>;

const actor = z.strictObject({ id: uuid, displayName: z.string(), at: instant });

export const snooze = z.strictObject({
  ...newSnooze.shape,
  id: uuid,
  by: actor,
  ended: actor.optional().describe('who ended it early'),
});
export type Snooze = z.infer<typeof snooze>;
