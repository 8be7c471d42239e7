import { z } from 'zod';
import { instant, name, uuid } from './ids.ts';

/** What somebody does on a shift: stands at gates, leads those who do, or answers when nobody else does. */
const shiftRole = z.enum(['guard', 'leader', 'on_call']);

/** A day at the site, e.g. `2026-10-01`. */
const day = z.iso.date();

/** A time of day at the site, e.g. `22:00`. */
export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write it like 22:00');

/** ISO 8601: 1 is Monday, 7 is Sunday. */
export const weekday = z.number().int().min(1).max(7);

const gates = z.array(name).max(40).describe('empty: the whole site, for leaders and those on call');

/** Hours of a day; ending at or before the start means the day after. */
const hours = { startsAt: timeOfDay, endsAt: timeOfDay };

/** Who, where and when, every week. */
export const shiftPattern = z.strictObject({
  person: uuid,
  role: shiftRole,
  gates,
  weekdays: z.array(weekday).min(1).max(7),
  ...hours,
  firstDay: day,
  lastDay: day.optional().describe('volunteers and temporary staff have one'),
  onHolidays: z.enum(['as_usual', 'off', 'only']).default('as_usual'),
});
export type ShiftPattern = z.infer<typeof shiftPattern>;

/** One shift outside of any pattern. */
export const singleShift = z.strictObject({
  person: uuid,
  role: shiftRole,
  gates,
  from: instant,
  until: instant,
});
export type SingleShift = z.infer<typeof singleShift>;

/** What becomes of one planned shift: another person takes it, or nobody does. */
export const shiftChange = z.strictObject({
  shift: z.string().max(60).describe('the key of the planned shift'),
  person: uuid.optional().describe('who takes it; absent when it falls away'),
  reason: z.string().trim().min(1).max(200),
});
export type ShiftChange = z.infer<typeof shiftChange>;

export const holiday = z.strictObject({ day, name: z.string().trim().min(1).max(60) });
export type Holiday = z.infer<typeof holiday>;

/** A guard asks another to take a shift. */
export const newSwap = z.strictObject({
  shift: z.string().max(60).describe('the key of the planned shift'),
  to: uuid,
  reason: z.string().trim().min(1).max(200),
});

export const swap = newSwap.extend({
  id: uuid,
  from: uuid,
  askedAt: instant,
  state: z.enum(['asked', 'accepted', 'declined', 'withdrawn']),
  answeredAt: instant.optional(),
});
export type Swap = z.infer<typeof swap>;

/** One shift as it stands after patterns, holidays, changes and swaps. */
const plannedShift = z.strictObject({
  key: z.string().describe('names this shift in changes and swaps'),
  person: uuid,
  displayName: z.string(),
  role: shiftRole,
  gates: z.array(name),
  from: instant,
  until: instant,
  pattern: uuid.optional().describe('absent for a single shift'),
  insteadOf: z.string().optional().describe('who had it before'),
});
export type PlannedShift = z.infer<typeof plannedShift>;

/** Hours of a gate that nobody is planned for. */
const plannedGap = z.strictObject({ gate: name, from: instant, until: instant });
export type PlannedGap = z.infer<typeof plannedGap>;

/** A gate at which nobody is on duty although somebody should be; it is told to the leader and the managers. */
export const dutyGap = z.strictObject({
  id: uuid,
  gate: name,
  from: instant,
  until: instant.optional().describe('absent while it lasts'),
  why: z.enum(['nobody_planned', 'late']),
  late: z.array(z.string()).describe('names of those who should have clocked in'),
  acknowledged: z.strictObject({ id: uuid, displayName: z.string(), at: instant }).optional(),
});
export type DutyGap = z.infer<typeof dutyGap>;

const withId = { id: uuid };
const listedPattern = shiftPattern.extend(withId);
const listedHoliday = holiday.extend(withId);
export type ListedPattern = z.infer<typeof listedPattern>;
export type ListedHoliday = z.infer<typeof listedHoliday>;

/** What a week looks like, and what it is made of. */
export const rosterView = z.strictObject({
  from: instant,
  until: instant,
  shifts: z.array(plannedShift),
  gaps: z.array(plannedGap),
  patterns: z.array(listedPattern),
  holidays: z.array(listedHoliday),
  swaps: z.array(swap).describe('those not answered yet'),
});
export type RosterView = z.infer<typeof rosterView>;

export const rosterQuery = z.strictObject({ from: instant, until: instant });

/** When a gate must be staffed; a gate without any is staffed around the clock once somebody is planned for it. */
const staffedHours = z.strictObject({ gate: name, weekdays: z.array(weekday).min(1).max(7), ...hours });

/** How duty is counted at this site. */
export const rosterSettings = z.strictObject({
  timeZone: z
    .string()
    .refine(isTimeZone, 'is not a time zone of the IANA list, e.g. Asia/Shanghai')
    .describe('in which days and hours of the roster are meant'),
  clockInRequired: z.boolean().default(true).describe('off: whoever is planned is on duty'),
  graceMinutes: z
    .number()
    .int()
    .min(0)
    .max(120)
    .default(10)
    .describe('somebody planned counts as on duty this long without having clocked in'),
  forgottenHours: z
    .number()
    .int()
    .min(4)
    .max(48)
    .default(16)
    .describe('a duty without clock-out counts no longer than this'),
  staffed: z.array(staffedHours).max(100).default([]),
});
export type RosterSettings = z.infer<typeof rosterSettings>;

/** What one guard leaves for the next. */
export const handOver = z.strictObject({
  id: uuid,
  gate: name,
  at: instant,
  by: z.strictObject({ id: uuid, displayName: z.string() }),
  text: z.string(),
  openAlerts: z.array(uuid).describe('waiting or taken and not dealt with at that time'),
});
export type HandOver = z.infer<typeof handOver>;

/** Whether the machine knows this time zone: a name of the IANA list or an offset such as `+08:00`. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
