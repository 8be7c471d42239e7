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
  code: z
    .string()
    .min(6)
    .max(40)
    .optional()
    .describe('of the second factor, six digits, or a recovery code; asked for with SECOND_FACTOR_NEEDED'),
});

/** The gates that a person has to do with; at least one. */
const gates = z.array(name).min(1).max(200);

export const person = z.strictObject({
  id: uuid,
  username: z.string(),
  displayName: z.string(),
  role,
  createdAt: instant,
  disabledAt: instant.optional(),
  gates: gates.optional().describe('sees and changes these alone; absent for the whole site'),
  endsAt: instant.optional().describe('from then on the account is closed: volunteers, temporary staff'),
  secondFactorSince: instant.optional(),
  mustChangePassword: z.literal(true).optional().describe('the password was given by someone else'),
});
export type Person = z.infer<typeof person>;

/** A new password; what is too easily guessed is refused with PASSWORD_TOO_WEAK. */
const password = z.string().min(10).max(200);

export const newPerson = z.strictObject({
  username: z.string().regex(/^[a-z0-9][a-z0-9._-]{1,39}$/),
  displayName: z.string().min(1).max(60),
  role,
  password: password.describe('for the first log-in through the dashboard, which asks for another'),
  gates: gates.optional(),
  endsAt: instant.optional(),
});
export type NewPerson = z.infer<typeof newPerson>;

/** What an admin changes about a person: disabling also ends the person's sessions. */
export const personChange = z
  .strictObject({
    disabled: z.boolean().optional(),
    displayName: z.string().min(1).max(60).optional(),
    role: role.optional(),
    gates: gates.nullable().optional().describe('null for the whole site'),
    endsAt: instant.nullable().optional().describe('null for an account without an end'),
  })
  .refine((change) => Object.keys(change).length > 0, 'names nothing to change');
export type PersonChange = z.infer<typeof personChange>;

/** A password that holds until its person has logged in with it and chosen another; told once. */
export const oneTimePassword = z.strictObject({ password: z.string() });

export const passwordChange = z.strictObject({ current: z.string().min(1).max(200), next: password });

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
  gates: z.array(name).describe('gates known on this site that the person may see'),
  expiresAt: instant,
  needs: z
    .enum(['new_password', 'second_factor'])
    .optional()
    .describe('until that is done nothing else is answered'),
  device: z
    .strictObject({ id: uuid, name: z.string(), gate: name })
    .optional()
    .describe('the paired tablet that the person is at'),
});
export type Session = z.infer<typeof session>;
export type SessionNeed = NonNullable<Session['needs']>;

/** One of the places where a person is logged in. */
export const ownSession = z.strictObject({
  id: sha256.describe('names the session, cannot be used as one'),
  isThis: z.boolean(),
  createdAt: instant,
  lastSeenAt: instant,
  expiresAt: instant,
  address: z.string().optional(),
  browser: z.string().optional().describe('browser and system, as far as they told'),
  device: z.string().optional().describe('name of the paired tablet'),
});
export type OwnSession = z.infer<typeof ownSession>;

/** A second factor that waits for its first code: for an authenticator app (RFC 6238). */
export const newSecondFactor = z.strictObject({
  secret: z.string().describe('base32, to be typed in'),
  uri: z.string().describe('otpauth://, to be shown as a QR code'),
});
export type NewSecondFactor = z.infer<typeof newSecondFactor>;

const code = z.string().min(6).max(40);
export const secondFactorCode = z.strictObject({ code });
export const secondFactorRemoval = z.strictObject({ password: z.string().min(1).max(200), code });

/** Each opens the account once when the authenticator is not at hand; told once. */
export const recoveryCodes = z.strictObject({ recoveryCodes: z.array(z.string()) });
export type RecoveryCodes = z.infer<typeof recoveryCodes>;

/** A tablet that belongs to a gate. */
const device = z.strictObject({
  id: uuid,
  name: z.string(),
  gate: name,
  pairedBy: z.string().describe('display name'),
  pairedAt: instant,
  lastSeenAt: instant,
});
export type Device = z.infer<typeof device>;

export const devices = z.strictObject({
  items: z.array(device),
  guardsOnlyOnPairedTablets: z.boolean(),
});
export type Devices = z.infer<typeof devices>;

export const deviceRules = z.strictObject({
  guardsOnlyOnPairedTablets: z.boolean().describe('guards log in nowhere else'),
});

export const newPairing = z.strictObject({ gate: name, name: z.string().trim().min(1).max(60) });

/** What is typed on the tablet, once, within ten minutes. */
export const pairing = z.strictObject({ code: z.string(), gate: name, name: z.string(), expiresAt: instant });
export type Pairing = z.infer<typeof pairing>;

