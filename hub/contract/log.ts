import { z } from 'zod';
import { visitTimes } from './api.ts';
import { instant, name } from './ids.ts';
import { evidence, plate } from './sighting.ts';

const kind = z.enum(['person', 'vehicle']);
const limit = z.coerce.number().int().min(1).max(200).default(50);
const cursor = z.string().max(200);

/** How a subject looked in one of its sightings, as far as the reader may see it. */
const likeness = z.strictObject({
  plate: plate.optional(),
  evidence: z.array(evidence).describe('empty where none was kept'),
});
export type Likeness = z.infer<typeof likeness>;

/** Which visits: by gate of entry or exit, begun from (inclusive) and to (exclusive). */
export const visitQuery = z.strictObject({
  state: z
    .enum(['open', 'closed', 'overstayed'])
    .optional()
    .describe('open: in and not out yet; closed: over; overstayed: open for longer than `hours`'),
  hours: z.coerce
    .number()
    .positive()
    .max(10_000)
    .default(24)
    .describe('after which an open visit is too long'),
  gate: name.optional(),
  kind: kind.optional(),
  from: instant.optional(),
  to: instant.optional(),
  cursor: cursor.optional(),
  limit,
});
export type VisitQuery = z.infer<typeof visitQuery>;

const visit = visitTimes.extend({
  ...likeness.shape,
  subject: z.string(),
  kind,
  isOver: z.boolean().describe('true without an exit: it came in again, so it must have left unseen'),
});
export type Visit = z.infer<typeof visit>;

/** Newest first. */
export const visitPage = z.strictObject({ items: z.array(visit), nextCursor: z.string().optional() });
export type VisitPage = z.infer<typeof visitPage>;

/** Who is in now, counted: begun from (inclusive). */
export const insideQuery = z.strictObject({
  hours: visitQuery.shape.hours,
  from: instant.optional(),
});
export type InsideQuery = z.infer<typeof insideQuery>;

const insideCount = z.strictObject({
  open: z.number().int().nonnegative(),
  overstayed: z.number().int().nonnegative().describe('of these, for longer than `hours`'),
});

/** By gate of entry; gates through which nobody who is in came are left out. */
export const insideCounts = z.strictObject({
  items: z.array(z.strictObject({ gate: name, person: insideCount, vehicle: insideCount })),
});
export type InsideCounts = z.infer<typeof insideCounts>;

/** `?` stands for one unknown character, `*` for any number of them. */
export const plateQuery = z.strictObject({
  pattern: z.string().min(1).max(24),
  similar: z.stringbool().default(false).describe('true: characters that look alike count as one'),
  limit,
});
export type PlateQuery = z.infer<typeof plateQuery>;

/** The plates that fit, last seen first. */
export const plateList = z.strictObject({
  items: z.array(
    z.strictObject({
      plate: z.string(),
      firstSeenAt: instant,
      lastSeenAt: instant,
      sightings: z.number().int().positive(),
    }),
  ),
  more: z.boolean().describe('there are more than were asked for'),
});
export type PlateList = z.infer<typeof plateList>;

/** Hours that begin from (inclusive) and to (exclusive). */
export const flowQuery = z.strictObject({
  from: instant,
  to: instant,
  by: z.enum(['hour', 'day']).default('hour'),
  utcOffsetHours: z.coerce
    .number()
    .int()
    .min(-12)
    .max(14)
    .default(0)
    .describe('of the clock whose days are meant'),
  gate: name.optional(),
});
export type FlowQuery = z.infer<typeof flowQuery>;

const flowCount = z.strictObject({
  entry: z.number().int().nonnegative(),
  exit: z.number().int().nonnegative(),
  unknown: z.number().int().nonnegative(),
  flagged: z.number().int().nonnegative().describe('of all directions'),
});
export type FlowCount = z.infer<typeof flowCount>;

const flowRow = z.strictObject({
  from: instant.describe('when the hour, or the local day, begins'),
  gate: name,
  person: flowCount,
  vehicle: flowCount,
});
export type FlowRow = z.infer<typeof flowRow>;

/** In time; hours without anyone are left out. */
export const flowList = z.strictObject({ items: z.array(flowRow) });
export type FlowList = z.infer<typeof flowList>;

/** A window of at most seven days. */
export const presenceQuery = z.strictObject({
  from: instant,
  to: instant,
  gate: name.optional(),
  kind: kind.optional(),
  cursor: z.string().max(60).optional(),
  limit,
});
export type PresenceQuery = z.infer<typeof presenceQuery>;

/** Who and what was there, by name: seen in the window, or in on a visit that had not ended. */
export const presencePage = z.strictObject({
  items: z.array(
    likeness.extend({
      subject: z.string(),
      kind,
      sightings: z.number().int().nonnegative().describe('in the window'),
      firstSeenAt: instant.optional().describe('in the window'),
      lastSeenAt: instant.optional().describe('in the window'),
      insideSince: instant.optional().describe('entry of the visit that the window falls into'),
    }),
  ),
  unknown: z
    .strictObject({ person: z.number().int(), vehicle: z.number().int() })
    .describe('sightings of nobody who could be told from others'),
  nextCursor: z.string().optional(),
});
export type PresencePage = z.infer<typeof presencePage>;

/** Who and what passes the same gate at about the same time. */
export const companionQuery = z.strictObject({
  from: instant.optional(),
  to: instant.optional(),
  seconds: z.coerce.number().int().min(1).max(600).default(60).describe('at most between the two'),
  limit,
});
export type CompanionQuery = z.infer<typeof companionQuery>;

/** Most often first. */
export const companionList = z.strictObject({
  sightings: z.number().int().nonnegative().describe('of the subject that were looked at, newest first'),
  items: z.array(
    likeness.extend({
      subject: z.string(),
      kind,
      times: z.number().int().positive().describe('sightings of the subject that it was beside'),
      lastAt: instant,
    }),
  ),
});
export type CompanionList = z.infer<typeof companionList>;
