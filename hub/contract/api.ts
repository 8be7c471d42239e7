import { z } from 'zod';
import { instant, name, sha256, uuid } from './ids.ts';
import { flag, policy } from './policy.ts';
import { dutyGap } from './roster.ts';
import { evidence, plate, sighting } from './sighting.ts';
import { boxStatus, telemetry } from './status.ts';

/** Roles from least to most; each may do what those before it may, except that installers see no people. */
export const role = z.enum(['guard', 'manager', 'installer', 'admin']);
export type Role = z.infer<typeof role>;

/** Every refusal of the API has this body; `code` is from the hub's catalogue, `remedy` says what to do. */
export const apiError = z.strictObject({
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type ApiError = z.infer<typeof apiError>;

export const logIn = z.strictObject({
  username: z.string().min(1).max(60),
  password: z.string().min(1).max(200),
});

export const person = z.strictObject({
  id: uuid,
  username: z.string(),
  displayName: z.string(),
  role,
  createdAt: instant,
  disabledAt: instant.optional(),
});
export type Person = z.infer<typeof person>;

export const newPerson = z.strictObject({
  username: z.string().regex(/^[a-z0-9][a-z0-9._-]{1,39}$/),
  displayName: z.string().min(1).max(60),
  role,
  password: z.string().min(10).max(200),
});

/** What an admin changes about a person: disabling also ends the person's sessions. */
export const personChange = z.strictObject({ disabled: z.boolean() });

export const duty = z.strictObject({
  person: uuid,
  displayName: z.string(),
  gate: name,
  since: instant,
});
export type Duty = z.infer<typeof duty>;

/** Who is logged in, what they may see, and where they are on duty. */
export const session = z.strictObject({
  person,
  site: name,
  duty: duty.optional(),
  gates: z.array(name).describe('gates known on this site'),
  expiresAt: instant,
});
export type Session = z.infer<typeof session>;

export const clockIn = z.strictObject({ gate: name });

const disposition = z.enum([
  'let_in',
  'mask_handed_out',
  'registered',
  'turned_away',
  'false_alarm',
  'other',
]);
export type Disposition = z.infer<typeof disposition>;

const actor = z.strictObject({ id: uuid, displayName: z.string(), at: instant });

/** How far an alert has come: each stage is told when the one before it did not answer. */
export const alertStage = z.enum(['on_duty', 'next_gate', 'shift_leader', 'manager']);
export type AlertStage = z.infer<typeof alertStage>;

/** One stage that was told. */
const alertStep = z.strictObject({
  stage: alertStage,
  at: instant,
  why: z.enum(['opened', 'unanswered', 'nobody_on_duty']),
  people: z.array(z.strictObject({ id: uuid, displayName: z.string() })),
});
export type AlertStep = z.infer<typeof alertStep>;

/** open → acknowledged → resolved, or expired; withdrawn when the box took back the flag before anyone acted. */
const alertState = z.enum(['open', 'acknowledged', 'resolved', 'expired', 'withdrawn']);

export const alert = z.strictObject({
  id: uuid,
  state: alertState,
  sighting: uuid,
  site: name,
  gate: name,
  camera: name,
  kind: z.enum(['person', 'vehicle']),
  flags: z.array(flag),
  /** What the subject is called in the log: the plate, or a pseudonymous id. */
  subject: z.string().optional(),
  plate: plate.optional(),
  verdicts: sighting.shape.verdicts,
  direction: sighting.shape.direction,
  evidence: z.array(evidence),
  occurredAt: instant,
  decidedAt: instant,
  openedAt: instant.describe('when the hub committed the sighting that raised it'),
  updatedAt: instant,
  acknowledged: actor.optional(),
  resolved: actor.extend({ disposition, note: z.string().optional() }).optional(),
  withdrawnReason: z.string().optional(),
  audience: z.enum(['on_duty', 'managers']).describe('managers when nobody was on duty at the gate'),
  repeats: z.number().int().nonnegative().describe('sightings folded in by the cooldown'),
  cameras: z
    .array(name)
    .default([])
    .describe('other cameras of the gate that saw the same at the same moment'),
  steps: z.array(alertStep).default([]).describe('who was told, in this order'),
  nextStepAt: instant.optional().describe('when the next stage is told unless somebody answers'),
  storm: z
    .strictObject({ count: z.number().int().positive(), lastAt: instant })
    .optional()
    .describe('so many came at once at this gate that this one stands for `count` sightings'),
  quiet: z
    .strictObject({
      why: z.enum(['snooze', 'quiet_hours']),
      until: instant.optional(),
      reason: z.string().optional(),
    })
    .optional()
    .describe('listed, but rings nobody and escalates to nobody'),
});
export type Alert = z.infer<typeof alert>;

export const resolveAlert = z.strictObject({ disposition, note: z.string().max(500).optional() });

/** A row of the trajectory log. */
export const trajectoryEntry = sighting.extend({ receivedAt: instant, alert: uuid.optional() });
export type TrajectoryEntry = z.infer<typeof trajectoryEntry>;

/** `?` in `plate` stands for one unknown character, a trailing `*` for any rest. */
export const sightingQuery = z.strictObject({
  subject: z.string().max(60).optional().describe('a person’s pseudonymous id or a plate'),
  plate: z.string().max(12).optional().describe('exact, prefix with *, or ? for one unknown character'),
  gate: name.optional(),
  camera: name.optional(),
  kind: z.enum(['person', 'vehicle']).optional(),
  flag: flag.optional(),
  from: instant.optional(),
  to: instant.optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type SightingQuery = z.infer<typeof sightingQuery>;

export const sightingPage = z.strictObject({
  items: z.array(trajectoryEntry),
  nextCursor: z.string().optional(),
});
export type SightingPage = z.infer<typeof sightingPage>;

export const alertQuery = z.strictObject({
  state: alertState.optional(),
  gate: name.optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type AlertQuery = z.infer<typeof alertQuery>;

export const alertPage = z.strictObject({ items: z.array(alert), nextCursor: z.string().optional() });
export type AlertPage = z.infer<typeof alertPage>;

/** A subject's sightings in time across cameras. */
export const trajectory = z.strictObject({
  subject: z.string(),
  kind: z.enum(['person', 'vehicle']),
  firstSeenAt: instant,
  lastSeenAt: instant,
  visits: z.array(z.strictObject({ entry: instant.optional(), exit: instant.optional() })),
  items: z.array(trajectoryEntry),
  nextCursor: z.string().optional(),
});
export type Trajectory = z.infer<typeof trajectory>;

/** Why a person is to be forgotten: their wish, a mistake, the end of a campaign. */
export const newErasure = z.strictObject({ reason: z.string().min(1).max(500) });

const erasure = z.strictObject({
  id: uuid,
  subject: uuid.describe('as it was asked for'),
  subjects: z.array(uuid).describe('every name the person had'),
  reason: z.string(),
  askedBy: z.strictObject({ id: uuid, displayName: z.string() }),
  askedAt: instant,
  boxes: z.array(
    z.strictObject({
      box: name,
      confirmedAt: instant.optional().describe('by the clock of the box; absent while it has not'),
      templates: z.number().int().nonnegative().optional().describe('how many it had and erased'),
    }),
  ),
});
export type Erasure = z.infer<typeof erasure>;

/** What was erased, when, and which boxes have confirmed it. */
export const erasureCertificate = erasure.extend({
  covers: z.literal('face_templates'),
  isComplete: z.boolean().describe('every box that the site had then has confirmed'),
  sha256: sha256.describe('of everything else in the certificate, as JSON in this order'),
});
export type ErasureCertificate = z.infer<typeof erasureCertificate>;

const deadLetter = z.strictObject({
  id: z.number().int(),
  receivedAt: instant,
  topic: z.string(),
  code: z.string(),
  reason: z.string(),
  bytes: z.number().int(),
});
export type DeadLetter = z.infer<typeof deadLetter>;
export const deadLetterPage = z.strictObject({
  items: z.array(deadLetter),
  nextCursor: z.string().optional(),
});
export type DeadLetterPage = z.infer<typeof deadLetterPage>;

export const boxHealth = z.strictObject({
  site: name,
  box: name,
  status: boxStatus.optional(),
  telemetry: telemetry.optional(),
  telemetryReceivedAt: instant.optional(),
  clockSkewSeconds: z.number().optional().describe('box clock minus hub clock; beyond ±5 s the page warns'),
});
export type BoxHealth = z.infer<typeof boxHealth>;

/** All that is said to anyone who has not logged in. */
export const publicHealth = z.strictObject({ ok: z.boolean() });

export const siteHealth = z.strictObject({
  at: instant,
  hub: z.strictObject({
    version: z.string(),
    uptimeSeconds: z.number(),
    broker: z.enum(['embedded', 'external']),
    brokerConnected: z.boolean(),
    databaseBytes: z.number(),
    diskFreeBytes: z.number(),
    counters: z.record(z.string(), z.number()),
    lensToCommitMs: z.strictObject({ p50: z.number(), p95: z.number(), count: z.number() }),
  }),
  boxes: z.array(boxHealth),
  deadLetters: z.number().int(),
});
export type SiteHealth = z.infer<typeof siteHealth>;

/** What the audit trail keeps: who looked at people, changed rules or dealt with alerts. */
const auditAction = z.enum([
  'logged_in',
  'log_in_failed',
  'logged_out',
  'person_added',
  'person_disabled',
  'person_enabled',
  'clocked_in',
  'clocked_out',
  'alert_acknowledged',
  'alert_resolved',
  'trajectory_viewed',
  'sightings_searched',
  'policy_changed',
  'subject_forgotten',
  'roster_changed',
  'swap_asked',
  'swap_answered',
  'gap_acknowledged',
  'alerts_snoozed',
  'snooze_ended',
  'settings_changed',
  'exported',
]);
export type AuditAction = z.infer<typeof auditAction>;

export const auditEntry = z.strictObject({
  id: z.number().int().positive(),
  at: instant,
  action: auditAction,
  actor: z
    .strictObject({ id: uuid, displayName: z.string() })
    .optional()
    .describe('absent when the hub acted by itself, or a log-in failed for a username that nobody has'),
  target: z.string().optional().describe('what it was done to: an alert, a person, a subject, a gate'),
  address: z.string().describe('network address of the client'),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type AuditEntry = z.infer<typeof auditEntry>;

export const auditQuery = z.strictObject({
  actor: uuid.optional(),
  action: auditAction.optional(),
  target: z.string().max(60).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type AuditQuery = z.infer<typeof auditQuery>;

/** Newest first. */
export const auditPage = z.strictObject({
  items: z.array(auditEntry),
  nextCursor: z.string().optional(),
});
export type AuditPage = z.infer<typeof auditPage>;

/** Policy as a manager edits it: the hub sets site and version. */
export const policyEdit = policy.omit({ schema: true, site: true, version: true });

/**
 * One event of the live stream (`GET /api/v1/stream`, server-sent events). `id` rises; a client that comes back with
 * `Last-Event-ID` gets everything after it, or `reset` when that is no longer kept and it must load afresh.
 */
export const streamEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('alert'), alert }),
  z.strictObject({ type: z.literal('sighting'), sighting: trajectoryEntry }),
  z.strictObject({ type: z.literal('box'), box: boxHealth }),
  z.strictObject({ type: z.literal('duty'), duty: z.array(duty) }),
  z.strictObject({ type: z.literal('gap'), gap: dutyGap }),
  z.strictObject({ type: z.literal('reset') }),
]);
export type StreamEvent = z.infer<typeof streamEvent>;