export const pairingCode = z.strictObject({ code: z.string().trim().min(8).max(12) });

/** What the log-in page knows of the tablet that it is on. */
export const thisDevice = z.strictObject({
  device: device.pick({ id: true, name: true, gate: true }).optional(),
});
export type ThisDevice = z.infer<typeof thisDevice>;

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

const correctedFacts = z
  .array(z.enum(['plate', 'mask', 'familiarity', 'direction', 'subject']))
  .describe('what a person said in place of the lens');

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
  corrected: correctedFacts.optional(),
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
export const trajectoryEntry = sighting.extend({
  receivedAt: instant,
  alert: uuid.optional(),
  corrected: correctedFacts.optional(),
});
export type TrajectoryEntry = z.infer<typeof trajectoryEntry>;

/** `?` in `plate` stands for one unknown character, `*` for any number of them. */
export const sightingQuery = z.strictObject({
  subject: z.string().max(60).optional().describe('a person’s pseudonymous id or a plate'),
  plate: z
    .string()
    .max(24)
    .optional()
    .describe('? for one unknown character, * for any number of them, anywhere'),
  similar: z
    .stringbool()
    .optional()
    .describe('true: characters of the plate that look alike (0 O D Q, 8 B, 1 I L, …) count as one'),
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

/** A sighting as a step on a subject's way: how long it stayed in sight, and how sure it is that it was this subject. */
const trajectoryStep = trajectoryEntry.extend({
  dwellSeconds: z.number().nonnegative().optional().describe('absent while it is in sight'),
  linkConfidence: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('of the plate, or of the comparison of faces; absent when the box did not say'),
});
export type TrajectoryStep = z.infer<typeof trajectoryStep>;

/** Passing in and out; one side is missing when no lens saw it, or when it has not happened yet. */
export const visitTimes = z.strictObject({
  entry: instant.optional(),
  entryGate: name.optional(),
  exit: instant.optional(),
  exitGate: name.optional(),
});

/** `from` and `to` bound visits and sightings, not when the subject was first and last seen. */
export const trajectoryQuery = sightingQuery.pick({ from: true, to: true, cursor: true, limit: true });
export type TrajectoryQuery = z.infer<typeof trajectoryQuery>;

/** A subject's sightings in time across cameras. */
export const trajectory = z.strictObject({
  subject: z.string(),
  subjects: z.array(z.string()).describe('every name by which boxes know this subject'),
  kind: z.enum(['person', 'vehicle']),
  firstSeenAt: instant,
  lastSeenAt: instant,
  visits: z.array(visitTimes).describe('newest first, at most 500'),
  items: z.array(trajectoryStep),
  nextCursor: z.string().optional(),
});
export type Trajectory = z.infer<typeof trajectory>;

/** Why someone is to be forgotten: their wish, a mistake, the end of a campaign. */
export const newErasure = z.strictObject({ reason: z.string().min(1).max(500) });

const count = z.number().int().nonnegative();

/** What a hold keeps of somebody who is to be forgotten; erased once the hold has ended. */
const heldFromErasure = z.strictObject({ sightings: count, alerts: count, pictures: count });
export type HeldFromErasure = z.infer<typeof heldFromErasure>;

const erasure = z.strictObject({
  id: uuid,
  subject: z
    .string()
    .describe('as it was asked for: a person’s pseudonymous id, or a plate as a keyed digest (`plate:…`)'),
  subjects: z.array(z.string()).describe('every name the subject had'),
  reason: z.string(),
  askedBy: z.strictObject({ id: uuid, displayName: z.string() }),
  askedAt: instant,
  until: instant.describe('what was seen up to this instant is forgotten; later when it was asked for again'),
  boxes: z
    .array(
      z.strictObject({
        box: name,
        confirmedAt: instant.optional().describe('by the clock of the box; absent while it has not'),
        templates: count.optional().describe('how many it had and erased'),
      }),
    )
    .describe('of persons; boxes know no vehicles'),
  carriedOutAt: instant.optional().describe('when the hub last went through all it keeps'),
  removed: z.array(
    z.strictObject({
      kind: z.string(),
      count,
      digests: z
        .array(sha256)
        .describe(
          'HMAC-SHA-256 of the ids of each batch, sorted, by line; plain hashes would still lead to the rows',
        ),
    }),
  ),
  pictures: z.array(sha256).describe('of each picture that was taken off the disk'),
  held: heldFromErasure.optional(),
});
export type Erasure = z.infer<typeof erasure>;

/** What was erased, when, which boxes have confirmed it, and what stays. Signed, so that it proves itself. */
export const erasureCertificate = erasure.extend({
  version: z.literal(2),
  covers: z.array(z.string()).describe('what was gone through'),
  stays: z
    .array(z.enum(['anonymous_passings', 'audit', 'backups', 'sent_outside']))
    .describe(
      'rows without a subject; who looked at whom; backups, on which it is repeated when they are restored; what had left before: messages, exports, items of a GA/T 1400 platform',
    ),
  isComplete: z
    .boolean()
    .describe('every box has confirmed, the hub has gone through all, and no hold keeps anything'),
  sha256: sha256.describe(
    'of everything else but the key and the signature, as JSON with sorted keys (RFC 8785)',
  ),
  publicKey: z.base64().describe('Ed25519 (RFC 8032), 32 bytes'),
  signature: z.base64().describe('of the same JSON'),
});
export type ErasureCertificate = z.infer<typeof erasureCertificate>;

/** Whether a certificate is one that this hub gave out, unchanged. */
export const erasureVerification = z.strictObject({ isOurs: z.boolean() });

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
    evidence: z.strictObject({
      pictures: z.number().int(),
      bytes: z.number().describe('on the disk'),
      maxBytes: z.number().describe('beyond it the oldest go'),
      broken: z.number().int().describe('pictures since the start that did not open'),
    }),
  }),
  boxes: z.array(boxHealth),
  deadLetters: z.number().int(),
  rulesEndingSoon: z.number().int().describe('watch rules in force that end within three days'),
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
  'plates_searched',
  'companions_viewed',
  'presence_viewed',
  'policy_changed',
  'policy_proposed',
  'policy_confirmed',
  'policy_rejected',
  'subject_forgotten',
  'roster_changed',
  'swap_asked',
  'swap_answered',
  'gap_acknowledged',
  'alerts_snoozed',
  'snooze_ended',
  'settings_changed',
  'sighting_corrected',
  'correction_undone',
  'subjects_merged',
  'subject_split',
  'channel_added',
  'channel_changed',
  'channel_removed',
  'channel_tested',
  'notice_settings_changed',
  'notice_retried',
  'push_subscribed',
  'push_unsubscribed',
  'evidence_link_opened',
  'person_changed',
  'password_changed',
  'password_reset',
  'sessions_ended',
  'second_factor_set',
  'second_factor_removed',
  'second_factor_reset',
  'recovery_codes_made',
  'recovery_code_used',
  'pairing_code_made',
  'device_paired',
  'device_revoked',
  'device_rules_changed',
  'retention_changed',
  'hold_placed',
  'hold_lifted',
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
    .describe(
      'absent when a log-in failed for a username that nobody has, a link was opened, or the hub or somebody on its machine acted',
    ),
  target: z.string().optional().describe('what it was done to: an alert, a person, a subject, a gate'),
  address: z.string().describe('network address of the client'),
  details: z.record(z.string(), z.unknown()).optional(),
  hash: sha256.describe('over the hash of the entry before and this entry'),
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

