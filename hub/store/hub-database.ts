import type { Generated, Kysely, Transaction } from 'kysely';

/**
 * The tables of the hub. Instants are ISO 8601 UTC text, so that they sort by time in every dialect; JSON is text and
 * is parsed by the contract's schemas when it is read.
 */
export interface HubDatabase {
  sighting: SightingRow;
  sighting_flag: { sighting_id: string; flag: string; occurred_at: string };
  evidence_name: { evidence_id: string; sighting_id: string; sha256: string };
  evidence: {
    id: string;
    site: string;
    box: string;
    sha256: string;
    bytes: number;
    received_at: string;
  };
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
  policy: { site: string; version: number; body: string; changed_by: string; changed_at: string };
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
  /** What waits for a platform of GA/T 1400; `due_at` of what is settled is when it was. */
  viid_item: { sighting: string; kind: string; state: string; attempts: number; due_at: string };
  person: PersonRow;
  session: { token_hash: string; person: string; created_at: string; expires_at: string };
  audit: AuditRow;
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
  /** The sighting, JSON. */
  body: string;
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
}

export type HubKysely = Kysely<HubDatabase>;
export type HubTransaction = Transaction<HubDatabase>;
