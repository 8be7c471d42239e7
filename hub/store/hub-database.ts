import { type Generated, Kysely, type Transaction } from 'kysely';
import type { RawSql, SqliteFile } from './sqlite.ts';
import { UnitsOfWork } from './units-of-work.ts';

/**
 * The tables of the hub. Instants are ISO 8601 UTC text, so that they sort by time in every dialect; JSON is text and
 * is parsed by the contract's schemas when it is read.
 */
export interface HubDatabase {
  sighting: SightingRow;
  sighting_flag: { sighting_id: string; flag: string; occurred_at: string };
  /** `body` is a Correction, JSON. */
  correction: { number: Generated<number>; id: string; sighting_id: string; body: string };
  evidence_name: { evidence_id: string; sighting_id: string; sha256: string };
  evidence: {
    id: string;
    site: string;
    box: string;
    sha256: string;
    bytes: number;
    received_at: string;
  };
  /** Where the content of pictures lies, sealed; `file` is below the evidence folder, `bytes` are on the disk. */
  evidence_file: { sha256: string; file: string; bytes: number; received_at: string };
  /** Files that no row names any more and that are still to be taken off the disk. */
  evidence_removal: { file: string };
  alert: AlertRow;
  duty: { person: string; display_name: string; gate: string; since: string };
  shift: {
    id: Generated<number>;
    person: string;
    display_name: string;
    gate: string;
    since: string;
    until: string;
  };
  policy: {
    site: string;
    version: number;
    body: string;
    changed_by: string;
    changed_at: string;
    confirmed_by: string | null;
  };
  box: BoxRow;
  gate: { site: string; gate: string };
  dead_letter: {
    id: Generated<number>;
    received_at: string;
    topic: string;
    code: string;
    reason: string;
    bytes: number;
    excerpt: Uint8Array;
  };
  event_log: { id: Generated<number>; concerns: string; body: string };
  retained_message: { topic: string; payload: Uint8Array };
  erasure: {
    id: string;
    site: string;
    subject: string;
    reason: string;
    asked_by: string;
    asked_by_name: string;
    asked_at: string;
  };
  erasure_name: { site: string; subject: string; erasure: string };
  erasure_box: { erasure: string; box: string };
  erasure_reply: { erasure: string; box: string; subject: string; at: string; templates: number };
  subject_merge: { site: string; subject: string; into_subject: string; at: string };
  visit: VisitRow;
  /** Every plate that was ever agreed on, however often; `folded` as similar characters are taken for one. */
  plate: { text: string; folded: string; first_seen_at: string; last_seen_at: string; sightings: number };
  /** Two neighbouring characters of a folded plate. */
  plate_pair: { pair: string; plate: string };
  /** How many sightings began in this hour. */
  flow: {
    hour: string;
    site: string;
    gate: string;
    kind: string;
    direction: string;
    sightings: number;
    flagged: number;
  };
  /** Which rules the tables above were last derived by. */
  derivation: { version: number };
  /** Up to when the subject is forgotten, and how far that has come; `held` is JSON. */
  erasure_state: {
    erasure: string;
    until_at: string;
    carried_out_at: string | null;
    held: string | null;
  };
  erasure_removed: {
    id: Generated<number>;
    erasure: string;
    kind: string;
    at: string;
    count: number;
    digest: string;
  };
  erasure_picture: { erasure: string; sha256: string };
  /** `body` is what a run removed, JSON. */
  retention_run: { id: Generated<number>; at: string; body: string };
  legal_hold: LegalHoldRow;
  /** Views: what the holds that have not ended keep. */
  held_alert: { id: string };
  held_sighting: { id: string };
  held_picture: { sha256: string };
  roster_item: {
    id: string;
    site: string;
    kind: string;
    person: string | null;
    from_at: string;
    until_at: string | null;
    body: string;
  };
  duty_gap: {
    id: string;
    site: string;
    gate: string;
    from_at: string;
    until_at: string | null;
    body: string;
  };
  hand_over: { id: string; gate: string; at: string; body: string };
  snooze: { id: string; site: string; until_at: string; body: string };
  setting: {
    site: string;
    name: string;
    version: number;
    body: string;
    changed_by: string;
    changed_at: string;
  };
  /** What the channels must tell; `body` is a NoticeRequest, JSON. */
  notice_request: { id: Generated<number>; at: string; body: string };
  channel: {
    id: string;
    site: string;
    kind: string;
    body: string;
    sealed: Uint8Array | null;
    created_at: string;
  };
  push_subscription: {
    id: string;
    endpoint_hash: string;
    person: string;
    language: string;
    sealed: Uint8Array;
    created_at: string;
  };
  notice_cursor: { request: number };
  notice: NoticeRow;
  notice_attempt: {
    id: Generated<number>;
    notice: string;
    channel: string;
    /** The same for all notices that were sent as one message. */
    message: string;
    at: string;
    outcome: string;
    reason: string | null;
    detail: string | null;
    duration_ms: number;
    together: number;
  };
  /** What waits for a platform of GA/T 1400; `due_at` of what is settled is when it was. */
  viid_item: { sighting: string; kind: string; state: string; attempts: number; due_at: string };
  person: PersonRow;
  recovery_code: { person: string; code_hash: string };
  session: SessionRow;
  device: DeviceRow;
  /** `code_hash`: lower-case hex SHA-256. */
  pairing_code: {
    code_hash: string;
    site: string;
    gate: string;
    name: string;
    made_by: string;
    expires_at: string;
  };
  /** `body`: the proposal, JSON. */
  policy_proposal: { id: string; site: string; state: string; proposed_at: string; body: string };
  audit: AuditRow;
  /** The place that entries up to `id` led to, when they were removed after their time. */
  audit_checkpoint: { id: number; hash: string; at: string };
}