/** The newest place in the audit trail: noted elsewhere, it proves what was there by then. */
export const auditHead = z.strictObject({ id: z.number().int().nonnegative(), hash: sha256 });
export type AuditHead = z.infer<typeof auditHead>;

/** Policy as a manager edits it: the hub sets site and version. */
export const policyEdit = policy.omit({ schema: true, site: true, version: true });

/** What differs between two versions of a policy: a rule, the list of watched provinces, or a setting. */
const policyChange = z.strictObject({
  field: z.enum([
    'homeProvince',
    'mask',
    'firstTime',
    'outOfProvince',
    'watchedProvinces',
    'strangerRetentionDays',
  ]),
  before: z.unknown().optional().describe('absent when there was none'),
  after: z.unknown().optional().describe('absent when it was removed'),
});
export type PolicyChange = z.infer<typeof policyChange>;

const personNamed = z.strictObject({ id: uuid, displayName: z.string() });

/** A rule that one person wants switched on or widened, until another confirms it. */
export const policyProposal = z.strictObject({
  id: uuid,
  state: z.enum(['open', 'confirmed', 'rejected', 'withdrawn', 'expired']),
  changes: z.array(policyChange),
  proposedBy: personNamed,
  proposedAt: instant,
  expiresAt: instant.describe('nobody may confirm it from then on'),
  decidedBy: personNamed.optional(),
  decidedAt: instant.optional(),
});
export type PolicyProposal = z.infer<typeof policyProposal>;

export const policyHistory = z.strictObject({
  items: z.array(
    z.strictObject({
      version: z.number().int().positive(),
      at: instant,
      by: z.string().describe('display name'),
      confirmedBy: z.string().optional().describe('display name of the second person'),
      changes: z.array(policyChange),
    }),
  ),
  nextCursor: z.string().optional(),
});
export type PolicyHistory = z.infer<typeof policyHistory>;

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