interface SightingRow {
  id: string;
  revision: number;
  site: string;
  box: string;
  gate: string;
  camera: string;
  kind: string;
  subject: string | null;
  plate: string | null;
  direction: string;
  occurred_at: string;
  received_at: string;
  /** The alert it opened or was folded into. */
  alert_id: string | null;
  /** As the box told it, JSON; null where nothing was ever corrected and `body` is that. */
  original: string | null;
  /** Which facts are a person's word, JSON. */
  corrected: string | null;
  /** The sighting as it holds, with what was corrected, JSON. */
  body: string;
}

/** A subject's entry, the exit after it, or both. */
export interface VisitRow {
  /** Of the sighting it begins with. */
  id: string;
  /** The least of the names the subject is known by. */
  subject: string;
  kind: string;
  /** Of the entry, or of the exit when no lens saw the entry. */
  started_at: string;
  entry_at: string | null;
  entry_gate: string | null;
  exit_at: string | null;
  exit_gate: string | null;
  /** 1 once the subject has left, or has come in again so that it must have left unseen; else 0. */
  is_over: number;
}

interface AlertRow {
  id: string;
  sighting_id: string;
  state: string;
  site: string;
  gate: string;
  subject: string | null;
  opened_at: string;
  decided_at: string;
  /** When the next stage is told unless somebody answers; null when nothing more is to come. */
  next_step_at: string | null;
  /** The alert, JSON. */
  body: string;
}

interface NoticeRow {
  id: string;
  request: number;
  site: string;
  channel: string;
  channel_kind: string;
  channel_name: string;
  /** The push subscription; empty for what reaches a group. */
  target: string;
  person: string | null;
  about_kind: string;
  about: string;
  gate: string;
  stage: string;
  state: string;
  reason: string | null;
  detail: string | null;
  /** Attempts since it was made, or tried again by hand. */
  tried: number;
  next_at: string;
  expires_at: string;
  created_at: string;
}

interface LegalHoldRow {
  id: string;
  site: string;
  /** `alert` or `sighting`. */
  kind: string;
  about: string;
  reason: string;
  placed_by: string;
  placed_by_name: string;
  placed_at: string;
  until_at: string | null;
  ended_at: string | null;
  ended_by: string | null;
  ended_by_name: string | null;
  end_reason: string | null;
}

interface BoxRow {
  site: string;
  box: string;
  /** Lower-case hex SHA-256; null for a box that was only heard of through an external broker. */
  token_hash: string | null;
  admitted_at: string | null;
  status: string | null;
  telemetry: string | null;
  telemetry_received_at: string | null;
  clock_skew_seconds: number | null;
}

interface PersonRow {
  id: string;
  username: string;
  display_name: string;
  role: string;
  /** argon2id, PHC string. */
  password_hash: string;
  created_at: string;
  disabled_at: string | null;
  /** JSON list of gates; null for all. */
  gates: string | null;
  /** 0 or 1. */
  must_change_password: Generated<number>;
  ends_at: string | null;
  /** Sealed by the hub's key; there but without `totp_since` while it waits for its first code. */
  totp_secret: Uint8Array | null;
  totp_since: string | null;
  /** The 30-second step of the newest code that was used. */
  totp_last_step: number | null;
}

interface SessionRow {
  token_hash: string;
  person: string;
  created_at: string;
  expires_at: string;
  last_seen_at: string | null;
  address: string | null;
  /** Browser and system, as far as they told. */
  browser: string | null;
  /** The paired tablet it was begun on. */
  device: string | null;
}

interface DeviceRow {
  id: string;
  site: string;
  /** Lower-case hex SHA-256. */
  token_hash: string;
  gate: string;
  name: string;
  paired_by: string;
  paired_at: string;
  last_seen_at: string;
}

interface AuditRow {
  id: Generated<number>;
  at: string;
  action: string;
  actor: string | null;
  actor_name: string | null;
  target: string | null;
  address: string;
  /** JSON. */
  details: string | null;
  /** Lower-case hex SHA-256 over the hash before and this row. */
  hash: string;
}

/** The database of the hub, with the two things that Kysely has not: commits that are shared, and SQL without its cost. */
export class HubKysely extends Kysely<HubDatabase> {
  readonly units: UnitsOfWork<HubDatabase>;
  /** For what runs thousands of times a second; only inside one's own unit of work, or through `read`. */
  readonly raw: RawSql;

  constructor({ dialect, raw, commits }: SqliteFile) {
    super({ dialect });
    this.units = new UnitsOfWork<HubDatabase>(this, commits);
    this.raw = raw;
  }

  /** Reads without a builder, and never what another unit of work has not committed. */
  read<T>(work: (raw: RawSql) => T): Promise<T> {
    return this.connection().execute(async () => work(this.raw));
  }
}
export type HubTransaction = Transaction<HubDatabase>;
